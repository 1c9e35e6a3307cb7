package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** OpenAI Responses. Nothing is stored at the provider. */
final class ResponsesCodec implements Codec {

    @Override
    public Format format() {
        return Format.OPENAI_RESPONSES;
    }

    @Override
    public void read(byte[] body, Consumer<AnswerEvent> out) throws ProtocolException {
        throw new UnsupportedOperationException("not written");
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        return operation == Operation.EMBED ? "/embeddings" : "/responses";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return OpenAi.responsesUsage(json);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return OpenAi.bearer(key);
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    private static Stop stop(JsonNode response) {
        if (response.path("status").asText().equals("completed")) {
            return Stop.END;
        }
        return switch (response.path("incomplete_details").path("reason").asText()) {
            case "max_output_tokens" -> Stop.MAX_TOKENS;
            case "content_filter" -> Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    private static final class Stream implements StreamReader {
        /** Items whose content comes in events of its own. */
        private static final Set<String> FRAMES = Set.of("message", "reasoning");

        private boolean refused;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            JsonNode json = Json.readEvent(event.data());
            String type = json.path("type").asText(event.name());
            switch (type) {
                case "response.output_text.delta" ->
                        out.accept(new AnswerEvent.Text(json.path("delta").asText()));
                case "response.refusal.delta" -> {
                    refused = true;
                    out.accept(new AnswerEvent.Text(json.path("delta").asText()));
                }
                case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
                        out.accept(new AnswerEvent.Reasoning(json.path("delta").asText()));
                case "response.completed", "response.incomplete" -> {
                    JsonNode response = json.path("response");
                    out.accept(
                            new AnswerEvent.Tokens(OpenAi.responsesUsage(response.path("usage"))));
                    out.accept(new AnswerEvent.Stopped(refused ? Stop.REFUSAL : stop(response)));
                    out.accept(new AnswerEvent.End());
                }
                case "response.failed" ->
                        out.accept(
                                new AnswerEvent.Failed(
                                        HttpFailures.inBand(json.path("response").path("error"))));
                case "error" ->
                        out.accept(
                                new AnswerEvent.Failed(
                                        HttpFailures.inBand(
                                                json.has("error") ? json.path("error") : json)));
                case "response.output_item.added" -> {
                    if (!FRAMES.contains(json.path("item").path("type").asText())) {
                        out.accept(new AnswerEvent.Other(""));
                    }
                }
                default -> {
                    // the other events repeat or frame what these say
                    if (type.endsWith(".delta")) {
                        out.accept(new AnswerEvent.Other(""));
                    }
                }
            }
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            // response.completed and response.incomplete are the only ends there are
        }
    }
}
