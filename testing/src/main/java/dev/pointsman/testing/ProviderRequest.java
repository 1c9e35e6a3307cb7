package dev.pointsman.testing;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the fake provider received it.
 *
 * @param path with its query
 * @param headers by lower-case name; those that came more than once joined by commas
 * @param bytes the body as it came, without the framing of chunks
 * @param body the body as JSON; an empty object if it is none
 */
public record ProviderRequest(
        String method, String path, Map<String, String> headers, byte[] bytes, JsonNode body) {

    /** The body as text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The key it came with, as a bearer or in the header of its format. */
    public Optional<String> credential() {
        return header("authorization")
                .map(value -> value.replaceFirst("(?i)^bearer ", ""))
                .or(() -> header("x-api-key"))
                .or(() -> header("x-goog-api-key"));
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
