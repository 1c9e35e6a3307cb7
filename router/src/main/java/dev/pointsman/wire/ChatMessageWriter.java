package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Message;
import dev.pointsman.core.Part;
import dev.pointsman.core.Part.File;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * Writes messages in the chat format: results of tools each in a message of its own, before what
 * else the user said. Writes one request.
 */
final class ChatMessageWriter {

    private static final int WHERE_ERRORS_ARE_SAID = 32;
    private static final Base64.Decoder BASE64 = Base64.getMimeDecoder();

    private final ArrayNode out;
    private final ChatDialect dialect;
    private final String instructing;
    private final Function<ToolName, String> names;
    private final Set<String> dropped;

    /**
     * @param instructing the role of instructions
     */
    ChatMessageWriter(
            ArrayNode out,
            ChatDialect dialect,
            String instructing,
            Function<ToolName, String> names,
            Set<String> dropped) {
        this.out = out;
        this.dialect = dialect;
        this.instructing = instructing;
        this.names = names;
        this.dropped = dropped;
    }

    void write(Message message) {
        switch (message.role()) {
            case SYSTEM, DEVELOPER -> {
                String text = text(message.parts());
                if (!text.isEmpty()) {
                    out.addObject().put("role", instructing).put("content", text);
                }
            }
            case USER -> user(message.parts());
            case ASSISTANT -> assistant(message.parts());
        }
    }

    private void user(List<Part> parts) {
        boolean results = false;
        boolean others = false;
        boolean media = false;
        for (Part part : parts) {
            if (part instanceof Part.ToolResult result) {
                result(result);
                results = true;
            } else {
                others = true;
                media |= part instanceof Part.Picture || isMedia(part);
            }
        }
        if (!others) {
            return;
        }
        String text = media ? "" : text(parts);
        if (results && !media && text.isEmpty()) {
            return;
        }
        if (results && dialect.mistral()) {
            out.addObject().put("role", "assistant").put("content", "OK.");
        }
        ObjectNode json = out.addObject().put("role", "user");
        if (media) {
            ArrayNode content = json.putArray("content");
            parts.forEach(part -> content(part, content));
        } else {
            json.put("content", text);
        }
    }

    private static boolean isMedia(Part part) {
        return part instanceof Part.File file && !ChatObstacles.isText(file);
    }

    private void content(Part part, ArrayNode content) {
        switch (part) {
            case Part.Picture picture ->
                    content.addObject()
                            .put("type", "image_url")
                            .putObject("image_url")
                            .put("url", OpenAi.imageUrl(picture.image()));
            case File file when isMedia(file) -> file(file, content);
            default -> {
                String text = text(part);
                if (!text.isEmpty()) {
                    content.addObject().put("type", "text").put("text", text);
                }
            }
        }
    }

    private static void file(File file, ArrayNode content) {
        if (!(file.source() instanceof File.Data data)) {
            return;
        }
        if (ChatObstacles.isAudio(file)) {
            String format =
                    file.mediaType().toLowerCase(Locale.ROOT).contains("wav") ? "wav" : "mp3";
            content.addObject()
                    .put("type", "input_audio")
                    .putObject("input_audio")
                    .put("data", data.base64())
                    .put("format", format);
            return;
        }
        String type = file.mediaType().isEmpty() ? "application/octet-stream" : file.mediaType();
        content.addObject()
                .put("type", "file")
                .putObject("file")
                .put(
                        "filename",
                        file.name().orElse(type.endsWith("/pdf") ? "document.pdf" : "document"))
                .put("file_data", "data:" + type + ";base64," + data.base64());
    }

    private void result(Part.ToolResult result) {
        String text = text(result.content());
        if (result.error() && !saysError(text)) {
            text = "Error: " + text;
        }
        out.addObject()
                .put("role", "tool")
                .put("tool_call_id", dialect.callId(result.callId()))
                .put("content", text);
    }

    private static boolean saysError(String text) {
        return text.substring(0, Math.min(text.length(), WHERE_ERRORS_ARE_SAID))
                .toLowerCase(Locale.ROOT)
                .contains("error");
    }

    private void assistant(List<Part> parts) {
        String text = text(parts);
        ArrayNode calls = Json.array();
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                call(call, calls.addObject());
            }
        }
        String reasoning = reasoning(parts, !calls.isEmpty());
        if (text.isEmpty() && calls.isEmpty()) {
            return;
        }
        ObjectNode json = out.addObject().put("role", "assistant");
        if (text.isEmpty()) {
            json.putNull("content");
        } else {
            json.put("content", text);
        }
        if (!reasoning.isEmpty()) {
            json.put("reasoning_content", reasoning);
        }
        if (!calls.isEmpty()) {
            json.set("tool_calls", calls);
        }
    }

    /** What of the reasoning goes back. */
    private String reasoning(List<Part> parts, boolean calls) {
        StringBuilder kept = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Reasoning thought) {
                if (calls && dialect.wantsReasoning() && thought.seal().isEmpty()) {
                    kept.append(thought.text());
                } else {
                    dropped.add("reasoning of another provider");
                }
            }
        }
        return kept.toString();
    }

    private void call(Part.ToolCall call, ObjectNode json) {
        json.put("id", dialect.callId(call.id()))
                .put("type", "function")
                .putObject("function")
                .put("name", names.apply(call.tool()))
                .put("arguments", arguments(call.arguments()));
        call.seal().ifPresent(seal -> seal(seal, json));
    }

    private void seal(Seal seal, ObjectNode json) {
        if (dialect.gemini() && seal.maker().equals(Format.GEMINI.label())) {
            json.putObject("extra_content")
                    .putObject("google")
                    .put("thought_signature", seal.value());
        } else {
            dropped.add("reasoning of another provider");
        }
    }

    /** Many servers read them, and take nothing but an object. */
    private static String arguments(String text) {
        String bare = text.strip();
        if (bare.isEmpty()) {
            return "{}";
        }
        return bare.startsWith("{") && bare.endsWith("}")
                ? text
                : Json.text(Json.object().put("input", text));
    }

    /** All that can be said as text, pieces joined by line breaks. */
    private static String text(List<Part> parts) {
        if (parts.size() == 1) {
            return text(parts.getFirst());
        }
        StringBuilder joined = new StringBuilder();
        for (Part part : parts) {
            String text = text(part);
            if (!text.isEmpty()) {
                joined.append(joined.isEmpty() ? "" : "\n").append(text);
            }
        }
        return joined.toString();
    }

    private static String text(Part part) {
        return switch (part) {
            case Part.Text said -> said.text();
            case Part.Refusal said -> said.text();
            case File file when ChatObstacles.isText(file) -> text(file);
            default -> "";
        };
    }

    private static String text(File file) {
        String text = file.source() instanceof File.Data data ? decoded(data.base64()) : "";
        return file.name().map(name -> name + ":\n" + text).orElse(text);
    }

    private static String decoded(String base64) {
        try {
            return new String(BASE64.decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
