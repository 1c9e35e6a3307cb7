package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/** Gemini. The key goes into a header, never into the address. */
final class GeminiCodec implements Codec {

    @Override
    public Format format() {
        return Format.GEMINI;
    }

    @Override
    public void read(byte[] body, Consumer<AnswerEvent> out) throws ProtocolException {
        throw new UnsupportedOperationException("not written");
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        String method =
                switch (operation) {
                    case ANSWER -> stream ? ":streamGenerateContent" : ":generateContent";
                    case COUNT_TOKENS -> ":countTokens";
                    case EMBED -> ":embedContent";
                    case EMBED_BATCH -> ":batchEmbedContents";
                };
        return "/v1beta/models/" + URLEncoder.encode(model, StandardCharsets.UTF_8) + method;
    }

    @Override
    public String usageKey() {
        return "usageMetadata";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return counted(json);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return Map.of("x-goog-api-key", key.reveal());
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    /**
     * Gemini counts the cached tokens within the prompt, and the thoughts beside the candidates.
     */
    private static Usage counted(JsonNode json) {
        if (!json.isObject()) {
            return Usage.NONE.asEstimate();
        }
        long cached = Json.count(json.path("cachedContentTokenCount"), 0);
        long thoughts = Json.count(json.path("thoughtsTokenCount"), 0);
        long prompt =
                Json.count(json.path("promptTokenCount"), 0)
                        + Json.count(json.path("toolUsePromptTokenCount"), 0);
        long fresh = Math.max(0, prompt - cached);
        return new Usage(
                fresh,
                Json.count(json.path("candidatesTokenCount"), 0) + thoughts,
                cached,
                0,
                thoughts,
                false);
    }

    private static Stop stop(String reason) {
        return switch (reason) {
            case "STOP" -> Stop.END;
            case "MAX_TOKENS" -> Stop.MAX_TOKENS;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY" ->
                    Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    /** A stream has no end mark: it was whole if a finish reason came before the bytes ended. */
    private static final class Stream implements StreamReader {
        private boolean finished;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            JsonNode json = Json.readEvent(event.data());
            if (json.path("error").isObject()) {
                out.accept(new AnswerEvent.Failed(HttpFailures.inBand(json.path("error"))));
                return;
            }
            JsonNode candidate = json.path("candidates").path(0);
            for (JsonNode part : candidate.path("content").path("parts")) {
                String text = part.path("text").asText();
                if (!part.has("text")) {
                    out.accept(new AnswerEvent.Other(""));
                } else if (!text.isEmpty()) {
                    out.accept(
                            part.path("thought").asBoolean()
                                    ? new AnswerEvent.Reasoning(text)
                                    : new AnswerEvent.Text(text));
                }
            }
            if (json.path("usageMetadata").isObject()) {
                out.accept(new AnswerEvent.Tokens(counted(json.path("usageMetadata"))));
            }
            boolean blocked = json.path("promptFeedback").path("blockReason").isTextual();
            if (candidate.path("finishReason").isTextual() || blocked) {
                finished = true;
                out.accept(
                        new AnswerEvent.Stopped(
                                blocked
                                        ? Stop.REFUSAL
                                        : stop(candidate.path("finishReason").asText())));
            }
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            if (finished) {
                out.accept(new AnswerEvent.End());
            }
        }
    }
}
