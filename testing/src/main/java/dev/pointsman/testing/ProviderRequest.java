package dev.pointsman.testing;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Optional;

/**
 * A request as the fake provider received it.
 *
 * @param path with its query
 * @param headers by lower-case name
 * @param text the body as it came
 * @param body the body as JSON; an empty object if it is none
 */
public record ProviderRequest(
        String method, String path, Map<String, String> headers, String text, JsonNode body) {

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The model asked for: in the body, or with Gemini in the path. */
    public String model() {
        if (body.has("model")) {
            return body.path("model").asText();
        }
        int begin = path.indexOf("/models/") + "/models/".length();
        int end = path.indexOf(':', begin);
        return end < 0 ? "" : path.substring(begin, end);
    }

    /** Whether a stream was asked for. */
    public boolean streams() {
        return body.path("stream").asBoolean() || path.contains(":streamGenerateContent");
    }
}
