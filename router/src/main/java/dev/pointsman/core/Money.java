package dev.pointsman.core;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * An amount of US dollars, exact to the nano-dollar, or {@link #UNKNOWN}.
 *
 * <p>An amount nobody knows is a value of its own, as NaN is for floating point: whatever it is
 * added to becomes unknown too. It is never zero. Immutable and thread-safe.
 */
public final class Money {

    /** Nano-dollars in a dollar. */
    public static final long NANOS_PER_USD = 1_000_000_000L;

    /** Nothing to pay. */
    public static final Money ZERO = new Money(0, true);

    /** An amount nobody knows, for example because a model's price is not in the catalogue. */
    public static final Money UNKNOWN = new Money(0, false);

    private final long nanos;
    private final boolean known;

    private Money(long nanos, boolean known) {
        this.nanos = nanos;
        this.known = known;
    }

    /** An amount of {@code nanos} nano-dollars (one dollar is 1,000,000,000); may be negative. */
    public static Money ofNanos(long nanos) {
        return nanos == 0 ? ZERO : new Money(nanos, true);
    }

    /**
     * An amount of US dollars.
     *
     * @throws ArithmeticException if it has more than nine decimals or is beyond about 9.2 billion
     *     dollars
     */
    public static Money ofUsd(BigDecimal usd) {
        return ofNanos(usd.movePointRight(9).longValueExact());
    }

    public boolean isKnown() {
        return known;
    }

    /**
     * The amount in nano-dollars.
     *
     * @throws IllegalStateException if the amount is unknown
     */
    public long nanos() {
        if (!known) {
            throw new IllegalStateException("The amount is unknown: ask isKnown() first");
        }
        return nanos;
    }

    /**
     * The amount in US dollars, without trailing zeros.
     *
     * @throws IllegalStateException if the amount is unknown
     */
    public BigDecimal usd() {
        BigDecimal usd = BigDecimal.valueOf(nanos(), 9).stripTrailingZeros();
        return usd.scale() < 0 ? usd.setScale(0) : usd;
    }

    /**
     * The sum, unknown if either amount is.
     *
     * @throws ArithmeticException beyond about 9.2 billion dollars
     */
    public Money plus(Money other) {
        return known && other.known ? ofNanos(Math.addExact(nanos, other.nanos)) : UNKNOWN;
    }

    /** The difference, unknown if either amount is. */
    public Money minus(Money other) {
        return known && other.known ? ofNanos(Math.subtractExact(nanos, other.nanos)) : UNKNOWN;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Money money && money.nanos == nanos && money.known == known;
    }

    @Override
    public int hashCode() {
        return Objects.hash(nanos, known);
    }

    /**
     * Dollars for people: {@code $12.34}, {@code $0.001234} (as many decimals as it takes), {@code
     * -$0.5} or {@code unknown}.
     */
    @Override
    public String toString() {
        if (!known) {
            return "unknown";
        }
        BigDecimal usd = usd().abs();
        if (usd.scale() < 2) {
            usd = usd.setScale(2, RoundingMode.UNNECESSARY);
        }
        return (nanos < 0 ? "-$" : "$") + usd.toPlainString();
    }
}
