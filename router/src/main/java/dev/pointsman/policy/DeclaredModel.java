package dev.pointsman.policy;

import dev.pointsman.core.Model.Ability;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a policy says of a model the catalogue lacks or has wrong.
 *
 * @param contextTokens input and output together; 0 if not said
 * @param outputTokens output at most; 0 if not said
 * @param abilities what it can do; what is missing it cannot
 */
public record DeclaredModel(long contextTokens, long outputTokens, Set<Ability> abilities) {

    /** The names a policy file has for abilities. */
    static final Map<String, Ability> BY_NAME =
            Map.of(
                    "image", Ability.IMAGE_INPUT,
                    "pdf", Ability.PDF_INPUT,
                    "tools", Ability.TOOLS,
                    "structured-output", Ability.STRUCTURED_OUTPUT,
                    "reasoning", Ability.REASONING,
                    "temperature", Ability.TEMPERATURE);

    static final List<String> ABILITIES =
            List.of("image", "pdf", "tools", "structured-output", "reasoning", "temperature");

    public DeclaredModel {
        abilities = Set.copyOf(abilities);
    }
}
