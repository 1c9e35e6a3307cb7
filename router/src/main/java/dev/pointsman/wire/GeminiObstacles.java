package dev.pointsman.wire;

import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Part;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why messages cannot be said to a Gemini model. Has state; looks through one conversation. */
final class GeminiObstacles {

    private final GeminiGeneration generation;
    private final Set<String> calls = new HashSet<>();

    private GeminiObstacles(Model model) {
        this.generation = GeminiGeneration.of(model);
    }

    static Optional<String> of(List<Message> messages, Model model) {
        GeminiObstacles obstacles = new GeminiObstacles(model);
        for (Message message : messages) {
            for (Part part : message.parts()) {
                Optional<String> obstacle = obstacles.of(message.role(), part);
                if (obstacle.isPresent()) {
                    return obstacle;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> of(Role role, Part part) {
        return switch (part) {
            case Part.Picture picture ->
                    isInstruction(role)
                            ? Optional.of("no images in instructions")
                            : of(picture.image());
            case Part.File file ->
                    isInstruction(role) ? Optional.of("no files in instructions") : of(file);
            case Part.ToolCall call -> {
                calls.add(call.id());
                yield Optional.empty();
            }
            case Part.ToolResult result -> of(result);
            case Part.Text text -> Optional.empty();
            case Part.Reasoning reasoning -> Optional.empty();
            case Part.Refusal refusal -> Optional.empty();
        };
    }

    private static boolean isInstruction(Role role) {
        return role == Role.SYSTEM || role == Role.DEVELOPER;
    }

    private Optional<String> of(Image image) {
        return switch (image) {
            case Image.Data data ->
                    data.mediaType().equalsIgnoreCase("image/gif")
                            ? Optional.of("no GIF images")
                            : Optional.empty();
            case Image.Url url -> address("no images by address");
        };
    }

    private Optional<String> of(Part.File file) {
        return switch (file.source()) {
            case Part.File.Data data ->
                    GeminiContentsWriter.mediaType(file).isEmpty()
                            ? Optional.of("no files of unknown type")
                            : Optional.empty();
            case Part.File.Url url -> address("no files by address");
        };
    }

    private Optional<String> address(String obstacle) {
        return generation.readsAddresses() ? Optional.empty() : Optional.of(obstacle);
    }

    private Optional<String> of(Part.ToolResult result) {
        if (!calls.contains(result.callId())) {
            return Optional.of("no result of a tool without its call");
        }
        for (Part part : result.content()) {
            Optional<String> obstacle =
                    switch (part) {
                        case Part.Picture picture ->
                                generation.isThird()
                                        ? of(picture.image())
                                        : Optional.of("no images in tool results");
                        case Part.File file ->
                                generation.isThird()
                                        ? of(file)
                                        : Optional.of("no files in tool results");
                        default -> Optional.empty();
                    };
            if (obstacle.isPresent()) {
                return obstacle;
            }
        }
        return Optional.empty();
    }
}
