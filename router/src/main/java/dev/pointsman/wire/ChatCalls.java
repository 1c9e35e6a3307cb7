package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Tells the calls of a chat answer apart. Providers leave out indexes or ids, give all calls the
 * same index, or say id and name again with each piece. Has state; reads one answer.
 */
final class ChatCalls {

    private static final int NO_INDEX = -1;

    private final List<Call> calls = new ArrayList<>();

    /** A call, and the arguments that came before its name. */
    private static final class Call {
        private final int slot;
        private final int index;
        private String id;
        private boolean custom;
        private boolean told;
        private boolean argued;
        private boolean ended;
        private Optional<Seal> seal = Optional.empty();
        private final StringBuilder early = new StringBuilder();

        private Call(int slot, int index, String id) {
            this.slot = slot;
            this.index = index;
            this.id = id;
        }
    }

    /**
     * @param answerId the answer's id, from which missing ids of calls are made
     * @param whole whether the element is a whole call
     */
    void read(JsonNode said, String answerId, boolean whole, Consumer<AnswerEvent> out) {
        boolean custom = said.path("custom").isObject();
        JsonNode tool = said.path(custom ? "custom" : "function");
        String name = ChatFields.text(tool.path("name"));
        String id = ChatFields.text(said.path("id"));
        Call call = whole ? add(said, id) : find(said, id, name);
        call.custom |= custom;
        if (call.id.isEmpty()) {
            call.id = id;
        }
        if (call.seal.isEmpty()) {
            call.seal = ChatMessageReader.geminiSeal(said);
        }
        if (!call.told && !name.isEmpty()) {
            tell(call, name, answerId, out);
        }
        arguments(call, tool.path(custom ? "input" : "arguments"), out);
        if (whole) {
            end(call, out);
        }
    }

    /** Reads a call of the deprecated kind, of which there is one. */
    void function(JsonNode said, String answerId, Consumer<AnswerEvent> out) {
        Call call = calls.isEmpty() ? add(said, "") : calls.getFirst();
        String name = ChatFields.text(said.path("name"));
        if (!call.told && !name.isEmpty()) {
            tell(call, name, answerId, out);
        }
        arguments(call, said.path("arguments"), out);
    }

    private Call add(JsonNode said, String id) {
        JsonNode index = said.path("index");
        Call call = new Call(calls.size(), index.isInt() ? index.intValue() : NO_INDEX, id);
        calls.add(call);
        return call;
    }

    private Call find(JsonNode said, String id, String name) {
        int index = said.path("index").asInt(NO_INDEX);
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            boolean same =
                    index == NO_INDEX ? id.isEmpty() || id.equals(call.id) : index == call.index;
            if (same) {
                return begins(call, index, id, name) ? add(said, id) : call;
            }
        }
        boolean goesOn = index == NO_INDEX && name.isEmpty() && !calls.isEmpty();
        return goesOn ? calls.getLast() : add(said, id);
    }

    /** Whether a piece that names a call's place begins another one all the same. */
    private static boolean begins(Call call, int index, String id, String name) {
        if (name.isEmpty() || !call.told) {
            return false;
        }
        return id.isEmpty() ? index == NO_INDEX : !call.id.isEmpty() && !id.equals(call.id);
    }

    private static void tell(Call call, String name, String answerId, Consumer<AnswerEvent> out) {
        if (call.id.isEmpty()) {
            call.id = made(answerId, call.slot);
        }
        call.told = true;
        out.accept(
                new AnswerEvent.ToolCall(
                        call.slot,
                        call.id,
                        new ToolName(name, Optional.empty(), call.custom),
                        call.seal));
        if (!call.early.isEmpty()) {
            argue(call, call.early.toString(), out);
            call.early.setLength(0);
        }
    }

    private static String made(String answerId, int slot) {
        return answerId.isEmpty()
                ? "call_" + UUID.randomUUID().toString().replace("-", "")
                : "call_" + ToolNames.mark(answerId) + "_" + slot;
    }

    private static void arguments(Call call, JsonNode said, Consumer<AnswerEvent> out) {
        if (Fields.isAbsent(said) && !said.isObject()) {
            return;
        }
        String text = said.isTextual() ? said.textValue() : Json.text(said);
        if (call.told) {
            argue(call, text, out);
        } else {
            call.early.append(text);
        }
    }

    private static void argue(Call call, String text, Consumer<AnswerEvent> out) {
        String piece = text;
        if (call.custom) {
            piece = (call.argued ? "" : "{\"input\":\"") + escaped(text);
        }
        call.argued = true;
        out.accept(new AnswerEvent.ToolArguments(call.slot, piece));
    }

    /** Ends all calls. */
    void end(Consumer<AnswerEvent> out) {
        for (Call call : calls) {
            end(call, out);
        }
    }

    private static void end(Call call, Consumer<AnswerEvent> out) {
        if (call.ended) {
            return;
        }
        call.ended = true;
        if (!call.told) {
            out.accept(new AnswerEvent.Other("tool_calls"));
        } else if (call.custom) {
            String last = call.argued ? "\"}" : "{\"input\":\"\"}";
            out.accept(new AnswerEvent.ToolArguments(call.slot, last));
        } else if (!call.argued) {
            out.accept(new AnswerEvent.ToolArguments(call.slot, "{}"));
        }
    }

    /** What stands between the quotes of a JSON text; halves of characters stay halves. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
