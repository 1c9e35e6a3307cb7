package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the messages of a chat request. Results that follow one another become one message of the
 * user. Ids of calls are made where they are missing, and told apart where a provider began anew in
 * each turn. Has state; reads one request.
 */
final class ChatMessageReader {

    private static final Set<String> SAID = Set.of("role", "content");
    private static final Set<String> ANSWERED =
            Set.of(
                    "role",
                    "content",
                    "refusal",
                    "tool_calls",
                    "function_call",
                    "reasoning_content",
                    "reasoning");
    private static final Set<String> RESULT = Set.of("role", "content", "tool_call_id");
    private static final Set<String> FUNCTION_RESULT = Set.of("role", "content", "name");
    private static final Set<String> CALL =
            Set.of("id", "type", "index", "function", "custom", "extra_content");
    private static final Set<String> FUNCTION = Set.of("name", "arguments");
    private static final Set<String> CUSTOM = Set.of("name", "input");

    private final Consumer<String> left;
    private final ChatPartReader parts;
    private final List<Message> messages = new ArrayList<>();
    private final List<Part> results = new ArrayList<>();

    /** Our ids by those of the caller, of the latest call where one came again. */
    private final Map<String, String> ids = new HashMap<>();

    private final Set<String> used = new HashSet<>();
    private final Deque<String> unanswered = new ArrayDeque<>();

    ChatMessageReader(Consumer<String> left) {
        this.left = left;
        this.parts = new ChatPartReader(left);
    }

    List<Message> read(JsonNode list) throws RequestException {
        if (!list.isArray()) {
            throw new RequestException("messages must be a list");
        }
        for (JsonNode message : list) {
            if (!message.isObject()) {
                throw new RequestException("messages must be objects");
            }
            message(message);
        }
        flush();
        return messages;
    }

    private void message(JsonNode message) throws RequestException {
        String role = ChatFields.text(message.path("role"));
        switch (role) {
            case "tool" -> result(message);
            case "function" -> functionResult(message);
            case "system" -> said(Role.SYSTEM, message);
            case "developer" -> said(Role.DEVELOPER, message);
            case "user" -> said(Role.USER, message);
            case "assistant" -> answered(message);
            default ->
                    throw new RequestException(
                            "messages.role must be system, developer, user, assistant, tool or"
                                    + " function");
        }
    }

    private void add(Role role, List<Part> said) {
        flush();
        if (!said.isEmpty()) {
            messages.add(new Message(role, said));
        }
    }

    private void flush() {
        if (!results.isEmpty()) {
            messages.add(new Message(Role.USER, results));
            results.clear();
        }
    }

    private void said(Role role, JsonNode message) throws RequestException {
        Fields.leave(message, "messages", SAID, left);
        add(role, parts.read(message.path("content")));
    }

    private void result(JsonNode message) throws RequestException {
        Fields.leave(message, "messages", RESULT, left);
        String said = Seals.id(ChatFields.text(message.path("tool_call_id"))).id();
        String id = said.isEmpty() ? next() : ids.getOrDefault(said, said);
        unanswered.remove(id);
        results.add(new Part.ToolResult(id, parts.read(message.path("content")), false));
    }

    private void functionResult(JsonNode message) throws RequestException {
        Fields.leave(message, "messages", FUNCTION_RESULT, left);
        results.add(new Part.ToolResult(next(), parts.read(message.path("content")), false));
    }

    /** The call that a result without an id answers. */
    private String next() {
        String first = unanswered.poll();
        return first == null ? "call_0" : first;
    }

    private void answered(JsonNode message) throws RequestException {
        Fields.leave(message, "messages", ANSWERED, left);
        List<Part> said = new ArrayList<>();
        reasoning(message, said);
        said.addAll(parts.read(message.path("content")));
        String refusal = ChatFields.text(message.path("refusal"));
        if (!refusal.isEmpty()) {
            said.add(new Part.Refusal(refusal));
        }
        unanswered.clear();
        for (JsonNode call : message.path("tool_calls")) {
            call(call, said);
        }
        JsonNode function = message.path("function_call");
        if (function.isObject()) {
            Fields.leave(function, "messages.function_call", FUNCTION, left);
            said.add(
                    new Part.ToolCall(
                            fresh(""),
                            new ToolName(
                                    name(function),
                                    Optional.of(ChatRequestReader.FUNCTIONS),
                                    false),
                            arguments(function.path("arguments")),
                            Optional.empty()));
        }
        add(Role.ASSISTANT, said);
    }

    /** Providers name it in two ways, and some in both. */
    private static void reasoning(JsonNode message, List<Part> said) {
        for (String field : List.of("reasoning_content", "reasoning")) {
            String text = ChatFields.text(message.path(field));
            if (!text.isEmpty()) {
                said.add(new Part.Reasoning(text, Optional.empty()));
                return;
            }
        }
    }

    private void call(JsonNode call, List<Part> said) throws RequestException {
        Fields.leave(call, "messages.tool_calls", CALL, left);
        Seals.Id id = Seals.id(ChatFields.text(call.path("id")));
        if (call.path("custom").isObject()) {
            JsonNode custom = call.path("custom");
            Fields.leave(custom, "messages.tool_calls(custom).custom", CUSTOM, left);
            said.add(
                    new Part.ToolCall(
                            fresh(id.id()),
                            new ToolName(name(custom), Optional.empty(), true),
                            Json.text(Json.object().put("input", custom.path("input").asText())),
                            id.seal()));
            return;
        }
        JsonNode function = call.path("function");
        Fields.leave(function, "messages.tool_calls(function).function", FUNCTION, left);
        said.add(
                new Part.ToolCall(
                        fresh(id.id()),
                        ToolName.of(name(function)),
                        arguments(function.path("arguments")),
                        id.seal().or(() -> geminiSeal(call))));
    }

    /** Where Google's own chat endpoint keeps the signature of a call. */
    static Optional<Seal> geminiSeal(JsonNode call) {
        String signature =
                ChatFields.text(
                        call.path("extra_content").path("google").path("thought_signature"));
        return signature.isEmpty()
                ? Optional.empty()
                : Optional.of(new Seal(Format.GEMINI.label(), signature));
    }

    private static String name(JsonNode called) throws RequestException {
        String name = ChatFields.text(called.path("name"));
        if (name.isEmpty()) {
            throw new RequestException("messages.tool_calls need the name of a tool");
        }
        return name;
    }

    static String arguments(JsonNode said) {
        if (said.isTextual()) {
            return said.textValue().isBlank() ? "{}" : said.textValue();
        }
        return said.isNull() || said.isMissingNode() ? "{}" : Json.text(said);
    }

    /** An id that no other call has. */
    private String fresh(String said) {
        String base = said.isEmpty() ? "call" : said;
        String id = said.isEmpty() ? base + "_1" : base;
        for (int again = 2; !used.add(id); again++) {
            id = base + "_" + again;
        }
        if (!said.isEmpty()) {
            ids.put(said, id);
        }
        unanswered.add(id);
        return id;
    }
}
