package dev.pointsman.gateway;

import dev.pointsman.wire.Headers;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * How long a provider wants to be left alone, as it said it to whoever asks next: SDKs obey to the
 * letter, so more than two minutes are two minutes, and what cannot be read is not passed on.
 */
final class RetryAfter {

    private static final long LONGEST_SECONDS = 120;
    private static final int MILLIS = 1_000;

    private RetryAfter() {}

    /** Hands on the headers that say so. */
    static void pass(Headers said, BiConsumer<String, String> out) {
        said.first("retry-after")
                .flatMap(text -> number(text, LONGEST_SECONDS).or(() -> date(text)))
                .ifPresent(fit -> out.accept("retry-after", fit));
        said.first("retry-after-ms")
                .flatMap(text -> number(text, LONGEST_SECONDS * MILLIS))
                .ifPresent(fit -> out.accept("retry-after-ms", fit));
    }

    /** Whole seconds, at least one, for a header of our own. */
    static String said(Duration time) {
        long seconds = time.plusNanos(999_999_999).toSeconds();
        return Long.toString(Math.clamp(seconds, 1, LONGEST_SECONDS));
    }

    private static Optional<String> number(String said, long most) {
        try {
            double number = Double.parseDouble(said);
            return number >= 0
                    ? Optional.of(number > most ? Long.toString(most) : said.strip())
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
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
