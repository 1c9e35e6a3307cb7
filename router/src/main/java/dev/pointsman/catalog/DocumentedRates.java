package dev.pointsman.catalog;

import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.TokenKind;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Rates that price lists leave out because the provider documents them as a rule over the others.
 * What a list does tell stands.
 */
final class DocumentedRates {

    /** Where Claude's prompt cache is sold by Anthropic's rules. */
    private static final Set<String> SELL_CLAUDE =
            Set.of("anthropic", "google-vertex-anthropic", "amazon-bedrock", "azure");

    private static final Set<String> SELL_GEMINI = Set.of("google", "google-vertex");

    private DocumentedRates() {}

    /**
     * @param takes what the model takes, such as {@code audio}
     * @param gives what it gives, such as {@code image}
     */
    static Price complete(
            String provider, String id, Set<String> takes, Set<String> gives, Price price) {
        List<Price.Tier> tiers =
                price.tiers().stream()
                        .map(tier ->
                                new Price.Tier(
                                        tier.aboveInputTokens(),
                                        complete(provider, id, takes, gives, tier.rates())))
                        .toList();
        Rates base = complete(provider, id, takes, gives, price.base());
        Map<ServiceTier, Price.Service> services = new EnumMap<>(ServiceTier.class);
        services.putAll(services(provider, base, tiers));
        services.putAll(price.services());
        return new Price(base, tiers, services, price.version());
    }

    private static Rates complete(
            String provider, String id, Set<String> takes, Set<String> gives, Rates rates) {
        Rates more = rates;
        // "1-hour cache write tokens are 2 times the base input tokens price"
        // https://platform.claude.com/docs/en/build-with-claude/prompt-caching
        if (SELL_CLAUDE.contains(provider)
                && id.contains("claude")
                && rates.cacheWrite().isPresent()) {
            more = orElse(more, TokenKind.CACHE_WRITE_1H, 2 * rates.input());
        }
        // one price for all kinds of input, but where the page names audio apart
        // https://ai.google.dev/gemini-api/docs/pricing
        if (SELL_GEMINI.contains(provider) && takes.contains("audio")) {
            more = orElse(more, TokenKind.AUDIO_INPUT, rates.input());
        }
        // the output rate of a list is that of what the model is there to give
        if (gives.contains("image") && (SELL_GEMINI.contains(provider) || gives.size() == 1)) {
            more = orElse(more, TokenKind.IMAGE_OUTPUT, rates.output());
        }
        return gives.equals(Set.of("audio"))
                ? orElse(more, TokenKind.AUDIO_OUTPUT, rates.output())
                : more;
    }

    private static Rates orElse(Rates rates, TokenKind kind, long rate) {
        return rates.others().containsKey(kind) ? rates : rates.with(kind, rate);
    }

    private static Map<ServiceTier, Price.Service> services(
            String provider, Rates base, List<Price.Tier> tiers) {
        Price.Service half =
                new Price.Service(
                        half(base),
                        tiers.stream()
                                .map(tier ->
                                        new Price.Tier(tier.aboveInputTokens(), half(tier.rates())))
                                .toList());
        return switch (provider) {
            // "charged at 50% of the standard API prices"
            // https://platform.claude.com/docs/en/build-with-claude/batch-processing
            case "anthropic" -> Map.of(ServiceTier.BATCH, half);
            // flex costs what batch does, half; of long inputs the guide says nothing
            // https://platform.openai.com/docs/guides/flex-processing
            case "openai" -> Map.of(ServiceTier.FLEX, new Price.Service(half.base(), List.of()));
            // "50% cost reduction compared to standard rates"
            // https://ai.google.dev/gemini-api/docs/flex-inference
            case "google" -> Map.of(ServiceTier.FLEX, half);
            // "the same pricing as on-demand processing"
            // https://console.groq.com/docs/flex-processing
            case "groq" -> Map.of(ServiceTier.FLEX, new Price.Service(base, tiers));
            default -> Map.of();
        };
    }

    private static Rates half(Rates rates) {
        Map<TokenKind, Long> others = new EnumMap<>(TokenKind.class);
        rates.others().forEach((kind, rate) -> others.put(kind, rate / 2));
        return new Rates(
                rates.input() / 2,
                rates.output() / 2,
                half(rates.cacheRead()),
                half(rates.cacheWrite()),
                others);
    }

    private static OptionalLong half(OptionalLong rate) {
        return rate.isPresent() ? OptionalLong.of(rate.getAsLong() / 2) : rate;
    }
}
