package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Puts the items of a request together to messages: what the model said in a row is one message,
 * and so are the results that came in a row. Has state.
 */
final class ResponsesInputReader {

    private static final Set<String> MESSAGE = Set.of("type", "role", "content");
    private static final Set<String> FUNCTION_CALL =
            Set.of("type", "call_id", "name", "namespace", "arguments");
    private static final Set<String> CUSTOM_CALL =
            Set.of("type", "call_id", "name", "namespace", "input");
    private static final Set<String> OUTPUT =
            Set.of("type", "call_id", "output", "name", "namespace");

    private static final Set<String> TOOLS = Set.of("type", "tools");

    private final ResponsesToolsReader tools;
    private final ResponsesContentReader content;
    private final Consumer<String> left;
    private final List<Message> messages = new ArrayList<>();
    private final List<Part> row = new ArrayList<>();
    private @Nullable Role speaker;
    private final ObjectNode settings = Json.object();

    ResponsesInputReader(ResponsesToolsReader tools, Consumer<String> left) {
        this.tools = tools;
        this.left = left;
        this.content = new ResponsesContentReader(left);
    }

    boolean isEmpty() {
        return messages.isEmpty() && row.isEmpty();
    }

    List<Message> messages() {
        endRow();
        return messages;
    }

    /** What items changed of the request's own {@code text} and {@code reasoning}. */
    JsonNode settings() {
        return settings;
    }

    void instructions(JsonNode instructions) throws RequestException {
        if (instructions.isArray()) {
            read(instructions);
            endRow();
        } else if (!Fields.isAbsent(instructions)) {
            if (!instructions.isTextual()) {
                throw new RequestException("instructions must be a string");
            }
            messages.add(
                    new Message(Role.SYSTEM, List.of(new Part.Text(instructions.textValue()))));
        }
    }

    void read(JsonNode input) throws RequestException {
        if (input.isTextual()) {
            messages.add(Message.user(input.textValue()));
            return;
        }
        if (!input.isArray() && !Fields.isAbsent(input)) {
            throw new RequestException("input must be a string or an array");
        }
        for (JsonNode item : input) {
            if (!item.isObject()) {
                throw new RequestException("input must hold objects");
            }
            item(item);
        }
    }

    private void item(JsonNode item) throws RequestException {
        String type = item.path("type").asText(item.has("role") ? "message" : "");
        switch (type) {
            case "" -> throw new RequestException("an item of input has no type");
            case "message" -> message(item);
            case "reasoning" -> reasoning(item);
            case "function_call" -> functionCall(item);
            case "custom_tool_call" -> customCall(item);
            case "function_call_output", "custom_tool_call_output" -> output(item, type);
            case "additional_tools", "tool_search_output" -> moreTools(item, "input(" + type + ")");
            case "configuration_update" -> configure(item);
            default -> left.accept("input(" + type + ")");
        }
    }

    private void message(JsonNode item) throws RequestException {
        Fields.leave(item, "input(message)", MESSAGE, left);
        String role = item.path("role").asText("");
        List<Part> parts = content.read(item.path("content"), "input(message).content");
        switch (role) {
            case "assistant" -> {
                for (Part part : parts) {
                    add(Role.ASSISTANT, part);
                }
            }
            case "user" -> said(Role.USER, parts);
            case "system" -> said(Role.SYSTEM, parts);
            case "developer" -> said(Role.DEVELOPER, parts);
            default ->
                    throw new RequestException(
                            "the role of a message must be user, assistant, system or developer");
        }
    }

    private void said(Role role, List<Part> parts) {
        endRow();
        if (!parts.isEmpty()) {
            messages.add(new Message(role, parts));
        }
    }

    private void add(Role role, Part part) {
        if (speaker != role) {
            endRow();
            speaker = role;
        }
        row.add(part);
    }

    private void endRow() {
        if (speaker != null && !row.isEmpty()) {
            messages.add(new Message(speaker, row));
        }
        row.clear();
        speaker = null;
    }

    private void reasoning(JsonNode item) {
        String shown = shown(item);
        String sealed = item.path("encrypted_content").asText("");
        if (sealed.isEmpty() && shown.isEmpty()) {
            left.accept("input(reasoning)");
            return;
        }
        Optional<Seal> seal =
                sealed.isEmpty()
                        ? Optional.empty()
                        : Seals.unwrapped(sealed).or(() -> Optional.of(seal(item)));
        add(Role.ASSISTANT, new Part.Reasoning(shown, seal.filter(Seals::isSeal)));
    }

    /** The item as its maker wants it back. */
    static Seal seal(JsonNode item) {
        JsonNode kept = item;
        if (item.has("status") && item instanceof ObjectNode object) {
            kept = object.deepCopy().without("status");
        }
        return new Seal(Format.OPENAI_RESPONSES.label(), Json.text(kept));
    }

    /** The reasoning itself where a model shows it, or else its summary. */
    static String shown(JsonNode item) {
        String full = joined(item.path("content"));
        return full.isEmpty() ? joined(item.path("summary")) : full;
    }

    private static String joined(JsonNode texts) {
        if (texts.size() == 1) {
            return texts.path(0).path("text").asText("");
        }
        StringBuilder joined = new StringBuilder();
        for (JsonNode text : texts) {
            joined.append(joined.isEmpty() ? "" : "\n\n").append(text.path("text").asText(""));
        }
        return joined.toString();
    }

    private void functionCall(JsonNode item) throws RequestException {
        String path = "input(function_call)";
        Fields.leave(item, path, FUNCTION_CALL, left);
        String arguments = ResponsesFields.text(item, "arguments", path).orElse("{}");
        call(item, path, false, arguments);
    }

    private void customCall(JsonNode item) throws RequestException {
        String path = "input(custom_tool_call)";
        Fields.leave(item, path, CUSTOM_CALL, left);
        String text = ResponsesFields.text(item, "input", path).orElse("");
        call(item, path, true, ResponsesFreeform.arguments(text));
    }

    private void call(JsonNode item, String path, boolean freeform, String arguments)
            throws RequestException {
        Seals.Id id = Seals.id(ResponsesFields.required(item, "call_id", path));
        ToolName tool =
                new ToolName(
                        ResponsesFields.required(item, "name", path),
                        ResponsesFields.text(item, "namespace", path),
                        freeform);
        add(Role.ASSISTANT, new Part.ToolCall(id.id(), tool, arguments, id.seal()));
    }

    private void output(JsonNode item, String type) throws RequestException {
        String path = "input(" + type + ")";
        Fields.leave(item, path, OUTPUT, left);
        Optional<String> id = ResponsesFields.text(item, "call_id", path);
        JsonNode given = item.path("output");
        List<Part> parts =
                Fields.isAbsent(given) ? List.of() : content.read(given, path + ".output");
        if (id.isEmpty()) {
            left.accept(path);
        } else {
            add(Role.USER, new Part.ToolResult(Seals.id(id.get()).id(), parts, false));
        }
    }

    private void moreTools(JsonNode item, String path) throws RequestException {
        Fields.leave(item, path, TOOLS, left);
        tools.read(item.path("tools"), path + ".tools");
    }

    private void configure(JsonNode item) {
        Fields.leave(
                item, "input(configuration_update)", Set.of("type", "text", "reasoning"), left);
        for (String field : List.of("text", "reasoning")) {
            if (item.path(field).isObject()) {
                settings.set(field, item.path(field));
            }
        }
    }
}
