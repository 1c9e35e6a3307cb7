package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The contents of a Gemini request. What the model said in contents and parts one after the other,
 * as a client that gathers a stream sends it back, is one message. Has state; reads one request.
 */
final class GeminiContentsReader {

    private static final String PATH = "contents.parts.";

    private final Consumer<String> left;
    private final GeminiFilesReader files;
    private final GeminiCalls calls = new GeminiCalls();
    private final List<Message> messages = new ArrayList<>();
    private List<Part> parts = new ArrayList<>();
    private Role role = Role.USER;
    private int place;

    GeminiContentsReader(Consumer<String> left) {
        this.left = left;
        this.files = new GeminiFilesReader(left);
    }

    List<Message> read(JsonNode system, JsonNode contents) throws RequestException {
        system(system);
        if (!contents.isContainerNode() || contents.isEmpty()) {
            throw new RequestException("contents must be a list of at least one element");
        }
        for (JsonNode content : Gemini.each(contents)) {
            content(content);
        }
        flush();
        return messages;
    }

    private void system(JsonNode system) throws RequestException {
        if (system.isTextual()) {
            messages.add(new Message(Role.SYSTEM, List.of(new Part.Text(system.textValue()))));
            return;
        }
        role = Role.SYSTEM;
        for (Map.Entry<String, JsonNode> field : system.properties()) {
            String name = Gemini.camel(field.getKey());
            if (name.equals("parts")) {
                for (JsonNode part : Gemini.each(field.getValue())) {
                    part(part);
                }
            } else if (!name.equals("role")) {
                left.accept("systemInstruction." + name);
            }
        }
        flush();
    }

    private void content(JsonNode content) throws RequestException {
        Role said = role(content.path("role"));
        if (said != Role.ASSISTANT || role != Role.ASSISTANT) {
            flush();
        }
        if (said == Role.ASSISTANT && role != Role.ASSISTANT) {
            calls.newTurn();
        }
        role = said;
        for (Map.Entry<String, JsonNode> field : content.properties()) {
            String name = Gemini.camel(field.getKey());
            if (name.equals("parts")) {
                for (JsonNode part : Gemini.each(field.getValue())) {
                    part(part);
                }
            } else if (!name.equals("role")) {
                left.accept("contents." + name);
            }
        }
    }

    private static Role role(JsonNode role) throws RequestException {
        return switch (role.asText("user")) {
            case "user", "function", "", "null" -> Role.USER;
            case "model" -> Role.ASSISTANT;
            default -> throw new RequestException("the role of contents must be user or model");
        };
    }

    private void flush() {
        if (!parts.isEmpty()) {
            messages.add(new Message(role, parts));
            parts = new ArrayList<>();
        }
    }

    private void part(JsonNode part) throws RequestException {
        place++;
        if (!part.isObject()) {
            throw new RequestException("each of contents.parts must be an object");
        }
        Optional<Seal> seal = seal(part);
        boolean thought = part.path("thought").asBoolean() && role == Role.ASSISTANT;
        if (!thought && seal.filter(made -> !Gemini.isOwn(made)).isPresent()) {
            thought("", seal);
            seal = Optional.empty();
        }
        boolean sealed = false;
        for (Map.Entry<String, JsonNode> field : part.properties()) {
            if (!field.getValue().isNull()) {
                sealed |= field(Gemini.camel(field.getKey()), field.getValue(), thought, seal);
            }
        }
        if (seal.isPresent() && !sealed) {
            parts.add(new Part.Reasoning("", seal));
        }
    }

    private Optional<Seal> seal(JsonNode part) {
        JsonNode said = part.path("thoughtSignature");
        JsonNode signature = said.isMissingNode() ? part.path("thought_signature") : said;
        if (role != Role.ASSISTANT && !Gemini.isEmpty(signature)) {
            left.accept(PATH + "thoughtSignature(of the user)");
            return Optional.empty();
        }
        return Gemini.seal(signature.asText(""));
    }

    /** Whether the part that was made of it has taken the seal. */
    private boolean field(String name, JsonNode value, boolean thought, Optional<Seal> seal)
            throws RequestException {
        switch (name) {
            case "text" -> {
                if (thought) {
                    thought(value.asText(), seal);
                    return true;
                }
                text(value.asText());
            }
            case "functionCall" -> {
                call(value, seal);
                return true;
            }
            case "functionResponse" -> response(value);
            case "inlineData" -> parts.add(files.inline(value, PATH + name));
            case "fileData" -> files.linked(value, PATH + name).ifPresent(parts::add);
            case "executableCode" -> code(value);
            case "codeExecutionResult" -> result(value);
            case "thought", "thoughtSignature" -> {
                // read with the part they stand beside
            }
            default -> {
                if (!Gemini.isEmpty(value)) {
                    left.accept(PATH + name);
                }
            }
        }
        return false;
    }

    /** Pieces of what the model said belong together. */
    private void text(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (role == Role.ASSISTANT
                && !parts.isEmpty()
                && parts.getLast() instanceof Part.Text before) {
            parts.set(parts.size() - 1, new Part.Text(before.text() + text));
        } else {
            parts.add(new Part.Text(text));
        }
    }

    private void thought(String text, Optional<Seal> seal) {
        if (!parts.isEmpty()
                && parts.getLast() instanceof Part.Reasoning before
                && before.seal().isEmpty()) {
            parts.set(parts.size() - 1, new Part.Reasoning(before.text() + text, seal));
        } else if (!text.isEmpty() || seal.isPresent()) {
            parts.add(new Part.Reasoning(text, seal));
        }
    }

    private void call(JsonNode call, Optional<Seal> seal) throws RequestException {
        String said = "";
        String name = "";
        String arguments = "{}";
        for (Map.Entry<String, JsonNode> field : call.properties()) {
            JsonNode value = field.getValue();
            if (Gemini.isEmpty(value)) {
                continue;
            }
            String key = Gemini.camel(field.getKey());
            switch (key) {
                case "id" -> said = value.asText();
                case "name" -> name = value.asText();
                case "args" -> arguments = Json.text(value);
                default -> left.accept(PATH + "functionCall." + key);
            }
        }
        if (name.isEmpty()) {
            throw new RequestException("a functionCall must have a name");
        }
        Seals.Id id =
                said.isEmpty()
                        ? new Seals.Id(
                                Gemini.callId(name, arguments, Integer.toString(place)),
                                Optional.empty())
                        : Seals.id(said);
        calls.add(id.id(), name);
        parts.add(new Part.ToolCall(id.id(), ToolName.of(name), arguments, seal.or(id::seal)));
    }

    private void response(JsonNode response) throws RequestException {
        String id = "";
        String name = "";
        boolean error = false;
        List<Part> content = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : response.properties()) {
            JsonNode value = field.getValue();
            if (Gemini.isEmpty(value)) {
                continue;
            }
            String key = Gemini.camel(field.getKey());
            switch (key) {
                case "id" -> id = Seals.id(value.asText()).id();
                case "name" -> name = value.asText();
                case "response" -> {
                    error = value.size() == 1 && value.has("error");
                    said(value).ifPresent(text -> content.addFirst(new Part.Text(text)));
                }
                case "parts" -> given(value, content);
                default -> left.accept(PATH + "functionResponse." + key);
            }
        }
        String otherwise = Gemini.callId(name, "", Integer.toString(place));
        parts.add(new Part.ToolResult(calls.answered(id, name, otherwise), content, error));
    }

    /** The one field under which a result that is no object stands; else the whole object. */
    private static Optional<String> said(JsonNode response) {
        for (String key : List.of("result", "output", "error")) {
            if (response.size() == 1 && response.has(key)) {
                JsonNode value = response.path(key);
                String text = value.isTextual() ? value.textValue() : Json.text(value);
                return text.isEmpty() ? Optional.empty() : Optional.of(text);
            }
        }
        return Optional.of(Json.text(response));
    }

    private void given(JsonNode list, List<Part> content) throws RequestException {
        String path = PATH + "functionResponse.parts.";
        for (JsonNode part : Gemini.each(list)) {
            for (Map.Entry<String, JsonNode> field : part.properties()) {
                String kind = Gemini.camel(field.getKey());
                switch (kind) {
                    case "inlineData" -> content.add(files.inline(field.getValue(), path + kind));
                    case "fileData" ->
                            files.linked(field.getValue(), path + kind).ifPresent(content::add);
                    default -> left.accept(path + kind);
                }
            }
        }
    }

    /** Code that Google ran is told as a text, and so is what it gave. */
    private void code(JsonNode code) {
        for (Map.Entry<String, JsonNode> field : code.properties()) {
            switch (Gemini.camel(field.getKey())) {
                case "code" -> text("```python\n" + field.getValue().asText() + "\n```\n");
                case "language", "id" -> {
                    // there is but one language
                }
                default -> left.accept(PATH + "executableCode." + field.getKey());
            }
        }
    }

    private void result(JsonNode result) {
        for (Map.Entry<String, JsonNode> field : result.properties()) {
            switch (Gemini.camel(field.getKey())) {
                case "output" -> text("```\n" + field.getValue().asText() + "\n```\n");
                case "outcome", "id" -> {
                    // the output tells it
                }
                default -> left.accept(PATH + "codeExecutionResult." + field.getKey());
            }
        }
    }
}
