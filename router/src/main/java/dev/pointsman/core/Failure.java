package dev.pointsman.core;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Why an attempt did not give an answer. The kind alone decides what happens next: {@link
 * #fallsBack()}.
 *
 * <p>{@code message} is for people, has been cleared of keys, and may hold the provider's own
 * words.
 */
public sealed interface Failure {

    String message();

    /**
     * Whether the next candidate may succeed where this one failed; otherwise the caller must
     * change something first.
     */
    default boolean fallsBack() {
        return switch (this) {
            case BadRequest f -> false;
            case Auth f -> false;
            case Forbidden f -> false;
            case NotFound f -> false;
            case TooLarge f -> false;
            case RateLimited f -> true;
            case QuotaExhausted f -> true;
            case Overloaded f -> true;
            case ServerError f -> true;
            case Timeout f -> true;
            case Network f -> true;
            case Protocol f -> true;
            case Truncated f -> true;
        };
    }

    /** The kind's name in reports and JSON, for example {@code rate_limited}. */
    default String kind() {
        return getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }

    /** The request is wrong (400, 422 and other client errors). */
    record BadRequest(String message) implements Failure {}

    /** The key is missing or wrong (401). */
    record Auth(String message) implements Failure {}

    /** The key may not do this (403). */
    record Forbidden(String message) implements Failure {}

    /** No such model or path (404). */
    record NotFound(String message) implements Failure {}

    /** The request is too large for the provider (413). */
    record TooLarge(String message) implements Failure {}

    /** Too many requests or tokens (429). */
    record RateLimited(Optional<Duration> retryAfter, String message) implements Failure {}

    /** The account has no money or quota left (402, or 429 that says so). */
    record QuotaExhausted(String message) implements Failure {}

    /** The provider has too much to do (529, 503, or an error event that says so). */
    record Overloaded(String message) implements Failure {}

    /** The provider failed (other 5xx). */
    record ServerError(String message) implements Failure {}

    /** One of the clocks ran out. */
    record Timeout(Clock clock, Duration after) implements Failure {
        @Override
        public String message() {
            return clock.words + " within " + after.toMillis() + " ms";
        }
    }

    /** The connection failed. */
    record Network(Phase phase, String message) implements Failure {}

    /** What came back is not the provider's format. */
    record Protocol(String message) implements Failure {}

    /** The answer ended before its end. */
    record Truncated(String message) implements Failure {}

    /** Which clock ran out. */
    enum Clock {
        CONNECT("no connection"),
        FIRST_CONTENT("no content"),
        IDLE("no further content"),
        TOTAL("no complete answer");

        private final String words;

        Clock(String words) {
            this.words = words;
        }
    }

    /** How far a call had come when the connection failed. */
    enum Phase {
        /** Nothing was sent: name lookup, connecting, TLS. */
        CONNECT,
        /** The request was sent, wholly or in part, and no answer had begun. */
        REQUEST,
        /** The answer had begun. */
        RESPONSE
    }
}
