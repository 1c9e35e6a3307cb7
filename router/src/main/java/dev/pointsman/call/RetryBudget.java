package dev.pointsman.call;

import dev.pointsman.policy.RetryShare;

import java.time.Duration;

/**
 * How many repeats one upstream may still be sent. Repeats help against a lone failure and do harm
 * in an outage, where every caller sends several: so they are a share of the requests, counted over
 * the last 10 seconds, with a small floor for upstreams that are seldom called. No burst of
 * requests is counted twice, so over any time in which the share is the larger of the two, calls
 * are at most {@code 1 + share} of the requests.
 *
 * <p>After Finagle's retry budgets (share, floor a second, 10 s of memory) and the SRE book's
 * budget of retries per client in "Handling Overload"; limiting retries is AWS REL05-BP03.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://finagle.github.io/blog/2016/02/08/retry-budgets/">Retry Budgets</a>
 * @see <a href="https://sre.google/sre-book/handling-overload/">Handling Overload</a>
 */
final class RetryBudget {

    private static final int SECONDS = 10;
    private static final long SPAN = Duration.ofSeconds(SECONDS).toNanos();

    private final double share;
    private final long floor;
    private final SlidingSum requests = new SlidingSum(SPAN, SECONDS);
    private final SlidingSum repeats = new SlidingSum(SPAN, SECONDS);

    RetryBudget(RetryShare settings) {
        share = settings.share();
        floor = (long) settings.perSecond() * SECONDS;
    }

    /** Counts a request's first call to this upstream. */
    synchronized void requested(long now) {
        requests.add(now, 1);
    }

    /** Takes one repeat if there is room for it; if not, the call must not be made. */
    synchronized boolean repeat(long now) {
        if (repeats.sum(now) + 1 > Math.max(share * requests.sum(now), floor)) {
            return false;
        }
        repeats.add(now, 1);
        return true;
    }
}
