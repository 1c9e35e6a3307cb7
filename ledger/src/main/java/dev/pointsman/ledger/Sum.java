package dev.pointsman.ledger;

import dev.pointsman.core.Money;

/**
 * A sum of amounts of which some may be unknown.
 *
 * @param known the sum of those that are known
 * @param unknown how many are not; the true sum differs from {@code known} unless this is 0
 */
public record Sum(Money known, long unknown) {}
