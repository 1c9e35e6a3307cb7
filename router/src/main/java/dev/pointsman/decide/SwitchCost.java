package dev.pointsman.decide;

import dev.pointsman.core.Cost;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

/**
 * What it costs that a conversation goes on with another model than the one that has it warm. On
 * the input side only: what the answer costs is the route's choice, and its length nobody knows.
 *
 * @param stay the input where it is warm: fresh tokens at the input price, warm ones at the
 *     cache-read price; unknown where that price is
 * @param extra what the same input costs more at the other model, 0 or more: tokens not warm there
 *     at its uncached input price, those still warm there at its cache-read price; unknown where
 *     either price is
 */
public record SwitchCost(Money stay, Money extra) {

    /**
     * @param input all the tokens of the input
     * @param warm how many of them are warm where the conversation is
     * @param warmThere how many of them are still warm at the other model
     */
    public static SwitchCost of(Model from, long warm, Model to, long warmThere, long input) {
        Money stay = input(from, warm, input);
        Money more = input(to, warmThere, input).minus(stay);
        return new SwitchCost(stay, more.isKnown() && more.nanos() < 0 ? Money.ZERO : more);
    }

    /** What an input costs at a model that has some of it warm; unknown where the price is. */
    public static Money input(Model model, long warm, long input) {
        long read = Math.min(warm, input);
        return Cost.estimate(model, Usage.of(input - read, 0).withCache(read, 0)).total();
    }
}
