package dev.pointsman.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * When a second model is asked while the first is silent; the first content wins.
 *
 * @param after so long after the first call; empty for the time within which 95% of that model's
 *     answers begin, as measured (nothing is hedged before 20 answers were)
 * @param share how many requests may be hedged, from 0 (exclusive) to 1
 */
public record HedgeSettings(Optional<Duration> after, double share) {

    /** Share of requests that may be hedged if not said. */
    public static final double DEFAULT_SHARE = 0.05;

    public HedgeSettings {
        if (!after.map(Duration::isPositive).orElse(true)) {
            throw new IllegalArgumentException(
                    "after must be more than zero: " + after.orElseThrow());
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be above 0 and at most 1: " + share);
        }
    }
}
