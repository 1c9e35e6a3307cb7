package dev.pointsman.policy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a task's category is found.
 *
 * @param use what classifies, in order, until one is sure
 * @param local how the classifier on this machine is used
 * @param triage the model that is asked; present if {@code use} lists {@link Stage#TRIAGE}
 */
public record ClassifySettings(List<Stage> use, Local local, Optional<Triage> triage) {

    /** One way of classifying. */
    public enum Stage {
        /** The policy's rules. */
        RULES,
        /** The classifier on this machine. */
        LOCAL,
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
        return new ClassifySettings(List.of(Stage.RULES), Local.DEFAULT, Optional.empty());
    }

    /**
     * Rules, then the classifier on this machine: nothing is paid and nothing is sent to decide.
     */
    public static ClassifySettings rulesThenLocal() {
        return new ClassifySettings(
                List.of(Stage.RULES, Stage.LOCAL), Local.DEFAULT, Optional.empty());
    }

    /** Rules, then a model with the usual limits. */
    public static ClassifySettings rulesThenTriage(String model) {
        return new ClassifySettings(
                List.of(Stage.RULES, Stage.TRIAGE), Local.DEFAULT, Optional.of(Triage.of(model)));
    }

    /**
     * The same, and where the classifier on this machine is unsure, a model with the usual limits.
     */
    public ClassifySettings thenTriage(String model) {
        return new ClassifySettings(
                List.of(Stage.RULES, Stage.LOCAL, Stage.TRIAGE),
                local,
                Optional.of(Triage.of(model)));
    }

    /**
     * How the classifier on this machine is used.
     *
     * @param threshold the confidence, from 0 to 1, from which it is sure
     * @param unsure what happens below where no model is asked: {@link #GUESS}, {@link
     *     #DEFAULT_CATEGORY}, or a category's name
     * @param model a model of your own, made by {@code pointsman train}; the built-in one if empty
     */
    public record Local(double threshold, String unsure, Optional<Path> model) {

        /** The best category is taken, and the decision marked unsure. */
        public static final String GUESS = "guess";

        /** The policy's default category is taken. */
        public static final String DEFAULT_CATEGORY = "default";

        /** Sure from 0.6 on; guesses below; the built-in model. */
        public static final Local DEFAULT = new Local(0.6, GUESS, Optional.empty());
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
