package dev.pointsman.ledger;

import dev.pointsman.core.Money;

/** Adds up amounts of which some may be unknown; see {@link Sum}. Not thread-safe. */
final class Amount {

    private long nanos;
    private long unknown;

    void add(Money money) {
        if (money.isKnown()) {
            add(money.nanos(), 0);
        } else {
            unknown++;
        }
    }

    /** Adds an amount in the place of one that was added, here or elsewhere. */
    void replace(Money former, Money money) {
        if (former.isKnown()) {
            add(-former.nanos(), 0);
        } else {
            unknown--;
        }
        add(money);
    }

    void add(Amount other) {
        add(other.nanos, other.unknown);
    }

    /** What would carry the sum beyond a long (9.2 billion dollars) counts as unknown. */
    void add(long more, long unknowns) {
        long sum = nanos + more;
        boolean beyond = ((nanos ^ sum) & (more ^ sum)) < 0;
        nanos = beyond ? nanos : sum;
        unknown += beyond ? unknowns + 1 : unknowns;
    }

    long nanos() {
        return nanos;
    }

    long unknown() {
        return unknown;
    }

    Sum sum() {
        return new Sum(Money.ofNanos(nanos), unknown);
    }
}
