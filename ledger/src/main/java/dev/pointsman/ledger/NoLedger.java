package dev.pointsman.ledger;

import dev.pointsman.budget.Budgets;
import dev.pointsman.core.Entry;

import java.time.Duration;

/** Keeps nothing. */
final class NoLedger implements Ledger {

    @Override
    public void record(Entry entry) {}

    @Override
    public boolean flush(Duration timeout) {
        return true;
    }

    @Override
    public Budgets budgets() {
        return Budgets.NONE;
    }

    @Override
    public long dropped() {
        return 0;
    }

    @Override
    public void close() {}
}
