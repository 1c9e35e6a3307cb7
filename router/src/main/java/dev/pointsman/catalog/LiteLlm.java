package dev.pointsman.catalog;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.TokenKind;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the entries of a list in the manner of LiteLLM: prices in USD per token, with {@code
 * _above_200k_tokens} for long inputs and {@code _priority}, {@code _flex} and {@code _batches} for
 * services. It does not tell all that a model can, so that of a model which the catalogue knows
 * already only price and limits change.
 */
final class LiteLlm {

    private static final long TOKENS = 1;
    private static final long THOUSAND = 1_000;
    private static final Pattern LONG =
            Pattern.compile("input_cost_per_token_above_(\\d+)k_tokens");

    /** The modes whose answers are paid by tokens. */
    private static final Set<String> MODES =
            Set.of("", "chat", "responses", "completion", "embedding");

    private static final Map<TokenKind, String> OTHERS =
            Map.of(
                    TokenKind.CACHE_WRITE_1H, "cache_creation_input_token_cost_above_1hr",
                    TokenKind.AUDIO_INPUT, "input_cost_per_audio_token",
                    TokenKind.AUDIO_CACHE_READ, "cache_read_input_audio_token_cost",
                    TokenKind.AUDIO_OUTPUT, "output_cost_per_audio_token",
                    TokenKind.IMAGE_INPUT, "input_cost_per_image_token",
                    TokenKind.IMAGE_OUTPUT, "output_cost_per_image_token",
                    TokenKind.REASONING, "output_cost_per_reasoning_token");

    private static final Map<ServiceTier, String> SERVICES =
            Map.of(
                    ServiceTier.PRIORITY, "_priority",
                    ServiceTier.FLEX, "_flex",
                    ServiceTier.BATCH, "_batches");

    private static final Map<String, String> PROVIDERS =
            Map.ofEntries(
                    Map.entry("gemini", "google"),
                    Map.entry("vertex_ai-language-models", "google-vertex"),
                    Map.entry("vertex_ai", "google-vertex"),
                    Map.entry("vertex_ai-anthropic_models", "google-vertex-anthropic"),
                    Map.entry("bedrock", "amazon-bedrock"),
                    Map.entry("bedrock_converse", "amazon-bedrock"),
                    Map.entry("text-completion-openai", "openai"),
                    Map.entry("together_ai", "togetherai"),
                    Map.entry("fireworks_ai", "fireworks-ai"),
                    Map.entry("cohere_chat", "cohere"),
                    Map.entry("moonshot", "moonshotai"),
                    Map.entry("dashscope", "alibaba"),
                    Map.entry("nvidia_nim", "nvidia"));

    private LiteLlm() {}

    /** Whether its answers are paid by tokens. */
    static boolean isPaidByTokens(JsonNode json) {
        return MODES.contains(json.path("mode").asText());
    }

    /**
     * @param name what the list calls the model, its provider before it or not
     */
    static Model read(String name, JsonNode json, String at, Catalog known, String version) {
        JsonNode said = json.path("litellm_provider");
        if (!said.isTextual() || said.textValue().isBlank()) {
            throw new Listed.Misfit(at, "there is no \"litellm_provider\"");
        }
        String provider = PROVIDERS.getOrDefault(said.textValue(), said.textValue());
        String prefix = said.textValue().split("-", 2)[0] + "/";
        String id = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        Optional<Model> before = known.find(provider, id);
        long input = Listed.tokens(json, at, "max_input_tokens");
        long output = Listed.tokens(json, at, "max_output_tokens");
        Set<Ability> abilities = before.map(Model::abilities).orElseGet(() -> abilities(json));
        return new Model(
                provider,
                id,
                before.map(Model::family).orElse(""),
                before.map(Model::contextTokens).orElse(0L),
                input,
                output,
                abilities,
                true,
                price(json, at, version)
                        .map(price ->
                                DocumentedRates.complete(
                                        provider, id, takes(json), Set.of(), price)));
    }

    private static Set<String> takes(JsonNode json) {
        return json.path("supports_audio_input").asBoolean() ? Set.of("audio") : Set.of();
    }

    private static Set<Ability> abilities(JsonNode json) {
        Set<Ability> abilities = EnumSet.of(Ability.TEMPERATURE);
        boolean embeds = json.path("mode").asText().equals("embedding");
        Listed.addIf(abilities, !embeds, Ability.TEXT_OUTPUT);
        Map<String, Ability> names =
                Map.of(
                        "supports_vision", Ability.IMAGE_INPUT,
                        "supports_pdf_input", Ability.PDF_INPUT,
                        "supports_function_calling", Ability.TOOLS,
                        "supports_response_schema", Ability.STRUCTURED_OUTPUT,
                        "supports_reasoning", Ability.REASONING);
        names.forEach(
                (name, ability) -> Listed.addIf(abilities, json.path(name).asBoolean(), ability));
        return abilities;
    }

    /** A fee for each request is not described by tokens. */
    private static Optional<Price> price(JsonNode json, String at, String version) {
        Optional<Rates> base = rates(json, at, "", "");
        if (base.isEmpty() || json.has("input_cost_per_request")) {
            return Optional.empty();
        }
        Map<ServiceTier, Price.Service> services = new EnumMap<>(ServiceTier.class);
        SERVICES.forEach((tier, suffix) ->
                rates(json, at, "", suffix)
                        .ifPresent(rates ->
                                services.put(
                                        tier, new Price.Service(rates, tiers(json, at, suffix)))));
        return Optional.of(new Price(base.get(), tiers(json, at, ""), services, version));
    }

    private static List<Price.Tier> tiers(JsonNode json, String at, String suffix) {
        Set<Long> sizes = new TreeSet<>();
        json.fieldNames()
                .forEachRemaining(name -> {
                    Matcher size = LONG.matcher(name);
                    if (size.matches()) {
                        sizes.add(Long.parseLong(size.group(1)));
                    }
                });
        List<Price.Tier> tiers = new ArrayList<>();
        for (long size : sizes) {
            rates(json, at, "_above_" + size + "k_tokens", suffix)
                    .ifPresent(rates -> tiers.add(new Price.Tier(size * THOUSAND, rates)));
        }
        return tiers;
    }

    /** Embeddings have no output. */
    private static Optional<Rates> rates(JsonNode json, String at, String tier, String service) {
        String end = tier + service;
        OptionalLong input = Listed.rate(json, at, "input_cost_per_token" + end, TOKENS);
        OptionalLong output = Listed.rate(json, at, "output_cost_per_token" + end, TOKENS);
        boolean embeds = json.path("mode").asText().equals("embedding");
        if (input.isEmpty() || output.isEmpty() && !embeds) {
            return Optional.empty();
        }
        Rates rates =
                new Rates(
                        input.getAsLong(),
                        output.orElse(0),
                        Listed.rate(json, at, "cache_read_input_token_cost" + end, TOKENS),
                        Listed.rate(json, at, "cache_creation_input_token_cost" + end, TOKENS));
        for (Map.Entry<TokenKind, String> other : OTHERS.entrySet()) {
            OptionalLong rate = Listed.rate(json, at, other.getValue() + end, TOKENS);
            if (rate.isPresent()) {
                rates = rates.with(other.getKey(), rate.getAsLong());
            }
        }
        return Optional.of(rates);
    }
}
