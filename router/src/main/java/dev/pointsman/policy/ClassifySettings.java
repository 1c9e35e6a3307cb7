package dev.pointsman.policy;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a task's category is found.
 *
 * @param use what classifies, in order, until one is sure
 * @param triage the model that is asked; present if {@code use} lists {@link Stage#TRIAGE}
 */
public record ClassifySettings(List<Stage> use, Optional<Triage> triage) {

    /** One way of classifying. */
    public enum Stage {
        /** The policy's rules. */
        RULES,
        /** A small model is asked. */
        TRIAGE;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ClassifySettings {
        use = List.copyOf(use);
    }

    /** Rules only. */
    public static ClassifySettings rules() {
        return new ClassifySettings(List.of(Stage.RULES), Optional.empty());
    }

    /** Rules, then a model with the usual limits. */
    public static ClassifySettings rulesThenTriage(String model) {
        return new ClassifySettings(
                List.of(Stage.RULES, Stage.TRIAGE), Optional.of(Triage.of(model)));
    }

    /**
     * The model that is asked for a category.
     *
     * @param model {@code provider/id} or an alias
     * @param promptChars how many characters of the prompt it sees
     * @param maxTokens how many tokens it may answer with
     * @param timeout how long it may take, all in all
     */
    public record Triage(String model, int promptChars, int maxTokens, Duration timeout) {
        static final int DEFAULT_PROMPT_CHARS = 200;
        static final int DEFAULT_MAX_TOKENS = 50;
        static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

        /** With the usual limits: 200 characters, 50 tokens, 2 seconds. */
        public static Triage of(String model) {
            return new Triage(model, DEFAULT_PROMPT_CHARS, DEFAULT_MAX_TOKENS, DEFAULT_TIMEOUT);
        }
    }
}
