package dev.pointsman.call;

import dev.pointsman.policy.DeploymentLimits;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What one caller may ask within a minute, in this process. Tokens of a request count from its
 * beginning, as estimated, and for a minute from its end, as they were. A request that is refused
 * counts for nothing.
 *
 * <p>A caller owes one {@link #end} to each {@link #take} that was not refused. Times are
 * nanoseconds of a monotonic clock. Thread-safe: requests at the same moment pass no limit.
 */
public final class CallerQuota {

    private final DeploymentLimits limits;
    private final Quota quota;

    /** Which limit is in the way. */
    public enum Bound {
        REQUESTS,
        TOKENS,
        /** The request alone is larger than what a minute may take. */
        TOO_LARGE
    }

    /**
     * Why a request cannot begin now.
     *
     * @param words for the caller
     * @param until how long until there is room, as far as is known
     * @param limit a minute
     * @param left of it
     */
    public record Full(Bound bound, String words, Duration until, long limit, long left) {}

    /**
     * @param requestsPerMinute 0 for any number
     * @param tokensPerMinute 0 for any number
     */
    public CallerQuota(long requestsPerMinute, long tokensPerMinute) {
        limits = new DeploymentLimits(0, requestsPerMinute, tokensPerMinute);
        quota = new Quota(limits, InstantSource.system());
    }

    /**
     * Begins a request, unless it passes a limit.
     *
     * @param tokens what it will take at most, in and out, as estimated
     * @return why it cannot begin; empty if it has
     */
    public synchronized Optional<Full> take(long now, long tokens) {
        Optional<String> full = quota.full(now, tokens);
        if (full.isEmpty()) {
            quota.begin(now, tokens);
            return Optional.empty();
        }
        Duration wait = quota.until(now, tokens);
        boolean requests = limits.requestsPerMinute() > 0 && quota.requestsLeft(now) == 0;
        return Optional.of(
                requests
                        ? new Full(Bound.REQUESTS, full.get(), wait, limits.requestsPerMinute(), 0)
                        : new Full(
                                tokens > limits.tokensPerMinute() ? Bound.TOO_LARGE : Bound.TOKENS,
                                full.get(),
                                wait,
                                limits.tokensPerMinute(),
                                quota.tokensLeft(now)));
    }

    /**
     * Ends a request.
     *
     * @param estimated what {@link #take} was told
     * @param actual what it took
     */
    public synchronized void end(long now, long estimated, long actual) {
        quota.end(now, estimated, actual);
    }
}
