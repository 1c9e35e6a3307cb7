package dev.pointsman.ledger;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.Budgets.Admission;
import dev.pointsman.budget.Budgets.Standing;
import dev.pointsman.budget.Reservation;
import dev.pointsman.core.Money;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The accounts as the store told them last. While it cannot be asked, requests are let in by these,
 * and what they take is added; other processes do the same for themselves. Thread-safe.
 */
final class LastKnown {

    /** Accounts of tags may be any number; those seen longest ago are forgotten. */
    private static final int ACCOUNTS = 10_000;

    private record Known(Budget budget, Balance balance) {}

    /** From balances as they were then: one that was learned since holds nothing of it. */
    private record Held(List<Balance> balances, long nanos) {

        void settle(long actual) {
            balances.forEach(balance -> balance.reserve(actual - nanos));
        }
    }

    private final Map<AccountPeriod, Known> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<AccountPeriod, Known> eldest) {
                    return size() > ACCOUNTS;
                }
            };

    /** By those that were let in while the store could not be asked. */
    private final Map<String, List<Held>> held = new HashMap<>();

    synchronized void learn(AccountPeriod account, Budget budget, long spent, long reserved) {
        known.put(account, new Known(budget, new Balance(spent, reserved)));
    }

    /** How an account stands that was learned before. */
    synchronized void learn(AccountPeriod account, Balance balance) {
        known.computeIfPresent(account, (same, one) -> new Known(one.budget(), balance));
    }

    synchronized Admission admit(Reservation reservation) {
        Admission admission =
                Balance.admit(
                        reservation,
                        budget -> balance(budget, AccountPeriod.of(budget, reservation.at())));
        if (admission instanceof Admission.Admitted) {
            List<Balance> balances =
                    reservation.budgets().stream()
                            .map(budget ->
                                    balance(budget, AccountPeriod.of(budget, reservation.at())))
                            .toList();
            held.computeIfAbsent(reservation.request(), first -> new ArrayList<>(1))
                    .add(new Held(balances, reservation.most().nanos()));
        }
        return admission;
    }

    private Balance balance(Budget budget, AccountPeriod account) {
        return known.computeIfAbsent(account, none -> new Known(budget, new Balance(0, 0)))
                .balance();
    }

    /** What a request came to that was let in here; nothing if the store let it in. */
    synchronized void settle(String request, long nanos) {
        long left = nanos;
        for (Held one : settleAsHeld(request).reversed()) {
            one.settle(left);
            left = 0; // A second reservation added to the first; the cost is of both.
        }
    }

    /** The same where nobody knows what it came to: what was held back stays so. */
    synchronized List<Held> settleAsHeld(String request) {
        return Optional.ofNullable(held.remove(request)).orElse(List.of());
    }

    /** Those of periods that have not ended at that moment. */
    synchronized List<Standing> standings(Instant now) {
        return known.entrySet().stream()
                .filter(one -> one.getKey().endMillis() > now.toEpochMilli())
                .map(one ->
                        new Standing(
                                one.getValue().budget(),
                                Money.ofNanos(one.getValue().balance().spent()),
                                Money.ofNanos(one.getValue().balance().reserved())))
                .toList();
    }
}
