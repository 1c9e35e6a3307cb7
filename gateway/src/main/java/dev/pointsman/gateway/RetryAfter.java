package dev.pointsman.gateway;

import dev.pointsman.wire.Headers;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * How long a provider wants to be left alone, as it said it to whoever asks next: SDKs obey to the
 * letter, so more than two minutes are two minutes, and what cannot be read is not passed on.
 */
final class RetryAfter {

    static final String SECONDS = "retry-after";

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(\\.\\d{1,9})?");
    private static final long LONGEST_SECONDS = 120;
    private static final int MILLIS = 1_000;

    private RetryAfter() {}

    /** Hands on the headers that say so. */
    static void pass(Headers said, BiConsumer<String, String> out) {
        said.first(SECONDS)
                .flatMap(text -> number(text, LONGEST_SECONDS).or(() -> date(text)))
                .ifPresent(fit -> out.accept(SECONDS, fit));
        said.first("retry-after-ms")
                .flatMap(text -> number(text, LONGEST_SECONDS * MILLIS))
                .ifPresent(fit -> out.accept("retry-after-ms", fit));
    }

    /** A wait of ours, or one that was said elsewhere: whole seconds, at least 1. */
    static String of(Duration wait) {
        return Long.toString(
                Math.clamp(wait.plusMillis(MILLIS - 1).toSeconds(), 1, LONGEST_SECONDS));
    }

    private static Optional<String> number(String said, long most) {
        return Optional.of(said.strip())
                .filter(text -> NUMBER.matcher(text).matches())
                .map(text -> Double.parseDouble(text) > most ? Long.toString(most) : text);
    }

    private static Optional<String> date(String said) {
        try {
            Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(said.strip()));
            boolean late = until.isAfter(Instant.now().plusSeconds(LONGEST_SECONDS));
            return Optional.of(late ? Long.toString(LONGEST_SECONDS) : said.strip());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
