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
        JsonNode json = Json.readAnswer(body);
        if (json.path("error").isObject()) {
            throw new ProtocolException(HttpFailures.inBand(json.path("error")));
        }
        boolean answered = json.path("candidates").path(0).isObject();
        if (!answered && !GeminiAnswerReader.isBlocked(json)) {
            throw ProtocolException.garbled("the answer has no candidates");
        }
        GeminiAnswerReader reader = new GeminiAnswerReader();
        reader.read(json, out);
        if (!reader.isStopped()) {
            out.accept(new AnswerEvent.Stopped(Stop.OTHER));
        }
        out.accept(new AnswerEvent.End());
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
        return GeminiUsage.read(json);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return Map.of("x-goog-api-key", key.reveal());
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    /** A stream has no end mark: it was whole if a finish reason came before the bytes ended. */
    private static final class Stream implements StreamReader {
        private final GeminiAnswerReader reader = new GeminiAnswerReader();

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            JsonNode json = Json.readEvent(event.data());
            if (json.path("error").isObject()) {
                out.accept(new AnswerEvent.Failed(HttpFailures.inBand(json.path("error"))));
                return;
            }
            reader.read(json, out);
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            if (reader.isStopped()) {
                out.accept(new AnswerEvent.End());
            }
        }
    }
}
