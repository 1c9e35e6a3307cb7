package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.Budgets.Standing;
import dev.pointsman.budget.Limit;
import dev.pointsman.budget.Reservation;
import dev.pointsman.core.Money;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What requests are let in by while the store cannot be asked. */
class LastKnownTest {

    private static final Budget ALL = new Budget("all", Limit.of("1usd/month"), true);

    @Test
    void settle_ofARequestFromBeforeTheStoreWasBack_givesNothingBackTwice() {
        LastKnown known = new LastKnown();
        known.admit(
                new Reservation(
                        "a", Entries.AT, List.of(ALL), Money.ofNanos(70), Duration.ofMinutes(15)));
        known.learn(AccountPeriod.of(ALL, Entries.AT), ALL, 10, 20);

        known.settle("a", 1);

        assertThat(known.standings(Entries.AT))
                .containsExactly(new Standing(ALL, Money.ofNanos(10), Money.ofNanos(20)));
    }
}
