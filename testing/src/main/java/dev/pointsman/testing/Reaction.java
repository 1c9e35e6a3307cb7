package dev.pointsman.testing;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** What the fake provider does with a request. */
public sealed interface Reaction {

    /** A whole answer, in the format that was spoken. */
    record Answers(
            Function<ProviderRequest, String> text,
            Tokens tokens,
            Duration before,
            Duration between)
            implements Reaction {

        /** The same with a wait before the first byte. */
        public Answers after(Duration wait) {
            return new Answers(text, tokens, wait, between);
        }

        /** The same with a wait before every event of a stream. */
        public Answers every(Duration wait) {
            return new Answers(text, tokens, before, wait);
        }

        /** The same with that usage. */
        public Answers tokens(long input, long output, long cacheRead, long cacheWrite) {
            return new Answers(
                    text, new Tokens(input, output, cacheRead, cacheWrite), before, between);
        }
    }

    /** The usage that an answer reports; input apart from what the cache had. */
    record Tokens(long input, long output, long cacheRead, long cacheWrite) {}

    /** A status, with the format's own error body unless another one is given. */
    record Fails(int status, String body, Map<String, String> headers) implements Reaction {}

    /** Takes the request and never answers. */
    record Hangs() implements Reaction {}

    /** Resets the connection instead of answering. */
    record Resets() implements Reaction {}

    /** Begins a stream and breaks off after so many events: by a reset, or by a clean end. */
    record BreaksOff(int events, boolean reset) implements Reaction {}

    /** Begins a stream and says nothing further. */
    record FallsSilent(int events) implements Reaction {}

    /** A stream whose first event is an error. */
    record ErrorEventFirst() implements Reaction {}

    /** Status 200 and these bytes. */
    record Says(String contentType, String body) implements Reaction {}

    static Answers answers(String text) {
        return answersWith(request -> text);
    }

    static Answers answersWith(Function<ProviderRequest, String> text) {
        return new Answers(text, new Tokens(10, 5, 0, 0), Duration.ZERO, Duration.ZERO);
    }

    static Reaction fails(int status) {
        return new Fails(status, "", Map.of());
    }

    static Reaction fails(int status, String body, Map<String, String> headers) {
        return new Fails(status, body, headers);
    }
}
