package dev.pointsman.policy;

import java.util.Optional;

/**
 * How calls that fail or are slow are met.
 *
 * @param retries how many calls may be repetitions
 * @param breaker when a model is left alone
 * @param hedge when a second model is asked beside the first; empty for never
 */
public record AttemptRules(
        RetryShare retries, BreakerSettings breaker, Optional<HedgeSettings> hedge) {

    /** The usual share of repetitions, the usual breaker, no hedging. */
    public static final AttemptRules DEFAULT =
            new AttemptRules(RetryShare.DEFAULT, BreakerSettings.DEFAULT, Optional.empty());

    public AttemptRules retries(RetryShare other) {
        return new AttemptRules(other, breaker, hedge);
    }

    public AttemptRules breaker(BreakerSettings other) {
        return new AttemptRules(retries, other, hedge);
    }

    public AttemptRules hedge(HedgeSettings other) {
        return new AttemptRules(retries, breaker, Optional.of(other));
    }
}
