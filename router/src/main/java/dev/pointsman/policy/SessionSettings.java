package dev.pointsman.policy;

import java.time.Duration;

/**
 * How a conversation stays with the model that has it warm.
 *
 * @param stick whether it does at all
 * @param maxSwitchSpend what changes of the model may cost over a conversation, as a share of what
 *     it would have cost without them; 0 or more, and 0 allows changes that cost nothing
 * @param warm how long a provider's prompt cache is taken to last without being read
 * @param keep how long a conversation is remembered without a request
 */
public record SessionSettings(boolean stick, double maxSwitchSpend, Duration warm, Duration keep) {

    /** They stick; changes may cost 5%; a cache lasts 5 minutes, a conversation an hour. */
    public static final SessionSettings DEFAULT =
            new SessionSettings(true, 0.05, Duration.ofMinutes(5), Duration.ofHours(1));

    public SessionSettings {
        boolean wrong =
                !(maxSwitchSpend >= 0)
                        || Double.isInfinite(maxSwitchSpend)
                        || warm.isNegative()
                        || warm.isZero()
                        || keep.isNegative()
                        || keep.isZero();
        if (wrong) {
            throw new IllegalArgumentException(
                    "max-switch-spend must be 0 or more, and warm and keep more than zero");
        }
    }
}
