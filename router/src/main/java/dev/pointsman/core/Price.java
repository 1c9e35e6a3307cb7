package dev.pointsman.core;

import java.util.Comparator;
import java.util.List;

/**
 * A model's price: base rates, and higher ones for long inputs where the provider has them.
 *
 * @param base the rates that hold below every tier
 * @param tiers ascending by {@link Tier#aboveInputTokens}; the highest one exceeded prices the
 *     whole request
 * @param version which edition of the price list this is, kept with every cost derived from it
 */
public record Price(Rates base, List<Tier> tiers, String version) {

    public Price {
        tiers = tiers.stream().sorted(Comparator.comparingLong(Tier::aboveInputTokens)).toList();
    }

    /** A price without tiers. */
    public static Price flat(Rates rates, String version) {
        return new Price(rates, List.of(), version);
    }

    /**
     * Rates for requests with more than {@code aboveInputTokens} input tokens (fresh, cache reads
     * and cache writes together).
     */
    public record Tier(long aboveInputTokens, Rates rates) {}

    /** The rates for a request of that size. */
    public Rates ratesFor(Usage usage) {
        Rates rates = base;
        for (Tier tier : tiers) {
            if (usage.totalInput() > tier.aboveInputTokens()) {
                rates = tier.rates();
            }
        }
        return rates;
    }
}
