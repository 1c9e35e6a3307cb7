package dev.pointsman.core;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A model at a provider: its price, its limits and what it can do.
 *
 * @param provider the provider's name in the policy, for example {@code anthropic}
 * @param id the provider's own name for the model, for example {@code claude-haiku-4-5}
 * @param family the catalogue's family, for example {@code claude-haiku}; empty if unknown
 * @param contextTokens how many tokens input and output may have together; 0 if unknown
 * @param inputTokens how many input tokens it takes where the provider limits them apart; 0 if
 *     there is no such limit
 * @param outputTokens how many tokens it can answer with; 0 if unknown
 * @param abilities what it is known to do; {@code known} says whether absence means no
 * @param known whether anything is known of it; an unknown model is called and never rejected for
 *     what it may lack
 * @param price what it costs; empty if unknown
 */
public record Model(
        String provider,
        String id,
        String family,
        long contextTokens,
        long inputTokens,
        long outputTokens,
        Set<Ability> abilities,
        boolean known,
        Optional<Price> price) {

    /** What a model can take, give or do. */
    public enum Ability {
        /** Images in the input. */
        IMAGE_INPUT,
        /** PDF documents in the input. */
        PDF_INPUT,
        /** Tool calls. */
        TOOLS,
        /** Answers that follow a JSON Schema, enforced by the provider. */
        STRUCTURED_OUTPUT,
        /** Reasons before it answers. */
        REASONING,
        /** Takes a sampling temperature. */
        TEMPERATURE,
        /** Answers in text. */
        TEXT_OUTPUT
    }

    public Model {
        abilities = abilities.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(abilities));
    }

    /** A model nothing is known of. */
    public static Model unknown(String provider, String id) {
        return new Model(provider, id, "", 0, 0, 0, Set.of(), false, Optional.empty());
    }

    /** The name a policy gives it: {@code provider/id}. */
    public String ref() {
        return provider + "/" + id;
    }

    public boolean can(Ability ability) {
        return abilities.contains(ability);
    }

    /** Whether it is known not to have that ability. */
    public boolean cannot(Ability ability) {
        return known && !abilities.contains(ability);
    }

    public Model withProvider(String name) {
        return new Model(
                name,
                id,
                family,
                contextTokens,
                inputTokens,
                outputTokens,
                abilities,
                known,
                price);
    }

    public Model withPrice(Price newPrice) {
        return new Model(
                provider,
                id,
                family,
                contextTokens,
                inputTokens,
                outputTokens,
                abilities,
                known,
                Optional.of(newPrice));
    }
}
