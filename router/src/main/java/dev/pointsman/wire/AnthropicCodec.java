package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Anthropic Messages. */
final class AnthropicCodec implements Codec {

    @Override
    public Format format() {
        return Format.ANTHROPIC_MESSAGES;
    }

    @Override
    public void read(byte[] body, Consumer<AnswerEvent> out) throws ProtocolException {
        throw new UnsupportedOperationException("not written");
    }

    private static final String VERSION = "2023-06-01";

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
    public StreamReader stream() {
        return new Stream();
    }

    /**
     * Anthropic counts cache reads and writes beside the input, and tells fields again when they
     * change.
     */
    private static Usage counted(JsonNode json, Usage before) {
        return new Usage(
                Json.count(json.path("input_tokens"), before.input()),
                Json.count(json.path("output_tokens"), before.output()),
                Json.count(json.path("cache_read_input_tokens"), before.cacheRead()),
                Json.count(json.path("cache_creation_input_tokens"), before.cacheWrite()),
                0,
                false);
    }

    private static Stop stop(String reason) {
        return switch (reason) {
            case "end_turn" -> Stop.END;
            case "max_tokens", "model_context_window_exceeded" -> Stop.MAX_TOKENS;
            case "stop_sequence" -> Stop.STOP_SEQUENCE;
            case "refusal" -> Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    private static final class Stream implements StreamReader {
        /** Blocks whose content comes in deltas. */
        private static final Set<String> TALK = Set.of("text", "thinking");

        private Usage usage = Usage.NONE;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            JsonNode json = Json.readEvent(event.data());
            switch (json.path("type").asText()) {
                case "message_start" -> tokens(json.path("message").path("usage"), out);
                case "content_block_start" -> {
                    if (!TALK.contains(json.path("content_block").path("type").asText())) {
                        out.accept(new AnswerEvent.Other(""));
                    }
                }
                case "content_block_delta" -> delta(json.path("delta"), out);
                case "message_delta" -> {
                    tokens(json.path("usage"), out);
                    if (json.path("delta").path("stop_reason").isTextual()) {
                        out.accept(
                                new AnswerEvent.Stopped(
                                        stop(json.path("delta").path("stop_reason").asText())));
                    }
                }
                case "message_stop" -> out.accept(new AnswerEvent.End());
                case "error" ->
                        out.accept(new AnswerEvent.Failed(HttpFailures.inBand(json.path("error"))));
                default -> {
                    // ping, block boundaries and events of a newer API carry nothing for us
                }
            }
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            // message_stop is the only end there is
        }

        private void tokens(JsonNode json, Consumer<AnswerEvent> out) {
            if (json.isObject()) {
                usage = counted(json, usage);
                out.accept(new AnswerEvent.Tokens(usage));
            }
        }

        private static void delta(JsonNode delta, Consumer<AnswerEvent> out) {
            switch (delta.path("type").asText()) {
                case "text_delta" -> out.accept(new AnswerEvent.Text(delta.path("text").asText()));
                case "thinking_delta" ->
                        out.accept(new AnswerEvent.Reasoning(delta.path("thinking").asText()));
                default -> out.accept(new AnswerEvent.Other(""));
            }
        }
    }
}
