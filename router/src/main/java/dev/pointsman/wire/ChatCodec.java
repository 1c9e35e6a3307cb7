package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** OpenAI Chat Completions, as OpenAI and the many providers that follow it speak it. */
final class ChatCodec implements Codec {

    @Override
    public Format format() {
        return Format.OPENAI_CHAT;
    }

    @Override
    public void read(byte[] body, Consumer<AnswerEvent> out) throws ProtocolException {
        throw new UnsupportedOperationException("not written");
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        return operation == Operation.EMBED ? "/embeddings" : "/chat/completions";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return OpenAi.chatUsage(json);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return OpenAi.bearer(key);
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    /** Whether a chunk of a stream holds usage and nothing else. */
    static boolean isUsageOnly(String data) throws ProtocolException {
        if (data.startsWith("[")) {
            return false;
        }
        JsonNode json = Json.readEvent(data);
        return json.path("usage").isObject()
                && json.path("choices").isArray()
                && json.path("choices").isEmpty();
    }

    private static Stop stop(String reason) {
        return switch (reason) {
            case "stop" -> Stop.END;
            case "length" -> Stop.MAX_TOKENS;
            case "content_filter" -> Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    /**
     * Ends at {@code [DONE]}; for servers that send none, at the end of the bytes if a finish
     * reason came.
     */
    private static final class Stream implements StreamReader {
        private boolean finished;
        private boolean ended;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            if (event.data().strip().equals("[DONE]")) {
                end(out);
                return;
            }
            JsonNode json = Json.readEvent(event.data());
            if (json.path("error").isObject() || json.path("error").isTextual()) {
                out.accept(new AnswerEvent.Failed(HttpFailures.inBand(json.path("error"))));
                return;
            }
            JsonNode choice = json.path("choices").path(0);
            delta(choice.path("delta"), out);
            if (json.path("usage").isObject()) {
                out.accept(new AnswerEvent.Tokens(OpenAi.chatUsage(json.path("usage"))));
            }
            if (choice.path("finish_reason").isTextual()) {
                finished = true;
                out.accept(new AnswerEvent.Stopped(stop(choice.path("finish_reason").asText())));
            }
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            if (finished) {
                end(out);
            }
        }

        private void end(Consumer<AnswerEvent> out) {
            if (!ended) {
                ended = true;
                out.accept(new AnswerEvent.End());
            }
        }

        private static void delta(JsonNode delta, Consumer<AnswerEvent> out) {
            for (String field : List.of("tool_calls", "function_call", "audio")) {
                if (delta.hasNonNull(field)) {
                    out.accept(new AnswerEvent.Other(""));
                }
            }
            for (String field : List.of("reasoning_content", "reasoning")) {
                if (delta.path(field).isTextual() && !delta.path(field).asText().isEmpty()) {
                    out.accept(new AnswerEvent.Reasoning(delta.path(field).asText()));
                }
            }
            for (String field : List.of("content", "refusal")) {
                if (delta.path(field).isTextual() && !delta.path(field).asText().isEmpty()) {
                    out.accept(new AnswerEvent.Text(delta.path(field).asText()));
                }
            }
        }
    }
}
