package dev.pointsman.catalog;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.TokenKind;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the entries of a list in the manner of models.dev: prices in USD per million tokens.
 *
 * <p>A price that has parts which tokens do not describe (a fee a request or citation) is left out,
 * so that the model's price is unknown instead of wrong.
 */
public final class ModelsDev {

    private static final long TOKENS = 1_000_000;
    private static final long LONG_CONTEXT = 200_000;

    private static final Map<TokenKind, String> OTHERS =
            Map.of(
                    TokenKind.CACHE_WRITE_1H, "cache_write_1h",
                    TokenKind.AUDIO_INPUT, "input_audio",
                    TokenKind.AUDIO_OUTPUT, "output_audio",
                    TokenKind.REASONING, "reasoning");

    private ModelsDev() {}

    /**
     * @param at where the entry stands, as a JSON pointer
     * @param version the edition of the list, for its prices
     */
    public static Model read(String provider, JsonNode json, String at, String version) {
        JsonNode limit = json.path("limit");
        String id = json.path("id").asText();
        Set<String> takes = Listed.texts(json.path("modalities").path("input"));
        Set<String> gives = Listed.texts(json.path("modalities").path("output"));
        return new Model(
                provider,
                id,
                json.path("family").asText(),
                Listed.tokens(limit, at + "/limit", "context"),
                Listed.tokens(limit, at + "/limit", "input"),
                Listed.tokens(limit, at + "/limit", "output"),
                abilities(json, takes, gives),
                true,
                price(json.path("cost"), at + "/cost", version)
                        .map(price -> DocumentedRates.complete(provider, id, takes, gives, price)));
    }

    private static Set<Ability> abilities(JsonNode json, Set<String> takes, Set<String> gives) {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        Listed.addIf(abilities, takes.contains("image"), Ability.IMAGE_INPUT);
        Listed.addIf(abilities, takes.contains("pdf"), Ability.PDF_INPUT);
        Listed.addIf(abilities, gives.contains("text"), Ability.TEXT_OUTPUT);
        Listed.addIf(abilities, json.path("tool_call").asBoolean(), Ability.TOOLS);
        Listed.addIf(abilities, json.path("reasoning").asBoolean(), Ability.REASONING);
        Listed.addIf(
                abilities,
                json.path("structured_output").asBoolean(true),
                Ability.STRUCTURED_OUTPUT);
        Listed.addIf(abilities, json.path("temperature").asBoolean(true), Ability.TEMPERATURE);
        return abilities;
    }

    private static Optional<Price> price(JsonNode cost, String at, String version) {
        boolean fees = cost.has("request") || cost.has("citation");
        if (!cost.has("input") || !cost.has("output") || fees) {
            return Optional.empty();
        }
        List<Price.Tier> tiers = new ArrayList<>();
        int number = 0;
        for (JsonNode tier : cost.path("tiers")) {
            String here = at + "/tiers/" + number++;
            long size = Listed.tokens(tier.path("tier"), here + "/tier", "size");
            tiers.add(new Price.Tier(size, rates(tier, here)));
        }
        JsonNode longer = cost.path("context_over_200k");
        if (tiers.isEmpty() && longer.isObject()) {
            tiers.add(new Price.Tier(LONG_CONTEXT, rates(longer, at + "/context_over_200k")));
        }
        return Optional.of(new Price(rates(cost, at), tiers, version));
    }

    private static Rates rates(JsonNode cost, String at) {
        Rates rates =
                new Rates(
                        required(cost, at, "input"),
                        required(cost, at, "output"),
                        either(cost, at, "cache_read", "cached_input"),
                        either(cost, at, "cache_write", "cached_write"));
        for (Map.Entry<TokenKind, String> other : OTHERS.entrySet()) {
            OptionalLong rate = Listed.rate(cost, at, other.getValue(), TOKENS);
            if (rate.isPresent()) {
                rates = rates.with(other.getKey(), rate.getAsLong());
            }
        }
        return rates;
    }

    private static long required(JsonNode cost, String at, String name) {
        return Listed.rate(cost, at, name, TOKENS)
                .orElseThrow(() -> new Listed.Misfit(at, "there is no price \"" + name + "\""));
    }

    private static OptionalLong either(JsonNode cost, String at, String name, String otherName) {
        return Listed.rate(cost, at, cost.has(name) ? name : otherName, TOKENS);
    }
}
