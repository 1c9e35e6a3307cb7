package dev.pointsman.wire;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Part;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the chat format has no way to say. */
final class ChatObstacles {

    private static final Set<String> AUDIO =
            Set.of("audio/wav", "audio/x-wav", "audio/wave", "audio/mpeg", "audio/mp3");

    private ChatObstacles() {}

    static Optional<String> of(Conversation conversation) {
        for (Message message : conversation.messages()) {
            for (Part part : message.parts()) {
                Optional<String> found = of(part, message.role());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> of(Part part, Role role) {
        return switch (part) {
            case Part.Picture picture ->
                    role == Role.USER
                            ? picture(picture.image())
                            : Optional.of("no images " + place(role));
            case Part.File file when isText(file) -> Optional.empty();
            case Part.File file ->
                    role == Role.USER ? file(file) : Optional.of("no files " + place(role));
            case Part.ToolResult result -> inResult(result);
            case Part.Text text -> Optional.empty();
            case Part.ToolCall call -> Optional.empty();
            case Part.Reasoning reasoning -> Optional.empty();
            case Part.Refusal refusal -> Optional.empty();
        };
    }

    private static String place(Role role) {
        return role == Role.ASSISTANT ? "in answers" : "in instructions";
    }

    private static Optional<String> picture(Image image) {
        return image instanceof Image.Url url && url.url().regionMatches(true, 0, "gs:", 0, 3)
                ? Optional.of("no images at gs: addresses")
                : Optional.empty();
    }

    /** Text is sent as such, whatever file it came in. */
    static boolean isText(Part.File file) {
        return file.source() instanceof Part.File.Data && file.mediaType().startsWith("text/");
    }

    /** Whether it is a sound that the format has a name for. */
    static boolean isAudio(Part.File file) {
        return AUDIO.contains(file.mediaType().toLowerCase(Locale.ROOT));
    }

    private static Optional<String> file(Part.File file) {
        if (file.source() instanceof Part.File.Url) {
            return Optional.of("no files by address");
        }
        String type = file.mediaType().toLowerCase(Locale.ROOT);
        if (type.startsWith("audio/") && !isAudio(file)) {
            return Optional.of("no audio but wav and mp3");
        }
        return type.startsWith("video/") ? Optional.of("no video") : Optional.empty();
    }

    private static Optional<String> inResult(Part.ToolResult result) {
        for (Part part : result.content()) {
            if (part instanceof Part.Picture) {
                return Optional.of("no images in tool results");
            }
            if (part instanceof Part.File file && !isText(file)) {
                return Optional.of("no files in tool results");
            }
        }
        return Optional.empty();
    }
}
