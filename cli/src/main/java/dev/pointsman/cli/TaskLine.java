package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A task as a line of a file: {@code id} and {@code prompt}, and optionally {@code system}, {@code
 * messages} (the turns before the prompt; without a prompt, the last of them is the user's), {@code
 * images} (paths, URLs, data URLs), {@code category}, {@code tags} and {@code max_tokens}. Other
 * fields are passed over.
 *
 * @param line its number in the file, from 1
 * @param id as the file says it
 */
record TaskLine(long line, String id, Task task) {

    private static final Set<String> ROLES = Set.of("user", "assistant");

    /**
     * @param folder what relative image paths are relative to
     * @param defaultCaller who asks, for rules and reports
     */
    static TaskLine parse(
            LineReader.Line line, Path folder, String defaultCaller, ImageReader images)
            throws BadLineException {
        JsonNode json = JsonLine.object(line);
        String id = id(json);
        try {
            Task task = conversation(json).caller(defaultCaller);
            if (json.hasNonNull("system")) {
                task = task.system(JsonLine.text(json, "system"));
            }
            if (json.hasNonNull("category")) {
                task = task.category(JsonLine.text(json, "category"));
            }
            if (json.hasNonNull("max_tokens")) {
                task = task.maxTokens(maxTokens(json.path("max_tokens")));
            }
            for (Map.Entry<String, JsonNode> tag : object(json, "tags").properties()) {
                if (!tag.getValue().isValueNode()) {
                    throw new BadLineException("tags." + tag.getKey() + " must be a text");
                }
                task = task.tag(tag.getKey(), tag.getValue().asText());
            }
            for (JsonNode image : array(json, "images")) {
                if (!image.isTextual()) {
                    throw new BadLineException("images must be texts: paths or URLs");
                }
                task = task.image(images.read(image.asText(), folder));
            }
            return new TaskLine(line.number(), id, task);
        } catch (RuntimeException e) {
            throw new BadLineException(String.valueOf(e.getMessage()));
        }
    }

    /** How an image is read by its name. */
    @FunctionalInterface
    interface ImageReader {
        Image read(String name, Path folder);
    }

    private static String id(JsonNode json) throws BadLineException {
        JsonNode id = json.path("id");
        if (!(id.isTextual() || id.isIntegralNumber()) || id.asText().isBlank()) {
            throw new BadLineException("\"id\" must be a text or a whole number");
        }
        return id.asText();
    }

    private static Task conversation(JsonNode json) throws BadLineException {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : array(json, "messages")) {
            String role = message.path("role").asText();
            if (!ROLES.contains(role) || !message.path("content").isTextual()) {
                throw new BadLineException(
                        "a message has \"role\", user or assistant, and \"content\", a text");
            }
            String content = message.path("content").asText();
            messages.add(role.equals("user") ? Message.user(content) : Message.assistant(content));
        }
        if (json.hasNonNull("prompt")) {
            String prompt = JsonLine.text(json, "prompt");
            if (prompt.isBlank()) {
                throw new BadLineException("\"prompt\" is blank");
            }
            boolean said = !messages.isEmpty() && messages.getLast().equals(Message.user(prompt));
            if (!said) {
                messages.add(Message.user(prompt));
            }
        } else if (messages.isEmpty()) {
            throw new BadLineException("there is neither \"prompt\" nor \"messages\"");
        }
        return Task.of(messages);
    }

    private static int maxTokens(JsonNode json) throws BadLineException {
        if (!json.isInt()) {
            throw new BadLineException("\"max_tokens\" must be a whole number");
        }
        return json.asInt();
    }

    private static JsonNode array(JsonNode json, String key) throws BadLineException {
        return typed(json, key, !json.hasNonNull(key) || json.path(key).isArray(), "a list");
    }

    private static JsonNode object(JsonNode json, String key) throws BadLineException {
        return typed(json, key, !json.hasNonNull(key) || json.path(key).isObject(), "an object");
    }

    private static JsonNode typed(JsonNode json, String key, boolean fits, String expected)
            throws BadLineException {
        if (!fits) {
            throw new BadLineException("\"" + key + "\" must be " + expected);
        }
        return json.path(key);
    }
}
