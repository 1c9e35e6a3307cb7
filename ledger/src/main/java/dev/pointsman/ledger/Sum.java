package dev.pointsman.ledger;

import dev.pointsman.core.Money;

/**
 * A sum of amounts of which some may be unknown.
 *
 * @param known the sum of those that are known
 * @param unknown how many are not; the true sum differs from {@code known} unless this is 0
 */
public record Sum(Money known, long unknown) {

    static Sum of(Money amount) {
        return amount.isKnown() ? new Sum(amount, 0) : new Sum(Money.ZERO, 1);
    }

    /** Both together. What would carry it beyond about 9.2 billion dollars counts as unknown. */
    public Sum plus(Sum other) {
        Amount amount = new Amount();
        amount.add(known.nanos(), unknown);
        amount.add(other.known.nanos(), other.unknown);
        return amount.sum();
    }
}
