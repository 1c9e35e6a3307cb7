package dev.pointsman.catalog;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.TokenKind;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One line of the catalogue: provider, id, family, context, input limit, output limit, abilities,
 * rates, tiers and, where there are any, services; tab-separated. Rates are {@code
 * input:output:cacheRead:cacheWrite} in USD per million tokens, {@code -} where there is none, with
 * {@code :kind=rate} for each other kind of tokens behind them; a tier is {@code size>rates}, tiers
 * are separated by a space. A service is its name, rates and tiers, separated by spaces; services
 * are separated by a semicolon.
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
                price(column[7], column[8], column.length > 9 ? column[9] : "", version));
    }

    /** The line of a model, as {@link #parse} reads it. */
    public static String format(Model model) {
        String services = model.price().map(CatalogRow::formatServices).orElse("");
        String line = withoutServices(model);
        return services.isEmpty() ? line : line + "\t" + services;
    }

    private static String withoutServices(Model model) {
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
                model.price().map(price -> formatTiers(price.tiers())).orElse(""));
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

    private static Optional<Price> price(
            String base, String tiers, String services, String version) {
        if (base.equals(NONE)) {
            return Optional.empty();
        }
        Map<ServiceTier, Price.Service> parsed = new EnumMap<>(ServiceTier.class);
        for (String service : services.split(";")) {
            String[] part = service.split(" ", 3);
            if (part.length > 1) {
                parsed.put(
                        ServiceTier.of(part[0]),
                        new Price.Service(rates(part[1]), tiers(part.length > 2 ? part[2] : "")));
            }
        }
        return Optional.of(new Price(rates(base), tiers(tiers), parsed, version));
    }

    private static List<Price.Tier> tiers(String text) {
        List<Price.Tier> parsed = new ArrayList<>();
        for (String tier : text.split(" ")) {
            if (!tier.isEmpty()) {
                String[] sizeAndRates = tier.split(">");
                parsed.add(new Price.Tier(Long.parseLong(sizeAndRates[0]), rates(sizeAndRates[1])));
            }
        }
        return parsed;
    }

    private static Rates rates(String text) {
        String[] rate = text.split(":");
        Map<TokenKind, Long> others = new EnumMap<>(TokenKind.class);
        for (int i = 4; i < rate.length; i++) {
            String[] kindAndRate = rate[i].split("=");
            others.put(TokenKind.of(kindAndRate[0]), Rates.rate(kindAndRate[1]));
        }
        return new Rates(
                Rates.rate(rate[0]),
                Rates.rate(rate[1]),
                optional(rate[2]),
                optional(rate[3]),
                others);
    }

    private static OptionalLong optional(String rate) {
        return rate.equals(NONE) ? OptionalLong.empty() : OptionalLong.of(Rates.rate(rate));
    }

    private static String formatTiers(List<Price.Tier> tiers) {
        return tiers.stream()
                .map(tier -> tier.aboveInputTokens() + ">" + format(tier.rates()))
                .collect(Collectors.joining(" "));
    }

    private static String formatServices(Price price) {
        return new TreeMap<>(price.services())
                .entrySet().stream()
                        .map(service -> format(service.getKey(), service.getValue()))
                        .collect(Collectors.joining(";"));
    }

    private static String format(ServiceTier tier, Price.Service service) {
        String tiers = formatTiers(service.tiers());
        String line = tier.label() + " " + format(service.base());
        return tiers.isEmpty() ? line : line + " " + tiers;
    }

    private static String format(Rates rates) {
        StringBuilder text = new StringBuilder();
        text.append(usd(rates.input()))
                .append(':')
                .append(usd(rates.output()))
                .append(':')
                .append(usd(rates.cacheRead()))
                .append(':')
                .append(usd(rates.cacheWrite()));
        new TreeMap<>(rates.others())
                .forEach((kind, rate) ->
                        text.append(':').append(kind.label()).append('=').append(usd(rate)));
        return text.toString();
    }

    private static String usd(OptionalLong rate) {
        return rate.isPresent() ? usd(rate.getAsLong()) : NONE;
    }

    private static String usd(long rate) {
        return Money.ofNanos(rate).usd().toPlainString();
    }
}
