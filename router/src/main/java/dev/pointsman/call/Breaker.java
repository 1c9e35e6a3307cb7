package dev.pointsman.call;

import dev.pointsman.policy.BreakerSettings;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Leaves one deployment alone for a while when it fails.
 *
 * <p>Closed, it lets every call through, and opens after some failures in a row, or when a share of
 * the calls of a window failed, or at once when the provider says for how long. Open, it lets none
 * through. After that time it is half-open and tries the deployment with 1 call at once, after a
 * success with 2, after two more with 4, after four more with 8, and after eight more it closes: a
 * deployment that has just come back is not knocked over again. A failure on the way opens it for
 * twice as long. Every open time varies by a fifth, so that several gateways do not come back in
 * step; where a provider says a time, only upwards.
 *
 * <p>A caller owes one ending to each entry it was given: {@link #succeeded}, {@link #failed} or
 * {@link #left}, also when it is cancelled or throws; a trial without an ending keeps its place.
 * Endings of calls that entered before the last opening are ignored.
 *
 * <p>Stopping calls to what fails is AWS REL05-BP01 and Nygard's "Release It!", chapter 5; the
 * jitter is that of "Exponential Backoff And Jitter" (AWS Architecture Blog).
 *
 * <p>Times are nanoseconds of a monotonic clock. Thread-safe; takes no memory for a call.
 */
final class Breaker {

    /** Whether calls are let through. */
    enum State {
        /** All are. */
        CLOSED,
        /** None is. */
        OPEN,
        /** As many at once as the ramp says. */
        HALF_OPEN
    }

    /** What {@link #enter} answers when a call is not let through. */
    static final long SHUT = -1;

    /** Trials at once in the last step of the ramp. */
    static final int RAMP = 8;

    private static final int SLOTS = 10;
    private static final double JITTER = 0.2;

    private final BreakerSettings settings;
    private final RandomGenerator random;
    private final SlidingSum calls;
    private final SlidingSum failures;
    private final long first;
    private final long longest;

    private State state = State.CLOSED;

    /** How often it opened: tells calls that entered since the last opening from older ones. */
    private long openings;

    private long openUntil;

    /** The next open time before jitter. */
    private long next;

    private long closedAt;
    private int inARow;
    private int ramp;
    private int trials;
    private int passed;

    Breaker(BreakerSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        calls = new SlidingSum(settings.window().toNanos(), SLOTS);
        failures = new SlidingSum(settings.window().toNanos(), SLOTS);
        first = settings.open().toNanos();
        longest = settings.longest().toNanos();
        next = first;
    }

    /** Whether {@link #enter} would let a call through now. Changes nothing. */
    synchronized boolean admits(long now) {
        return switch (state(now)) {
            case CLOSED -> true;
            case OPEN -> false;
            case HALF_OPEN -> state == State.OPEN || trials < ramp;
        };
    }

    /**
     * Begins a call.
     *
     * @return the entry, to be given back with the call's ending; {@link #SHUT} if it may not begin
     */
    synchronized long enter(long now) {
        if (!admits(now)) {
            return SHUT;
        }
        if (state == State.OPEN) {
            startRamp();
        }
        if (state == State.HALF_OPEN) {
            trials++;
        }
        return openings;
    }

    /** The call was answered. */
    synchronized void succeeded(long entry, long now) {
        if (entry != openings) {
            return;
        }
        if (state == State.HALF_OPEN) {
            trials--;
            climb(now);
        } else {
            inARow = 0;
            calls.add(now, 1);
        }
    }

    /** The call failed in a way that speaks against the deployment. */
    synchronized void failed(long entry, long now) {
        failed(entry, now, Duration.ZERO);
    }

    /**
     * The same, and the provider said for how long it wants to be left alone.
     *
     * @param retryAfter it opens at once for at least so long, but no longer than the longest open
     *     time and a fifth; not at once if this is 0 or less
     */
    synchronized void failed(long entry, long now, Duration retryAfter) {
        if (entry != openings) {
            return;
        }
        boolean told = retryAfter.isPositive();
        if (state == State.HALF_OPEN || failsOften(now)) {
            open(now, Math.max(ownTime(now), told ? atLeast(retryAfter) : 0));
        } else if (told) {
            open(now, atLeast(retryAfter));
        }
    }

    /**
     * Opens at once, because of what one answer said of all calls: a key that is not accepted, a
     * quota used up. Counts as the ending of every call that has entered.
     *
     * @param time it stays open for at least so long, but no longer than the longest open time and
     *     a fifth; an open time that ends later stays
     */
    synchronized void shut(long now, Duration time) {
        long least = atLeast(time);
        switch (state(now)) {
            case CLOSED -> open(now, least);
            case HALF_OPEN -> open(now, Math.max(ownTime(now), least));
            case OPEN -> openUntil = Math.max(openUntil - now, least) + now;
        }
    }

    /** The call ended without a verdict: cancelled, or refused for the caller's own fault. */
    synchronized void left(long entry) {
        if (entry == openings && state == State.HALF_OPEN) {
            trials--;
        }
    }

    synchronized State state(long now) {
        return state == State.OPEN && now - openUntil >= 0 ? State.HALF_OPEN : state;
    }

    /** For how long it lets no call through, whoever asks; 0 unless it is open. */
    synchronized long openFor(long now) {
        return state(now) == State.OPEN ? openUntil - now : 0;
    }

    /** When calls are tried again; only to be asked while {@link State#OPEN}. */
    synchronized long openUntil() {
        return openUntil;
    }

    private boolean failsOften(long now) {
        inARow++;
        calls.add(now, 1);
        failures.add(now, 1);
        long ended = calls.sum(now);
        return inARow >= settings.failures()
                || ended >= settings.calls() && failures.sum(now) >= settings.share() * ended;
    }

    private void startRamp() {
        state = State.HALF_OPEN;
        ramp = 1;
        passed = 0;
    }

    private void climb(long now) {
        passed++;
        if (passed < ramp) {
            return;
        }
        passed = 0;
        ramp *= 2;
        if (ramp > RAMP) {
            state = State.CLOSED;
            closedAt = now;
        }
    }

    private void open(long now, long time) {
        state = State.OPEN;
        openings++;
        openUntil = now + time;
        trials = 0;
        inARow = 0;
        calls.clear();
        failures.clear();
    }

    /** Doubles from one opening to the next, until it was closed for the longest open time. */
    private long ownTime(long now) {
        if (state == State.CLOSED && now - closedAt >= longest) {
            next = first;
        }
        long time = next;
        next = Math.min(longest, 2 * time);
        return (long) (time * (1 + JITTER * (2 * random.nextDouble() - 1)));
    }

    private long atLeast(Duration time) {
        long capped = time.compareTo(settings.longest()) < 0 ? time.toNanos() : longest;
        return (long) (Math.max(0, capped) * (1 + JITTER * random.nextDouble()));
    }
}
