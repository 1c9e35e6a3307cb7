package dev.pointsman.classify;

import dev.pointsman.core.Classification;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Task;
import dev.pointsman.policy.ClassifySettings;
import dev.pointsman.policy.ClassifySettings.Stage;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Nearest;
import dev.pointsman.policy.Policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ways of classifying that a policy lists, until one is sure: the caller's word, rules, the
 * classifier on this machine, a model that is asked. Thread-safe; takes microseconds and calls
 * nothing, but the first task for the built-in model reads it, in about a tenth of a second.
 */
public final class Cascade {

    private final Policy policy;
    private final Rules rules;
    private final Lazy<Optional<LocalStage>> local;
    private final Optional<Triage> triage;

    /**
     * @throws java.io.UncheckedIOException if the policy names a model of its own that cannot be
     *     read
     */
    public Cascade(Policy policy) {
        this.policy = policy;
        List<Stage> use = policy.classify().use();
        this.rules = new Rules(use.contains(Stage.RULES) ? policy.rules() : List.of());
        this.local =
                new Lazy<>(() ->
                        use.contains(Stage.LOCAL)
                                ? Optional.of(LocalStage.of(policy))
                                : Optional.empty());
        if (policy.classify().local().model().isPresent()) {
            local.get();
        }
        this.triage =
                policy.classify()
                        .triage()
                        .filter(settings -> use.contains(Stage.TRIAGE))
                        .map(settings -> new Triage(settings, policy));
    }

    private Cascade(Cascade other, Optional<Triage> triage) {
        this.policy = other.policy;
        this.rules = other.rules;
        this.local = other.local;
        this.triage = triage;
    }

    /** The same, never asking a model. */
    public Cascade withoutAsking() {
        return new Cascade(this, Optional.empty());
    }

    /** What is known without a call. */
    public sealed interface Step {
        /** The category is known. */
        record Decided(Classification classification) implements Step {}

        /**
         * A model must be asked.
         *
         * @param deployment which
         * @param question what
         * @param otherwise what holds if it gives no answer
         */
        record Ask(Deployment deployment, Task question, Classification otherwise)
                implements Step {}
    }

    /** Whether rules ask who calls, so that the caller must be found before {@link #begin}. */
    public boolean needsCaller() {
        return rules.needCaller();
    }

    /** Reads the model now, if the policy uses it, so that the first task need not wait for it. */
    public void warmUp() {
        local.get();
    }

    /**
     * The category, or the question that would find it.
     *
     * @throws IllegalArgumentException if the task forces a category that the policy does not have;
     *     says the nearest
     */
    public Step begin(Task task, long estimatedInput) {
        Optional<Classification> known = known(task, estimatedInput);
        return known.isPresent()
                ? new Step.Decided(known.get())
                : afterRules(task, local.get().flatMap(stage -> stage.classify(task)));
    }

    /**
     * The category as far as it is known without a call: where {@link #begin} would ask a model,
     * what holds otherwise.
     *
     * @throws IllegalArgumentException as {@link #begin}
     */
    public Classification classify(Task task, long estimatedInput) {
        return withoutAsking(begin(task, estimatedInput), "classify");
    }

    /**
     * The same, with all that spoke for and against; asks nothing. Slower, for people: its evidence
     * quotes the task.
     *
     * @throws IllegalArgumentException as {@link #begin}
     */
    public Classification explain(Task task, long estimatedInput) {
        Optional<Classification> known = known(task, estimatedInput);
        if (known.isPresent()) {
            return known.get();
        }
        return withoutAsking(
                afterRules(task, local.get().flatMap(stage -> stage.explain(task))), "explain");
    }

    private Classification withoutAsking(Step step, String what) {
        return switch (step) {
            case Step.Decided decided -> decided.classification();
            case Step.Ask ask ->
                    otherwise(
                            ask,
                            "a call would ask "
                                    + ask.deployment().model().ref()
                                    + ", "
                                    + what
                                    + " does not");
        };
    }

    /**
     * What the model's answer means; what holds otherwise if it names no category of the policy.
     */
    public Classification read(Step.Ask ask, String answer) {
        return triage.flatMap(asked -> asked.read(answer))
                .orElseGet(() ->
                        otherwise(ask, "the model that was asked named no category of the policy"));
    }

    /** What holds if the model gives no answer, and why it does not. */
    public Classification otherwise(Step.Ask ask, String why) {
        return because(ask.otherwise(), why);
    }

    private Optional<Classification> known(Task task, long estimatedInput) {
        return task.category().isPresent()
                ? Optional.of(explicit(task.category().get()))
                : rules.classify(task, estimatedInput);
    }

    private Step afterRules(Task task, Optional<Classification> guess) {
        if (guess.isPresent() && !guess.get().unsure()) {
            return new Step.Decided(guess.get());
        }
        Classification otherwise = unsure(guess);
        if (triage.isEmpty()) {
            return new Step.Decided(otherwise);
        }
        Deployment asked = policy.triage().orElseThrow();
        Optional<String> unavailable = asked.provider().unavailable();
        if (unavailable.isPresent()) {
            String why = asked.model().ref() + " cannot be asked: " + unavailable.get();
            return new Step.Decided(because(otherwise, why));
        }
        return new Step.Ask(asked, triage.get().question(task), otherwise);
    }

    /** What the policy says of a task that nothing is sure of. */
    private Classification unsure(Optional<Classification> guess) {
        String wish = policy.classify().local().unsure();
        if (guess.isEmpty()) {
            return fixed(
                    policy.defaultCategory(),
                    List.of("no rule holds: the policy's default category"));
        }
        List<String> evidence = new ArrayList<>(guess.get().evidence());
        return switch (wish) {
            case ClassifySettings.Local.GUESS -> guess.get();
            case ClassifySettings.Local.DEFAULT_CATEGORY -> {
                evidence.add("unsure: the policy's default category");
                yield fixed(policy.defaultCategory(), evidence);
            }
            default -> {
                evidence.add("unsure: the policy's category for that");
                yield fixed(wish, evidence);
            }
        };
    }

    private static Classification fixed(String category, List<String> evidence) {
        return new Classification(category, 0, Source.DEFAULT, evidence, true);
    }

    private static Classification because(Classification classification, String why) {
        List<String> evidence = new ArrayList<>(classification.evidence());
        evidence.addFirst(why);
        return new Classification(
                classification.category(),
                classification.confidence(),
                classification.source(),
                evidence,
                true);
    }

    private Classification explicit(String category) {
        if (!policy.categories().containsKey(category)) {
            throw new IllegalArgumentException(
                    "The policy has no category \""
                            + category
                            + "\""
                            + Nearest.to(category, policy.categories().keySet())
                                    .map(near -> "; did you mean \"" + near + "\"?")
                                    .orElse("")
                            + " (it has "
                            + String.join(", ", policy.categories().keySet())
                            + ")");
        }
        return new Classification(
                category, 1, Source.EXPLICIT, List.of("the caller said so"), false);
    }
}
