package dev.pointsman.ledger;

import dev.pointsman.core.Money;

/**
 * What calls of one model cost before a repricing and after it.
 *
 * @param model {@code provider/id}
 * @param count how many there are, those that cost nothing included
 * @param changed how many of them cost something else now
 * @param unpriced how many keep what they cost, since the model has no price now
 */
public record PriceChange(
        String model, long count, long changed, long unpriced, Sum before, Sum after) {

    static PriceChange of(String model, Money before, Money after, boolean priced) {
        return new PriceChange(
                model,
                1,
                before.equals(after) ? 0 : 1,
                priced ? 0 : 1,
                Sum.of(before),
                Sum.of(after));
    }

    /** Both together, under this one's name. */
    public PriceChange plus(PriceChange other) {
        return new PriceChange(
                model,
                count + other.count,
                changed + other.changed,
                unpriced + other.unpriced,
                before.plus(other.before),
                after.plus(other.after));
    }

    /** What the known amounts come to more than before; less where it is negative. */
    public Money difference() {
        return after.known().minus(before.known());
    }
}
