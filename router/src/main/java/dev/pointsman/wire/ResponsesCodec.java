package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;

import java.util.Map;
import java.util.function.Consumer;

/** OpenAI Responses. Nothing is stored at the provider. */
final class ResponsesCodec implements Codec {

    @Override
    public Format format() {
        return Format.OPENAI_RESPONSES;
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        return operation == Operation.EMBED ? "/embeddings" : "/responses";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return OpenAiUsage.responses(json);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return OpenAi.bearer(key);
    }

    @Override
    public void read(byte[] body, Consumer<AnswerEvent> out) throws ProtocolException {
        JsonNode json = Json.readAnswer(body);
        boolean failed = json.path("status").asText().equals("failed");
        if (json.path("error").isObject() || failed) {
            throw new ProtocolException(HttpFailures.inBand(json.path("error")));
        }
        if (!json.path("output").isArray()) {
            throw ProtocolException.garbled("the answer has no output");
        }
        ResponsesOutputReader reader = new ResponsesOutputReader(out);
        reader.begun(json);
        reader.output(json);
        reader.ended(json);
    }

    @Override
    public StreamReader stream() {
        return new ResponsesStream();
    }
}
