package dev.pointsman.ledger;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.Budgets.Admission;
import dev.pointsman.budget.Reservation;
import dev.pointsman.core.Exhausted;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What is spent and held back of one account in a period, in nano-dollars. Not thread-safe. */
final class Balance {

    private final long spent;
    private long reserved;

    Balance(long spent, long reserved) {
        this.spent = spent;
        this.reserved = reserved;
    }

    long spent() {
        return spent;
    }

    long reserved() {
        return reserved;
    }

    /** Negative amounts give back. */
    void reserve(long nanos) {
        reserved += nanos;
    }

    private boolean isLeft(Budget budget) {
        return spent + reserved < budget.limit().amount().nanos();
    }

    /**
     * Lets the request in if something is left of every hard budget, and then holds its amount back
     * under all of them.
     *
     * @param balances of its budgets
     */
    static Admission admit(Reservation reservation, Function<Budget, Balance> balances) {
        List<Exhausted> spent = new ArrayList<>(0);
        for (Budget budget : reservation.budgets()) {
            if (!balances.apply(budget).isLeft(budget)) {
                Exhausted exhausted = budget.exhausted(reservation.at());
                if (budget.hard()) {
                    return new Admission.Refused(exhausted);
                }
                spent.add(exhausted);
            }
        }
        for (Budget budget : reservation.budgets()) {
            balances.apply(budget).reserve(reservation.most().nanos());
        }
        return new Admission.Admitted(spent);
    }
}
