package dev.pointsman.core;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model's price: base rates, higher ones for long inputs where the provider has them, and those
 * of other services than the usual one.
 *
 * @param base the rates that hold below every tier
 * @param tiers ascending by {@link Tier#aboveInputTokens}; the highest one exceeded prices the
 *     whole request
 * @param services the rates of services other than {@link ServiceTier#STANDARD}; what is answered
 *     at one that is not here has no known price
 * @param version which edition of the price list this is, kept with every cost derived from it
 */
public record Price(
        Rates base, List<Tier> tiers, Map<ServiceTier, Service> services, String version) {

    public Price {
        tiers = ascending(tiers);
        services = Map.copyOf(services);
    }

    /** A price of the usual service only. */
    public Price(Rates base, List<Tier> tiers, String version) {
        this(base, tiers, Map.of(), version);
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

    /**
     * The rates of one service.
     *
     * @param tiers as those of the price; a request so long that it has a tier at the usual service
     *     has no known price at one without any
     */
    public record Service(Rates base, List<Tier> tiers) {
        public Service {
            tiers = ascending(tiers);
        }
    }

    /** The rates for a request of that size at that service; empty if nobody knows them. */
    public Optional<Rates> ratesFor(Usage usage) {
        if (usage.detail().tier() == ServiceTier.STANDARD) {
            return Optional.of(rates(base, tiers, usage));
        }
        return Optional.ofNullable(services.get(usage.detail().tier()))
                .filter(service -> !service.tiers().isEmpty() || !isLong(usage))
                .map(service -> rates(service.base(), service.tiers(), usage));
    }

    private boolean isLong(Usage usage) {
        return !tiers.isEmpty() && usage.totalInput() > tiers.getFirst().aboveInputTokens();
    }

    private static Rates rates(Rates base, List<Tier> tiers, Usage usage) {
        Rates rates = base;
        for (Tier tier : tiers) {
            if (usage.totalInput() > tier.aboveInputTokens()) {
                rates = tier.rates();
            }
        }
        return rates;
    }

    private static List<Tier> ascending(List<Tier> tiers) {
        return tiers.stream().sorted(Comparator.comparingLong(Tier::aboveInputTokens)).toList();
    }
}
