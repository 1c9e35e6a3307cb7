package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class AnthropicAnswerWriter implements AnswerWriter {

    @Override
    public byte[] whole(FullAnswer answer, Frame frame) {
        ObjectNode message = message(answer.model(), frame);
        ArrayNode content = message.putArray("content");
        List<Citation> citations = new ArrayList<>(answer.citations());
        int length = 0;
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Text text -> {
                    length += text.text().length();
                    text(content, text.text(), upTo(length, citations));
                }
                case Part.Refusal refusal -> text(content, refusal.text(), List.of());
                case Part.Reasoning reasoning ->
                        content.add(thinking(reasoning.text(), reasoning.seal()));
                case Part.ToolCall call -> {
                    ObjectNode block = call(call.id(), call.tool(), call.seal());
                    block.set("input", AnthropicTurns.input(call.arguments()));
                    content.add(block);
                }
                default -> {
                    // nothing else is answered
                }
            }
        }
        message.put("stop_reason", stopReason(answer.stop())).putNull("stop_sequence");
        message.set("usage", usage(answer.usage(), frame));
        return Json.bytes(message);
    }

    /** The citations of what ends there, taken out of the list; those without a place as well. */
    private static List<Citation> upTo(int length, List<Citation> citations) {
        List<Citation> here = new ArrayList<>();
        citations.removeIf(citation -> {
            boolean ours = citation.from().orElse(0) < length;
            return ours && here.add(citation);
        });
        return here;
    }

    private static void text(ArrayNode content, String text, List<Citation> citations) {
        if (text.isEmpty()) {
            return;
        }
        ObjectNode block = content.addObject().put("type", "text").put("text", text);
        if (!citations.isEmpty()) {
            ArrayNode list = block.putArray("citations");
            citations.forEach(citation -> list.add(citation(citation)));
        }
    }

    @Override
    public BlockSink stream(Frame frame, Pieces out) {
        return new AnthropicSink(frame, out);
    }

    /** The message up to its content. */
    static ObjectNode message(String model, Frame frame) {
        return Json.object()
                .put("id", "msg_" + frame.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
    }

    /** A call whose input is not there yet. */
    static ObjectNode call(String id, ToolName tool, Optional<Seal> seal) {
        ObjectNode block =
                Json.object()
                        .put("type", "tool_use")
                        .put("id", Seals.id(AnthropicTurns.id(id), seal))
                        .put("name", tool.name());
        block.putObject("input");
        block.putObject("caller").put("type", "direct");
        return block;
    }

    /** Thinking with what its maker wants back in the place of the signature. */
    static JsonNode thinking(String text, Optional<Seal> seal) {
        return redacted(seal)
                .orElseGet(() ->
                        Json.object()
                                .put("type", "thinking")
                                .put("thinking", text)
                                .put("signature", signature(seal)));
    }

    /** The block of thinking that is not shown, if that is what was sealed. */
    static Optional<JsonNode> redacted(Optional<Seal> seal) {
        return seal.flatMap(AnthropicTurns::sealed)
                .filter(block -> block.path("type").asText().equals("redacted_thinking"));
    }

    static String signature(Optional<Seal> seal) {
        return seal.map(made ->
                        AnthropicTurns.sealed(made)
                                .map(block -> block.path("signature").asText())
                                .orElseGet(() -> Seals.wrapped(made)))
                .orElse(Seals.NONE);
    }

    static ObjectNode citation(Citation citation) {
        ObjectNode json =
                Json.object()
                        .put("type", "web_search_result_location")
                        .put("cited_text", citation.quote().orElse(""))
                        .put("encrypted_index", "")
                        .put("url", citation.url());
        return citation.title()
                .map(title -> json.put("title", title))
                .orElseGet(() -> json.putNull("title"));
    }

    /** The counters; where the provider told none the input is an estimate. */
    static ObjectNode usage(Usage usage, Frame frame) {
        boolean unknown = usage.totalInput() == 0 && usage.output() == 0;
        ObjectNode json =
                Json.object()
                        .put("input_tokens", unknown ? frame.estimatedInput() : usage.input())
                        .put("cache_creation_input_tokens", usage.cacheWrite())
                        .put("cache_read_input_tokens", usage.cacheRead())
                        .put("output_tokens", usage.output());
        long hour = usage.detail().cacheWriteHour();
        if (hour > 0) {
            json.putObject("cache_creation")
                    .put("ephemeral_5m_input_tokens", usage.cacheWrite() - hour)
                    .put("ephemeral_1h_input_tokens", hour);
        }
        if (usage.reasoning() > 0) {
            json.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
        }
        return json;
    }

    static String stopReason(Stop stop) {
        return switch (stop) {
            case END, OTHER -> "end_turn";
            case MAX_TOKENS -> "max_tokens";
            case STOP_SEQUENCE -> "stop_sequence";
            case TOOL_CALLS -> "tool_use";
            case REFUSAL -> "refusal";
        };
    }
}
