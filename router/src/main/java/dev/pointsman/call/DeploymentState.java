package dev.pointsman.call;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Clock;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.DeploymentLimits;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * What is known of one model at a provider from the calls to it: whether it is left alone, how much
 * of its limits is taken, how fast it begins. Thread-safe; times are monotonic nanoseconds.
 */
final class DeploymentState {

    /** How long a key that was refused, or whose money is used up, is left alone. */
    private static final Duration KEY_REFUSED = Duration.ofMinutes(1);

    private final AttemptRules rules;
    private final DeploymentLimits limits;
    private final Breaker breaker;
    private final Quota quota;
    private final Latencies streams = new Latencies();
    private final Latencies wholes = new Latencies();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Optional<Allowance> hedges;

    DeploymentState(
            AttemptRules rules, DeploymentLimits limits, Quota quota, RandomGenerator random) {
        this.rules = rules;
        this.limits = limits;
        this.breaker = new Breaker(rules.breaker(), random);
        this.quota = quota;
        this.hedges = rules.hedge().map(hedge -> new Allowance(hedge.share()));
    }

    /** Whether it was made under the same rules. */
    boolean isUnder(AttemptRules others, DeploymentLimits otherLimits) {
        return rules.equals(others) && limits.equals(otherLimits);
    }

    Breaker breaker() {
        return breaker;
    }

    Quota quota() {
        return quota;
    }

    /** Times to the first content of streams, or to the whole of other answers. */
    Latencies latencies(boolean stream) {
        return stream ? streams : wholes;
    }

    /** How many calls may be hedged; empty if none. */
    Optional<Allowance> hedges() {
        return hedges;
    }

    /** Calls under way. */
    int underWay() {
        return underWay.get();
    }

    void begin(long now, long tokens) {
        underWay.incrementAndGet();
        quota.begin(now, tokens);
    }

    void end(long now, long estimated, long actual) {
        underWay.decrementAndGet();
        quota.end(now, estimated, actual);
    }

    /**
     * What an ending says of the deployment. What a caller did wrong does not speak against it, and
     * neither does a caller who left.
     *
     * @param entry as {@link Breaker#enter} gave it
     */
    void judge(long entry, long now, Optional<Failure> failure) {
        if (failure.isEmpty()) {
            breaker.succeeded(entry, now);
            return;
        }
        switch (failure.get()) {
            case Failure.BadRequest f -> breaker.succeeded(entry, now);
            case Failure.NotFound f -> breaker.succeeded(entry, now);
            case Failure.TooLarge f -> breaker.succeeded(entry, now);
            case Failure.Refused f -> breaker.succeeded(entry, now);
            case Failure.Forbidden f -> breaker.left(entry);
            case Failure.Cancelled f -> breaker.left(entry);
            case Failure.Auth f -> breaker.shut(now, KEY_REFUSED);
            case Failure.QuotaExhausted f -> breaker.shut(now, KEY_REFUSED);
            case Failure.Timeout f -> {
                if (f.clock() == Clock.TOTAL) {
                    breaker.left(entry);
                } else {
                    breaker.failed(entry, now);
                }
            }
            case Failure.RateLimited f -> failed(entry, now, f);
            case Failure.Overloaded f -> failed(entry, now, f);
            case Failure.ServerError f -> breaker.failed(entry, now);
            case Failure.Network f -> breaker.failed(entry, now);
            case Failure.Protocol f -> breaker.failed(entry, now);
            case Failure.Truncated f -> breaker.failed(entry, now);
        }
    }

    private void failed(long entry, long now, Failure failure) {
        if (failure.retryAfter().isPresent()) {
            breaker.failed(entry, now, failure.retryAfter().get());
        } else {
            breaker.failed(entry, now);
        }
    }
}
