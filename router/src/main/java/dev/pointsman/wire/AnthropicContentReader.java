package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the content of messages, block by block. What only this format has a block for, a text
 * document or a search result, becomes a text in tags that carry its title and source.
 */
final class AnthropicContentReader {

    private static final String RESULT_CONTENT = "messages.content(tool_result).content";

    private static final Set<String> TEXT = Set.of("type", "text");
    private static final Set<String> IMAGE = Set.of("type", "source");
    private static final Set<String> DOCUMENT =
            Set.of("type", "source", "title", "context", "citations");
    private static final Set<String> SEARCH_RESULT =
            Set.of("type", "source", "title", "content", "citations");
    private static final Set<String> THINKING = Set.of("type", "thinking", "signature");
    private static final Set<String> REDACTED = Set.of("type", "data");
    private static final Set<String> TOOL_USE = Set.of("type", "id", "name", "input", "caller");
    private static final Set<String> TOOL_RESULT =
            Set.of("type", "tool_use_id", "content", "is_error");
    private static final Set<String> TOOL_REFERENCE = Set.of("type", "tool_name");
    private static final Set<String> COMPACTION = Set.of("type", "content");
    private static final Set<String> BASE64 = Set.of("type", "media_type", "data");
    private static final Set<String> URL = Set.of("type", "url");
    private static final Set<String> CONTENT = Set.of("type", "content");

    private final Consumer<String> left;

    AnthropicContentReader(Consumer<String> left) {
        this.left = left;
    }

    /**
     * @param path of the content
     * @return its parts; none if it is empty
     */
    List<Part> read(JsonNode content, String path) throws RequestException {
        if (content.isTextual()) {
            String text = content.textValue();
            return text.isEmpty() ? List.of() : List.of(new Part.Text(text));
        }
        if (content.isMissingNode() || content.isNull()) {
            return List.of();
        }
        if (!content.isArray()) {
            throw new RequestException(path + " must be a text or a list of blocks");
        }
        List<Part> parts = new ArrayList<>(content.size());
        for (JsonNode block : content) {
            block(block, path, parts);
        }
        return parts;
    }

    private void block(JsonNode block, String path, List<Part> parts) throws RequestException {
        if (!block.isObject()) {
            throw new RequestException(path + " must be a list of objects");
        }
        switch (block.path("type").asText()) {
            case "text" -> text(block, path, parts);
            case "image" -> image(block, path, parts);
            case "document" -> document(block, path, parts);
            case "search_result" -> searchResult(block, path, parts);
            case "thinking" -> thinking(block, path, parts);
            case "redacted_thinking" -> redacted(block, path, parts);
            case "tool_use" -> toolUse(block, path, parts);
            case "tool_result" -> toolResult(block, path, parts);
            case "tool_reference" -> toolReference(block, path, parts);
            case "compaction" -> compaction(block, path, parts);
            case "tool_addition" -> toolAddition(block, path);
            case "" -> throw new RequestException(path + " has a block without a type");
            default -> left.accept(Fields.element(path, block.path("type").asText()));
        }
    }

    private void leave(JsonNode object, Set<String> known, String path, String kind) {
        Fields.leave(object, Fields.element(path, kind), known, left);
    }

    private void text(JsonNode block, String path, List<Part> parts) {
        parts.add(new Part.Text(block.path("text").asText()));
        leave(block, TEXT, path, "text");
    }

    private void image(JsonNode block, String path, List<Part> parts) throws RequestException {
        leave(block, IMAGE, path, "image");
        JsonNode source = block.path("source");
        String kind = source.path("type").asText();
        switch (kind) {
            case "base64" -> {
                leave(source, BASE64, path + "(image).source", kind);
                parts.add(
                        new Part.Picture(
                                new Image.Data(
                                        required(source, "media_type", path),
                                        required(source, "data", path))));
            }
            case "url" -> {
                leave(source, URL, path + "(image).source", kind);
                parts.add(new Part.Picture(imageAt(required(source, "url", path), path)));
            }
            default -> left.accept(Fields.element(path + "(image).source", kind));
        }
    }

    private static Image imageAt(String url, String path) throws RequestException {
        try {
            return Image.ofUrl(url);
        } catch (IllegalArgumentException e) {
            throw new RequestException(path + "(image).source.url must be the address of an image");
        }
    }

    private void document(JsonNode block, String path, List<Part> parts) throws RequestException {
        leave(block, DOCUMENT, path, "document");
        cited(block, path + "(document).citations");
        JsonNode source = block.path("source");
        String kind = source.path("type").asText();
        String at = path + "(document).source";
        switch (kind) {
            case "base64" -> {
                leave(source, BASE64, at, kind);
                file(
                        block,
                        source.path("media_type").asText("application/pdf"),
                        new Part.File.Data(required(source, "data", path)),
                        parts);
            }
            case "url" -> {
                leave(source, URL, at, kind);
                file(
                        block,
                        "application/pdf",
                        new Part.File.Url(required(source, "url", path)),
                        parts);
            }
            case "text" -> {
                leave(source, BASE64, at, kind);
                parts.add(
                        new Part.Text(
                                opening(block) + source.path("data").asText() + "\n</document>"));
            }
            case "content" -> {
                leave(source, CONTENT, at, kind);
                within(
                        opening(block),
                        read(source.path("content"), at + "(content).content"),
                        "\n</document>",
                        parts);
            }
            default -> left.accept(Fields.element(at, kind));
        }
    }

    /** The context of a document, which other formats have no place for, goes on around it. */
    private static void file(
            JsonNode block, String mediaType, Part.File.Source source, List<Part> parts) {
        Part file = new Part.File(mediaType, source, optional(block, "title"));
        if (optional(block, "context").isEmpty()) {
            parts.add(file);
        } else {
            within(opening(block), List.of(file), "\n</document>", parts);
        }
    }

    private static String opening(JsonNode block) {
        StringBuilder tag = new StringBuilder("<document");
        optional(block, "title").ifPresent(title -> attribute(tag, "title", title));
        optional(block, "context").ifPresent(context -> attribute(tag, "context", context));
        return tag.append(">\n").toString();
    }

    private static void attribute(StringBuilder tag, String name, String value) {
        tag.append(' ').append(name).append("=\"").append(value.replace('"', '\'')).append('"');
    }

    /** Joins the tags with the texts beside them, so that they are parts of their own only else. */
    private static void within(String open, List<Part> inner, String close, List<Part> parts) {
        StringBuilder text = new StringBuilder(open);
        for (Part part : inner) {
            if (part instanceof Part.Text said) {
                text.append(said.text());
            } else {
                parts.add(new Part.Text(text.toString()));
                parts.add(part);
                text.setLength(0);
            }
        }
        parts.add(new Part.Text(text.append(close).toString()));
    }

    private void searchResult(JsonNode block, String path, List<Part> parts)
            throws RequestException {
        leave(block, SEARCH_RESULT, path, "search_result");
        cited(block, path + "(search_result).citations");
        StringBuilder tag = new StringBuilder("<search_result");
        optional(block, "source").ifPresent(source -> attribute(tag, "source", source));
        optional(block, "title").ifPresent(title -> attribute(tag, "title", title));
        within(
                tag.append(">\n").toString(),
                read(block.path("content"), path + "(search_result).content"),
                "\n</search_result>",
                parts);
    }

    private void cited(JsonNode block, String path) {
        if (block.path("citations").path("enabled").asBoolean()) {
            left.accept(path);
        }
    }

    private void thinking(JsonNode block, String path, List<Part> parts) {
        leave(block, THINKING, path, "thinking");
        String signature = block.path("signature").asText();
        parts.add(
                new Part.Reasoning(
                        block.path("thinking").asText(),
                        signature.isEmpty()
                                ? Optional.empty()
                                : Optional.of(seal(signature, block)).filter(Seals::isSeal)));
    }

    private void redacted(JsonNode block, String path, List<Part> parts) {
        leave(block, REDACTED, path, "redacted_thinking");
        parts.add(new Part.Reasoning("", Optional.of(seal(block.path("data").asText(), block))));
    }

    /** That of another maker, which travelled in the place of a signature, or this block. */
    private static Seal seal(String signature, JsonNode block) {
        return Seals.unwrapped(signature)
                .orElseGet(() -> new Seal(Format.ANTHROPIC_MESSAGES.label(), Json.text(block)));
    }

    private void toolUse(JsonNode block, String path, List<Part> parts) throws RequestException {
        leave(block, TOOL_USE, path, "tool_use");
        String caller = block.path("caller").path("type").asText("direct");
        if (!caller.equals("direct")) {
            left.accept(path + "(tool_use).caller");
        }
        Seals.Id id = Seals.id(required(block, "id", path));
        JsonNode input = block.path("input");
        parts.add(
                new Part.ToolCall(
                        id.id(),
                        ToolName.of(required(block, "name", path)),
                        input.isMissingNode() || input.isNull() ? "{}" : Json.text(input),
                        id.seal()));
    }

    private void toolResult(JsonNode block, String path, List<Part> parts) throws RequestException {
        leave(block, TOOL_RESULT, path, "tool_result");
        parts.add(
                new Part.ToolResult(
                        Seals.id(required(block, "tool_use_id", path)).id(),
                        read(block.path("content"), RESULT_CONTENT),
                        block.path("is_error").asBoolean()));
    }

    /** The tool itself is offered from the start. */
    private void toolReference(JsonNode block, String path, List<Part> parts) {
        leave(block, TOOL_REFERENCE, path, "tool_reference");
        parts.add(new Part.Text("Tool: " + block.path("tool_name").asText()));
    }

    private void compaction(JsonNode block, String path, List<Part> parts) {
        if (optional(block, "content").isEmpty()) {
            left.accept(path + "(compaction)");
            return;
        }
        leave(block, COMPACTION, path, "compaction");
        parts.add(new Part.Text("<summary>\n" + block.path("content").asText() + "\n</summary>"));
    }

    private void toolAddition(JsonNode block, String path) {
        String kind = block.path("tool").path("type").asText();
        left.accept(
                kind.equals("tool_definition")
                        ? path + "(tool_addition).tool(tool_definition)"
                        : path + "(tool_addition)");
    }

    private static Optional<String> optional(JsonNode object, String name) {
        String text = object.path(name).asText("");
        return text.isEmpty() || object.path(name).isNull() ? Optional.empty() : Optional.of(text);
    }

    private static String required(JsonNode object, String name, String path)
            throws RequestException {
        JsonNode value = object.path(name);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new RequestException(path + " has a block whose " + name + " must be a text");
        }
        return value.textValue();
    }
}
