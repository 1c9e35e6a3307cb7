package dev.pointsman.budget;

import dev.pointsman.core.Exhausted;

import java.time.Instant;

/**
 * What one account may spend.
 *
 * @param account see {@link Accounts}
 * @param hard whether requests are refused when it is spent; else they go to the cheaper models
 */
public record Budget(String account, Limit limit, boolean hard) {

    /** That it is spent at that moment. */
    public Exhausted exhausted(Instant moment) {
        return new Exhausted(account, limit.toString(), hard, limit.period().next(moment));
    }
}
