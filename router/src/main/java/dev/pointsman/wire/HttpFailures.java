package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Failure;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a provider's error means, by its status, the error type in its body, and its words where the
 * status says too little.
 */
final class HttpFailures {

    private static final Pattern QUOTA =
            Pattern.compile(
                    "insufficient_quota|exceeded your current quota|billing|spend(ing)?"
                        + " limit|credit balance|usage limit|insufficient (credits|balance|funds)",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern FILTER =
            Pattern.compile(
                    "content_filter|content_policy_violation|content management policy",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern BAD_KEY =
            Pattern.compile(
                    "api[ _]key not valid|api_key_invalid|invalid api key",
                    Pattern.CASE_INSENSITIVE);

    private HttpFailures() {}

    static Failure of(int status, Function<String, Optional<String>> header, byte[] body) {
        JsonNode error = error(body);
        String message = "HTTP " + status + message(error).map(words -> ": " + words).orElse("");
        String all = type(error) + " " + message;
        return switch (status) {
            case 401 -> new Failure.Auth(message);
            case 402 -> new Failure.QuotaExhausted(message);
            case 403 -> new Failure.Forbidden(message);
            case 404 -> new Failure.NotFound(message);
            case 413 -> new Failure.TooLarge(message);
            case 408 -> new Failure.ServerError(false, message);
            case 502, 504 -> new Failure.ServerError(true, message);
            case 429 ->
                    QUOTA.matcher(all).find()
                            ? new Failure.QuotaExhausted(message)
                            : new Failure.RateLimited(retryAfter(header, error), message);
            case 503, 529 -> new Failure.Overloaded(retryAfter(header, error), message);
            default -> {
                if (status >= 500) {
                    yield new Failure.ServerError(false, message);
                }
                if (status < 400) {
                    yield new Failure.Protocol(message + " (redirects are not followed)");
                }
                if (QUOTA.matcher(all).find()) {
                    yield new Failure.QuotaExhausted(message);
                }
                if (FILTER.matcher(all).find()) {
                    yield new Failure.Refused(message);
                }
                yield BAD_KEY.matcher(all).find()
                        ? new Failure.Auth(message)
                        : new Failure.BadRequest(message);
            }
        };
    }

    /**
     * What an error object within a 200 means: an error event of a stream, or a body that is only
     * an error.
     */
    static Failure inBand(JsonNode error) {
        String message = message(error).orElse("the provider sent an error without words");
        String type = type(error).toLowerCase(Locale.ROOT);
        if (type.contains("overloaded") || type.contains("unavailable")) {
            return new Failure.Overloaded(Optional.empty(), message);
        }
        if (QUOTA.matcher(type + " " + message).find()) {
            return new Failure.QuotaExhausted(message);
        }
        if (type.contains("rate_limit") || type.contains("resource_exhausted")) {
            return new Failure.RateLimited(Optional.empty(), message);
        }
        if (type.contains("authentication")) {
            return new Failure.Auth(message);
        }
        if (type.contains("invalid_request") || type.contains("invalid_argument")) {
            return new Failure.BadRequest(message);
        }
        return new Failure.ServerError(false, message);
    }

    private static JsonNode error(byte[] body) {
        try {
            JsonNode tree = Json.read(body);
            JsonNode first = tree.isArray() && !tree.isEmpty() ? tree.get(0) : tree;
            return first.has("error") ? first.get("error") : first;
        } catch (IOException e) {
            return Json.object();
        }
    }

    private static Optional<String> message(JsonNode error) {
        JsonNode words = error.isTextual() ? error : error.path("message");
        return words.isTextual() ? Optional.of(Redaction.clean(words.asText())) : Optional.empty();
    }

    /**
     * Everything the error calls itself: Anthropic and OpenAI say type and code, Google a status.
     */
    private static String type(JsonNode error) {
        return error.path("type").asText("")
                + " "
                + error.path("code").asText("")
                + " "
                + error.path("status").asText("");
    }

    private static Optional<Duration> retryAfter(
            Function<String, Optional<String>> header, JsonNode error) {
        Optional<Duration> millis =
                header.apply("retry-after-ms").flatMap(text -> seconds(text, 0.001));
        if (millis.isPresent()) {
            return millis;
        }
        Optional<String> plain = header.apply("retry-after");
        Optional<Duration> said =
                plain.flatMap(text -> seconds(text, 1))
                        .or(() -> plain.flatMap(HttpFailures::untilDate));
        return said.or(() -> retryInfo(error));
    }

    private static Optional<Duration> retryInfo(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            String delay = detail.path("retryDelay").asText("");
            if (delay.endsWith("s")) {
                return seconds(delay.substring(0, delay.length() - 1), 1);
            }
        }
        return Optional.empty();
    }

    private static Optional<Duration> seconds(String text, double unit) {
        try {
            double seconds = Double.parseDouble(text.strip()) * unit;
            boolean sane = seconds >= 0 && seconds < 1e9;
            return sane
                    ? Optional.of(Duration.ofMillis(Math.round(seconds * 1000)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> untilDate(String text) {
        try {
            Instant until =
                    ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
            Duration left = Duration.between(Instant.now(), until);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
