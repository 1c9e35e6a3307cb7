package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Reads an answer block by block; a whole answer is one whose blocks begin complete. Citations are
 * handed on at the end of their block, when it is known what they stand for.
 */
final class AnthropicStream implements StreamReader {

    private final StringBuilder thought = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();
    private final List<JsonNode> citations = new ArrayList<>();
    private Usage usage = Usage.NONE;
    private String kind = "";

    /** The last call's, one of its own for each whatever the indexes say. */
    private int slot = -1;

    private boolean argued;
    private String input = "{}";
    private int length;
    private int from;

    @Override
    public void read(ServerSentEvent event, Consumer<AnswerEvent> out) throws ProtocolException {
        JsonNode json = Json.readEvent(event.data());
        switch (json.path("type").asText()) {
            case "message_start" -> begin(json.path("message"), out);
            case "content_block_start" ->
                    start(json.path("index").asInt(), json.path("content_block"), out);
            case "content_block_delta" -> delta(json.path("delta"), out);
            case "content_block_stop" -> stop(out);
            case "message_delta" -> {
                tokens(json.path("usage"), out);
                stopped(json.path("delta"), out);
            }
            case "message_stop" -> {
                stop(out);
                out.accept(new AnswerEvent.End());
            }
            case "error" ->
                    out.accept(new AnswerEvent.Failed(HttpFailures.inBand(json.path("error"))));
            default -> {
                // pings and events of a newer API carry nothing for us
            }
        }
    }

    @Override
    public void close(Consumer<AnswerEvent> out) {
        // message_stop is the only end there is
    }

    /** Reads a complete message. */
    void whole(JsonNode message, Consumer<AnswerEvent> out) {
        begin(message, out);
        int index = 0;
        for (JsonNode block : message.path("content")) {
            start(index, block, out);
            stop(out);
            index++;
        }
        stopped(message, out);
        out.accept(new AnswerEvent.End());
    }

    private void begin(JsonNode message, Consumer<AnswerEvent> out) {
        if (message.path("model").isTextual()) {
            out.accept(new AnswerEvent.Begun(message.path("model").textValue()));
        }
        tokens(message.path("usage"), out);
    }

    private void tokens(JsonNode json, Consumer<AnswerEvent> out) {
        if (json.isObject()) {
            usage = AnthropicCodec.counted(json, usage);
            out.accept(new AnswerEvent.Tokens(usage));
        }
    }

    private void stopped(JsonNode json, Consumer<AnswerEvent> out) {
        JsonNode reason = json.path("stop_reason");
        if (!reason.isTextual()) {
            return;
        }
        Stop stop = AnthropicCodec.stop(reason.textValue());
        JsonNode why = json.path("stop_details").path("explanation");
        if (stop == Stop.REFUSAL && length == 0 && why.isTextual()) {
            out.accept(new AnswerEvent.Refusal(why.textValue()));
        }
        out.accept(new AnswerEvent.Stopped(stop));
    }

    private void start(int index, JsonNode block, Consumer<AnswerEvent> out) {
        stop(out);
        kind = block.path("type").asText();
        switch (kind) {
            case "text" -> {
                from = length;
                text(block.path("text").asText(), out);
                block.path("citations").forEach(citations::add);
            }
            case "thinking" -> {
                thought(block.path("thinking").asText(), out);
                signature.append(block.path("signature").asText());
            }
            case "redacted_thinking" -> out.accept(sealed(Json.text(block)));
            case "tool_use" -> call(index, block, out);
            default -> out.accept(new AnswerEvent.Other(kind));
        }
    }

    private void call(int index, JsonNode block, Consumer<AnswerEvent> out) {
        slot = Math.max(index, slot + 1);
        argued = false;
        JsonNode given = block.path("input");
        input = given.isObject() ? Json.text(given) : "{}";
        out.accept(
                new AnswerEvent.ToolCall(
                        slot,
                        block.path("id").asText(),
                        ToolName.of(block.path("name").asText()),
                        Optional.empty()));
    }

    private void delta(JsonNode delta, Consumer<AnswerEvent> out) {
        String type = delta.path("type").asText();
        switch (type) {
            case "text_delta" -> text(delta.path("text").asText(), out);
            case "thinking_delta" -> thought(delta.path("thinking").asText(), out);
            case "signature_delta" -> signature.append(delta.path("signature").asText());
            case "input_json_delta" -> arguments(delta.path("partial_json").asText(), out);
            case "citations_delta" -> citations.add(delta.path("citation"));
            default -> out.accept(new AnswerEvent.Other(type));
        }
    }

    private void text(String text, Consumer<AnswerEvent> out) {
        if (!text.isEmpty()) {
            length += text.length();
            out.accept(new AnswerEvent.Text(text));
        }
    }

    private void thought(String text, Consumer<AnswerEvent> out) {
        if (!text.isEmpty()) {
            thought.append(text);
            out.accept(new AnswerEvent.Reasoning(text));
        }
    }

    /** Arguments of tools that the provider runs itself are no one else's. */
    private void arguments(String json, Consumer<AnswerEvent> out) {
        if (kind.equals("tool_use") && !json.isEmpty()) {
            argued = true;
            out.accept(new AnswerEvent.ToolArguments(slot, json));
        }
    }

    /** Ends the block that is open, if one is. */
    private void stop(Consumer<AnswerEvent> out) {
        switch (kind) {
            case "text" -> cite(out);
            case "thinking" -> seal(out);
            case "tool_use" -> {
                if (!argued) {
                    out.accept(new AnswerEvent.ToolArguments(slot, input));
                }
            }
            default -> {
                // the others are complete as they begin
            }
        }
        kind = "";
    }

    private void seal(Consumer<AnswerEvent> out) {
        if (!signature.isEmpty()) {
            ObjectNode block =
                    Json.object()
                            .put("type", "thinking")
                            .put("thinking", thought.toString())
                            .put("signature", signature.toString());
            out.accept(sealed(Json.text(block)));
        }
        thought.setLength(0);
        signature.setLength(0);
    }

    private static AnswerEvent.Sealed sealed(String block) {
        return new AnswerEvent.Sealed(new Seal(Format.ANTHROPIC_MESSAGES.label(), block));
    }

    private void cite(Consumer<AnswerEvent> out) {
        for (JsonNode citation : citations) {
            String url = address(citation);
            if (!url.isEmpty()) {
                out.accept(
                        new AnswerEvent.Cited(
                                new Citation(
                                        url,
                                        optional(citation.path("title")),
                                        optional(citation.path("cited_text")),
                                        OptionalInt.of(from),
                                        OptionalInt.of(length))));
            }
        }
        citations.clear();
    }

    /** Places in documents of the request have no address. */
    private static String address(JsonNode citation) {
        return switch (citation.path("type").asText()) {
            case "web_search_result_location" -> citation.path("url").asText();
            case "search_result_location" -> citation.path("source").asText();
            default -> "";
        };
    }

    private static Optional<String> optional(JsonNode text) {
        return text.isTextual() && !text.textValue().isEmpty()
                ? Optional.of(text.textValue())
                : Optional.empty();
    }
}
