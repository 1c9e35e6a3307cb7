package dev.pointsman.ledger;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.Budgets.Admission;
import dev.pointsman.budget.Budgets.Standing;
import dev.pointsman.budget.Reservation;
import dev.pointsman.core.Money;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The accounts as the store told them last. While it cannot be asked, requests are let in by these,
 * and what they take is added; other processes do the same for themselves. Thread-safe.
 */
final class LastKnown {

    /** Accounts of tags may be any number; those seen longest ago are forgotten. */
    private static final int ACCOUNTS = 10_000;

    private record Known(Budget budget, Balance balance) {}

    private record Held(List<AccountPeriod> accounts, long nanos) {}

    private final Map<AccountPeriod, Known> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<AccountPeriod, Known> eldest) {
                    return size() > ACCOUNTS;
                }
            };

    /** By those that were let in while the store could not be asked. */
    private final Map<String, Held> held = new HashMap<>();

    synchronized void learn(AccountPeriod account, Budget budget, long spent, long reserved) {
        known.put(account, new Known(budget, new Balance(spent, reserved)));
    }

    synchronized Admission admit(Reservation reservation) {
        Admission admission =
                Balance.admit(
                        reservation,
                        budget -> balance(budget, AccountPeriod.of(budget, reservation.at())));
        if (admission instanceof Admission.Admitted) {
            held.put(
                    reservation.request(),
                    new Held(
                            reservation.budgets().stream()
                                    .map(budget -> AccountPeriod.of(budget, reservation.at()))
                                    .toList(),
                            reservation.most().nanos()));
        }
        return admission;
    }

    private Balance balance(Budget budget, AccountPeriod account) {
        return known.computeIfAbsent(account, none -> new Known(budget, new Balance(0, 0)))
                .balance();
    }

    /** What a request came to that was let in here; nothing if the store let it in. */
    synchronized void settle(String request, long nanos) {
        Held before = held.remove(request);
        if (before != null) {
            for (AccountPeriod account : before.accounts()) {
                Known one = known.get(account);
                if (one != null) {
                    one.balance().reserve(nanos - before.nanos());
                }
            }
        }
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
