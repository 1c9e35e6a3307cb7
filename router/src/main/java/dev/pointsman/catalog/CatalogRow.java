package dev.pointsman.catalog;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One line of the catalogue: provider, id, family, context, input limit, output limit, abilities,
 * rates, tiers; tab-separated. Rates are {@code input:output:cacheRead:cacheWrite} in USD per
 * million tokens, {@code -} where there is none; a tier is {@code size>rates}, tiers are separated
 * by a space.
 */
public final class CatalogRow {

    private static final String NONE = "-";

    private CatalogRow() {}

    static Model parse(String line, String version) {
        String[] column = line.split("\t", -1);
        return new Model(
                column[0],
                column[1],
                column[2],
                Long.parseLong(column[3]),
                Long.parseLong(column[4]),
                Long.parseLong(column[5]),
                abilities(column[6]),
                true,
                price(column[7], column[8], version));
    }

    /** The line of a model, as {@link #parse} reads it. */
    public static String format(Model model) {
        return String.join(
                "\t",
                model.provider(),
                model.id(),
                model.family(),
                Long.toString(model.contextTokens()),
                Long.toString(model.inputTokens()),
                Long.toString(model.outputTokens()),
                EnumSet.allOf(Ability.class).stream()
                        .filter(model::can)
                        .map(ability -> ability.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(",")),
                model.price().map(price -> format(price.base())).orElse(NONE),
                model.price().map(CatalogRow::formatTiers).orElse(""));
    }

    private static Set<Ability> abilities(String names) {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        for (String name : names.split(",")) {
            if (!name.isEmpty()) {
                abilities.add(Ability.valueOf(name.toUpperCase(Locale.ROOT)));
            }
        }
        return abilities;
    }

    private static Optional<Price> price(String base, String tiers, String version) {
        if (base.equals(NONE)) {
            return Optional.empty();
        }
        List<Price.Tier> parsed = new ArrayList<>();
        for (String tier : tiers.split(" ")) {
            if (!tier.isEmpty()) {
                String[] sizeAndRates = tier.split(">");
                parsed.add(new Price.Tier(Long.parseLong(sizeAndRates[0]), rates(sizeAndRates[1])));
            }
        }
        return Optional.of(new Price(rates(base), parsed, version));
    }

    private static Rates rates(String text) {
        String[] rate = text.split(":");
        return new Rates(
                Rates.rate(rate[0]), Rates.rate(rate[1]), optional(rate[2]), optional(rate[3]));
    }

    private static OptionalLong optional(String rate) {
        return rate.equals(NONE) ? OptionalLong.empty() : OptionalLong.of(Rates.rate(rate));
    }

    private static String formatTiers(Price price) {
        return price.tiers().stream()
                .map(tier -> tier.aboveInputTokens() + ">" + format(tier.rates()))
                .collect(Collectors.joining(" "));
    }

    private static String format(Rates rates) {
        return usd(rates.input())
                + ":"
                + usd(rates.output())
                + ":"
                + usd(rates.cacheRead())
                + ":"
                + usd(rates.cacheWrite());
    }

    private static String usd(OptionalLong rate) {
        return rate.isPresent() ? usd(rate.getAsLong()) : NONE;
    }

    private static String usd(long rate) {
        return Money.ofNanos(rate).usd().toPlainString();
    }
}
