package dev.pointsman.call;

import dev.pointsman.wire.Headers;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a provider said in its answers' headers that remains of its limits, less what was begun
 * since. Understands {@code x-ratelimit-*} (OpenAI and those that took its names) and {@code
 * anthropic-ratelimit-*}. A figure holds until the reset it came with, but no longer than two
 * minutes; one without a reset, or that cannot be read, is ignored. Of limits of input or output
 * tokens alone it is only known when nothing remains, as a call's tokens are not told apart.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/guides/rate-limits">OpenAI: rate limits</a>
 * @see <a href="https://docs.anthropic.com/en/api/rate-limits">Anthropic: rate limits</a>
 */
final class ProviderLimits {

    private enum Kind {
        REQUESTS,
        TOKENS,
        INPUT_TOKENS,
        OUTPUT_TOKENS;

        private static final Kind[] ALL = values();

        private final String header = name().toLowerCase(Locale.ROOT).replace('_', '-');

        private String words() {
            return header.replace('-', ' ');
        }
    }

    private static final String OPENAI = "x-ratelimit-";
    private static final String ANTHROPIC = "anthropic-ratelimit-";
    private static final String REMAINING = "remaining";
    private static final String RESET = "reset";
    private static final Pattern COUNT = Pattern.compile("\\d{1,15}");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");
    private static final Pattern PART =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h|d)");
    private static final long LONGEST = Duration.ofMinutes(2).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long UNSAID = -1;

    private final InstantSource wall;
    private final BiConsumer<String, String> visitor = this::read;
    private final long[] remaining = new long[Kind.ALL.length];
    private final long[] until = new long[Kind.ALL.length];
    private final boolean[] known = new boolean[Kind.ALL.length];
    private final long[] saidRemaining = new long[Kind.ALL.length];
    private final long[] saidReset = new long[Kind.ALL.length];

    /**
     * @param wall for resets that are said as a time of day
     */
    ProviderLimits(InstantSource wall) {
        this.wall = wall;
    }

    void told(long now, Headers headers) {
        Arrays.fill(saidRemaining, UNSAID);
        Arrays.fill(saidReset, UNSAID);
        headers.each(visitor);
        for (int i = 0; i < Kind.ALL.length; i++) {
            if (saidRemaining[i] != UNSAID && saidReset[i] != UNSAID) {
                remaining[i] = saidRemaining[i];
                until[i] = now + saidReset[i];
                known[i] = true;
            }
        }
    }

    void begun(long tokens) {
        remaining[Kind.REQUESTS.ordinal()]--;
        remaining[Kind.TOKENS.ordinal()] -= tokens;
    }

    /** Why a call of so many tokens would be refused now; empty if nothing is known against it. */
    Optional<String> full(long now, long tokens) {
        for (Kind kind : Kind.ALL) {
            long wait = wait(kind, now, tokens);
            if (wait > 0) {
                return Optional.of(
                        "the provider has %d %s left for %d s"
                                .formatted(
                                        Math.max(0, remaining[kind.ordinal()]),
                                        kind.words(),
                                        Math.ceilDiv(wait, SECOND)));
            }
        }
        return Optional.empty();
    }

    /** Nanoseconds until nothing is known any more against such a call. */
    long wait(long now, long tokens) {
        long longest = 0;
        for (Kind kind : Kind.ALL) {
            longest = Math.max(longest, wait(kind, now, tokens));
        }
        return longest;
    }

    private long wait(Kind kind, long now, long tokens) {
        int i = kind.ordinal();
        long needed =
                switch (kind) {
                    case TOKENS -> tokens;
                    case REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS -> 1;
                };
        return known[i] && remaining[i] < needed ? Math.max(0, until[i] - now) : 0;
    }

    private void read(String name, String value) {
        if (startsWith(name, 0, OPENAI)) {
            readOpenAi(name, value.strip());
        } else if (startsWith(name, 0, ANTHROPIC)) {
            readAnthropic(name, value.strip());
        }
    }

    private void readOpenAi(String name, String value) {
        int what = OPENAI.length();
        for (Kind kind : Kind.ALL) {
            if (isPair(name, what, REMAINING, kind.header)) {
                saidRemaining[kind.ordinal()] = count(value);
            } else if (isPair(name, what, RESET, kind.header)) {
                saidReset[kind.ordinal()] = duration(value);
            }
        }
    }

    private void readAnthropic(String name, String value) {
        int what = ANTHROPIC.length();
        for (Kind kind : Kind.ALL) {
            if (isPair(name, what, kind.header, REMAINING)) {
                saidRemaining[kind.ordinal()] = count(value);
            } else if (isPair(name, what, kind.header, RESET)) {
                saidReset[kind.ordinal()] = fromTimestamp(value);
            }
        }
    }

    private static boolean startsWith(String name, int from, String prefix) {
        return name.regionMatches(true, from, prefix, 0, prefix.length());
    }

    /** Whether the rest of the name is the two words with a hyphen between them. */
    private static boolean isPair(String name, int from, String first, String second) {
        int hyphen = from + first.length();
        return name.length() == hyphen + 1 + second.length()
                && startsWith(name, from, first)
                && name.charAt(hyphen) == '-'
                && startsWith(name, hyphen + 1, second);
    }

    private static long count(String value) {
        return COUNT.matcher(value).matches() ? Long.parseLong(value) : UNSAID;
    }

    private static long duration(String value) {
        if (SECONDS.matcher(value).matches()) {
            return nanos(Double.parseDouble(value));
        }
        Matcher part = PART.matcher(value);
        double seconds = 0;
        int end = 0;
        while (part.lookingAt()) {
            seconds += Double.parseDouble(part.group(1)) * unit(part.group(2));
            end = part.end();
            part.region(end, value.length());
        }
        return end > 0 && end == value.length() ? nanos(seconds) : UNSAID;
    }

    private static double unit(String name) {
        return switch (name) {
            case "ns" -> 1e-9;
            case "us", "µs" -> 1e-6;
            case "ms" -> 1e-3;
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3_600;
            default -> 86_400;
        };
    }

    private static long nanos(double seconds) {
        return (long) Math.min(LONGEST, Math.rint(seconds * SECOND));
    }

    private long fromTimestamp(String value) {
        try {
            Duration away =
                    Duration.between(wall.instant(), OffsetDateTime.parse(value).toInstant());
            return away.isNegative()
                    ? 0
                    : nanos(away.getSeconds() + away.getNano() / (double) SECOND);
        } catch (DateTimeException notATime) {
            return UNSAID;
        }
    }
}
