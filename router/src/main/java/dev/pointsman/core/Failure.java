package dev.pointsman.core;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Why an attempt did not give an answer. The kind alone decides what happens next: {@link #next()}.
 *
 * <p>{@code message} is for people, has been cleared of keys, and may hold the provider's own
 * words.
 */
public sealed interface Failure {

    String message();

    /** What may be done next. */
    enum Next {
        /** The same model may succeed on a repetition, and so may another. */
        AGAIN,
        /** Not this model, or not without doing the work twice; another may. */
        OTHER,
        /** The caller must change something first. */
        CALLER
    }

    /** What may be done next. The kind alone decides. */
    default Next next() {
        return switch (this) {
            case BadRequest f -> Next.CALLER;
            case Auth f -> Next.OTHER;
            case Forbidden f -> Next.OTHER;
            case NotFound f -> Next.CALLER;
            case TooLarge f -> Next.CALLER;
            case RateLimited f -> Next.AGAIN;
            case QuotaExhausted f -> Next.OTHER;
            case Overloaded f -> Next.AGAIN;
            case ServerError f -> f.worked() ? Next.OTHER : Next.AGAIN;
            case Timeout f -> f.clock().next;
            case Network f -> Next.AGAIN;
            case Protocol f -> Next.OTHER;
            case Truncated f -> Next.AGAIN;
            case Refused f -> Next.CALLER;
            case Cancelled f -> Next.CALLER;
        };
    }

    /** Whether the key was refused, so that only a provider with another key can be the next. */
    default boolean refusesKey() {
        return this instanceof Auth || this instanceof Forbidden || this instanceof QuotaExhausted;
    }

    /** How long the provider asks to be left alone; empty if it did not say. */
    default Optional<Duration> retryAfter() {
        return Optional.empty();
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
    record Overloaded(Optional<Duration> retryAfter, String message) implements Failure {}

    /**
     * The provider failed (other 5xx).
     *
     * @param worked whether the work may have been done all the same (502, 504), so that a
     *     repetition may be paid twice
     */
    record ServerError(boolean worked, String message) implements Failure {}

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

    /** A content filter of the provider took the place of an answer. */
    record Refused(String message) implements Failure {}

    /** Nobody waits for the answer any more: the caller left, or another model was faster. */
    record Cancelled(String message) implements Failure {}

    /** Which clock ran out. */
    enum Clock {
        CONNECT("no connection", Next.AGAIN),
        FIRST_CONTENT("no content", Next.OTHER),
        IDLE("no further content", Next.OTHER),
        TOTAL("no complete answer", Next.CALLER);

        private final String words;
        private final Next next;

        Clock(String words, Next next) {
            this.words = words;
            this.next = next;
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
