package dev.pointsman.call;

import dev.pointsman.policy.DeploymentLimits;
import dev.pointsman.wire.Headers;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What one deployment may still be sent: calls at once, calls and tokens within a minute, and what
 * its provider says remains. Tokens of a call count from its beginning, as estimated, and for a
 * minute from its end, as they were.
 *
 * <p>A caller owes one {@link #end} to each {@link #begin}. {@link #full} and {@link #begin} are
 * two steps, so callers at the same moment may pass a limit by as many.
 *
 * <p>Times are nanoseconds of a monotonic clock. Thread-safe; takes no memory for a call.
 */
final class Quota {

    /** A second more than a minute: the slot that is being filled is not a whole one. */
    private static final int SECONDS = 61;

    private static final long SPAN = Duration.ofSeconds(SECONDS).toNanos();

    /** When to look again for what calls under way hold. */
    private static final long SOON = Duration.ofSeconds(1).toNanos();

    private final DeploymentLimits limits;
    private final ProviderLimits provider;
    private final SlidingSum requests = new SlidingSum(SPAN, SECONDS);
    private final SlidingSum tokensEnded = new SlidingSum(SPAN, SECONDS);
    private int underWay;
    private long tokensUnderWay;

    /**
     * @param wall for headers that say a time of day
     */
    Quota(DeploymentLimits limits, InstantSource wall) {
        this.limits = limits;
        provider = new ProviderLimits(wall);
    }

    /** Why a call of so many tokens cannot begin now by limits of ours; empty if it can. */
    synchronized Optional<String> full(long now, long tokens) {
        if (allPlacesTaken()) {
            return Optional.of("%d calls are under way, the most at once".formatted(underWay));
        }
        if (requestsOver(now)) {
            return Optional.of(
                    "%d requests a minute are used up".formatted(limits.requestsPerMinute()));
        }
        if (tokensOver(now, tokens)) {
            return Optional.of(
                    "%d tokens are too many with %d of %d a minute used"
                            .formatted(tokens, tokensUsed(now), limits.tokensPerMinute()));
        }
        return Optional.empty();
    }

    /** Why the provider would refuse a call of so many tokens now; empty if nothing is known. */
    synchronized Optional<String> spent(long now, long tokens) {
        return provider.full(now, tokens);
    }

    /**
     * How long until there is room for a call of so many tokens, as far as is known: a second if
     * that depends on calls under way; about a minute for a call that is larger than the limit.
     */
    synchronized Duration until(long now, long tokens) {
        long wait = Math.max(provider.wait(now, tokens), allPlacesTaken() ? SOON : 0);
        if (requestsOver(now)) {
            wait = Math.max(wait, requests.atMost(now, limits.requestsPerMinute() - 1) - now);
        }
        if (tokensOver(now, tokens)) {
            wait = Math.max(wait, tokensWait(now, tokens));
        }
        return wait == 0 ? Duration.ZERO : Duration.ofNanos(wait);
    }

    /**
     * @param tokens what the call will take, in and out, as estimated
     */
    synchronized void begin(long now, long tokens) {
        underWay++;
        tokensUnderWay += tokens;
        requests.add(now, 1);
        provider.begun(tokens);
    }

    /**
     * @param estimated what {@link #begin} was told
     * @param actual what the call took
     */
    synchronized void end(long now, long estimated, long actual) {
        underWay--;
        tokensUnderWay -= estimated;
        tokensEnded.add(now, actual);
    }

    /** How many more calls may begin now; 0 without a limit too. */
    synchronized long requestsLeft(long now) {
        return Math.max(0, limits.requestsPerMinute() - requests.sum(now));
    }

    /** How many more tokens calls may take now; 0 without a limit too. */
    synchronized long tokensLeft(long now) {
        return Math.max(0, limits.tokensPerMinute() - tokensUsed(now));
    }

    /** Takes note of what an answer's headers say of the provider's limits, if anything. */
    synchronized void told(long now, Headers headers) {
        provider.told(now, headers);
    }

    private boolean allPlacesTaken() {
        return limits.concurrent() > 0 && underWay >= limits.concurrent();
    }

    private boolean requestsOver(long now) {
        long most = limits.requestsPerMinute();
        return most > 0 && requests.sum(now) >= most;
    }

    private boolean tokensOver(long now, long tokens) {
        long most = limits.tokensPerMinute();
        return most > 0 && tokensUsed(now) + tokens > most;
    }

    private long tokensUsed(long now) {
        return tokensUnderWay + tokensEnded.sum(now);
    }

    private long tokensWait(long now, long tokens) {
        long room = limits.tokensPerMinute() - tokens;
        if (room < 0) {
            return Duration.ofMinutes(1).toNanos();
        }
        long ended = Math.max(0, room - tokensUnderWay);
        return Math.max(SOON, tokensEnded.atMost(now, ended) - now);
    }
}
