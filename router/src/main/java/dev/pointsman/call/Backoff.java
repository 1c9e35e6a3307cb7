package dev.pointsman.call;

import dev.pointsman.core.Failure;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a model is called again: doubling, with full jitter, as in "Exponential
 * Backoff And Jitter" (AWS Architecture Blog); at least as long as the provider says.
 */
final class Backoff {

    private static final long FIRST = Duration.ofMillis(250).toNanos();
    private static final long LEAST = Duration.ofMillis(20).toNanos();
    private static final int MOST_DOUBLINGS = 4;

    /** A caller is better told to come back than kept for longer. */
    private static final long LONGEST = Duration.ofSeconds(10).toNanos();

    private Backoff() {}

    /**
     * Nanoseconds to wait; empty if the provider wants to be left alone for too long, or its
     * breaker would let no call through after that time.
     *
     * @param failed how often this model has failed this request; at least 1
     * @param open for how long its breaker lets no call through, in nanoseconds: where the provider
     *     said a time, that varied upwards by a fifth is waited for, and no longer one
     */
    static OptionalLong after(Failure failure, int failed, long open, RandomGenerator random) {
        long told = failure.retryAfter().map(Backoff::nanos).orElse(0L);
        if (told > LONGEST) {
            return OptionalLong.empty();
        }
        long least = open <= told + told / 5 ? Math.max(told, open) : told;
        long most = FIRST << Math.min(failed - 1, MOST_DOUBLINGS);
        long wait = least + LEAST + (long) (random.nextDouble() * most);
        return wait < open ? OptionalLong.empty() : OptionalLong.of(wait);
    }

    private static long nanos(Duration told) {
        return told.compareTo(Duration.ofDays(1)) > 0 ? Long.MAX_VALUE : told.toNanos();
    }
}
