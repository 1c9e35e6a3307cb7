package dev.pointsman.core;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * What tokens cost, in nano-dollars per million tokens: 15 USD per million tokens is
 * 15,000,000,000. Kept a million times finer than a token's price because many real prices are
 * fractions of a nano-dollar a token.
 *
 * @param input fresh input tokens; 0 or more
 * @param output output tokens, reasoning included; 0 or more
 * @param cacheRead input tokens read from the provider's prompt cache; without a rate they are
 *     billed as fresh input, the most any provider asks for them
 * @param cacheWrite input tokens written to the provider's prompt cache; without a rate their price
 *     is unknown
 */
public record Rates(long input, long output, OptionalLong cacheRead, OptionalLong cacheWrite) {

    public Rates {
        if (input < 0 || output < 0 || cacheRead.orElse(0) < 0 || cacheWrite.orElse(0) < 0) {
            throw new IllegalArgumentException("A rate cannot be negative");
        }
    }

    /** Rates in USD per million tokens, without cache rates. */
    public static Rates usdPerMillion(String input, String output) {
        return new Rates(rate(input), rate(output), OptionalLong.empty(), OptionalLong.empty());
    }

    /**
     * One rate, from USD per million tokens.
     *
     * @throws NumberFormatException if it is no decimal number
     * @throws ArithmeticException if it has more than nine decimals
     */
    public static long rate(String usdPerMillion) {
        return Money.ofUsd(new BigDecimal(usdPerMillion)).nanos();
    }

    public Rates withCache(OptionalLong read, OptionalLong write) {
        return new Rates(input, output, read, write);
    }
}
