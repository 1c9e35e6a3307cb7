package dev.pointsman.ledger;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.Period;

import java.time.Instant;

/**
 * An account in one period.
 *
 * @param beginMillis when the period begins; a full hour
 */
record AccountPeriod(String account, Period period, long beginMillis) {

    static AccountPeriod of(Budget budget, Instant at) {
        Period period = budget.limit().period();
        return new AccountPeriod(budget.account(), period, period.begin(at).toEpochMilli());
    }

    /** When the next one begins. */
    long endMillis() {
        return period.next(Instant.ofEpochMilli(beginMillis))
                .map(Instant::toEpochMilli)
                .orElse(Long.MAX_VALUE);
    }
}
