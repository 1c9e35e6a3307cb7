package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;

import java.util.Map;
import java.util.function.Consumer;

/** Anthropic Messages. */
final class AnthropicCodec implements Codec {

    @Override
    public Format format() {
        return Format.ANTHROPIC_MESSAGES;
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        return operation == Operation.COUNT_TOKENS ? "/v1/messages/count_tokens" : "/v1/messages";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return counted(json, before);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return Map.of("x-api-key", key.reveal());
    }

    @Override
    public void read(byte[] body, Consumer<AnswerEvent> out) throws ProtocolException {
        JsonNode json = Json.readAnswer(body);
        if (json.path("type").asText().equals("error") || json.has("error")) {
            throw new ProtocolException(HttpFailures.inBand(json.path("error")));
        }
        if (!json.path("content").isArray()) {
            throw ProtocolException.garbled("the answer has no content");
        }
        new AnthropicStream().whole(json, out);
    }

    @Override
    public StreamReader stream() {
        return new AnthropicStream();
    }

    /**
     * Anthropic counts cache reads and writes beside the input, and tells fields again when they
     * change.
     */
    static Usage counted(JsonNode json, Usage before) {
        return new Usage(
                Json.count(json.path("input_tokens"), before.input()),
                Json.count(json.path("output_tokens"), before.output()),
                Json.count(json.path("cache_read_input_tokens"), before.cacheRead()),
                Json.count(json.path("cache_creation_input_tokens"), before.cacheWrite()),
                Json.count(
                        json.path("output_tokens_details").path("thinking_tokens"),
                        before.reasoning()),
                false);
    }

    static Stop stop(String reason) {
        return switch (reason) {
            case "end_turn" -> Stop.END;
            case "max_tokens", "model_context_window_exceeded" -> Stop.MAX_TOKENS;
            case "stop_sequence" -> Stop.STOP_SEQUENCE;
            case "tool_use" -> Stop.TOOL_CALLS;
            case "refusal" -> Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }
}
