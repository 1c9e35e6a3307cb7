package dev.pointsman.wire;

import static dev.pointsman.core.ServiceTier.STANDARD;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Secret;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.Usage;
import dev.pointsman.core.Usage.Detail;

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
     * Anthropic counts cache reads and writes beside the input, says how much of what it wrote is
     * kept for an hour, and tells fields again when they change.
     */
    static Usage counted(JsonNode json, Usage before) {
        JsonNode written = json.path("cache_creation");
        long hour =
                Json.count(
                        written.path("ephemeral_1h_input_tokens"),
                        before.detail().cacheWriteHour());
        long both =
                written.isObject()
                        ? hour + Json.count(written.path("ephemeral_5m_input_tokens"), 0)
                        : before.cacheWrite();
        JsonNode tier = json.path("service_tier");
        Detail detail = hour > 0 ? new Detail(hour, 0, 0, 0, 0, 0, STANDARD) : Detail.NONE;
        return new Usage(
                        Json.count(json.path("input_tokens"), before.input()),
                        Json.count(json.path("output_tokens"), before.output()),
                        Json.count(json.path("cache_read_input_tokens"), before.cacheRead()),
                        Json.count(json.path("cache_creation_input_tokens"), both),
                        Json.count(
                                json.path("output_tokens_details").path("thinking_tokens"),
                                before.reasoning()),
                        detail,
                        false)
                .at(tier.isTextual() ? ServiceTier.of(tier.textValue()) : before.detail().tier());
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
