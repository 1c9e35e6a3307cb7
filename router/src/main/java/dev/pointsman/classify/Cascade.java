package dev.pointsman.classify;

import dev.pointsman.core.Classification;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Task;
import dev.pointsman.policy.ClassifySettings.Stage;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Nearest;
import dev.pointsman.policy.Policy;

import java.util.List;
import java.util.Optional;

/**
 * The ways of classifying that a policy lists, in order, until one is sure. Immutable and
 * thread-safe; takes no time worth naming and calls nothing.
 */
public final class Cascade {

    private final Policy policy;
    private final Rules rules;
    private final Optional<Triage> triage;

    public Cascade(Policy policy) {
        this.policy = policy;
        boolean useRules = policy.classify().use().contains(Stage.RULES);
        boolean useTriage = policy.classify().use().contains(Stage.TRIAGE);
        this.rules = new Rules(useRules ? policy.rules() : List.of());
        this.triage =
                policy.classify()
                        .triage()
                        .filter(settings -> useTriage)
                        .map(settings -> new Triage(settings, policy));
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
         */
        record Ask(Deployment deployment, Task question) implements Step {}
    }

    /** Whether rules ask who calls, so that the caller must be found before {@link #begin}. */
    public boolean needsCaller() {
        return rules.needCaller();
    }

    /**
     * The category, or the question that would find it.
     *
     * @throws IllegalArgumentException if the task forces a category that the policy does not have;
     *     says the nearest
     */
    public Step begin(Task task, long estimatedInput) {
        if (task.category().isPresent()) {
            return new Step.Decided(explicit(task.category().get()));
        }
        Optional<Classification> ruled = rules.classify(task, estimatedInput);
        if (ruled.isPresent()) {
            return new Step.Decided(ruled.get());
        }
        if (triage.isEmpty()) {
            return new Step.Decided(byDefault("no rule holds"));
        }
        Deployment asked = policy.triage().orElseThrow();
        Optional<String> unavailable = asked.provider().unavailable();
        if (unavailable.isPresent()) {
            return new Step.Decided(
                    byDefault(
                            "no rule holds, and "
                                    + asked.model().ref()
                                    + " cannot be asked: "
                                    + unavailable.get()));
        }
        return new Step.Ask(asked, triage.get().question(task));
    }

    /** What the model's answer means; the default category if it is none of the policy's. */
    public Classification read(String answer) {
        return triage.flatMap(asked -> asked.read(answer))
                .orElseGet(() ->
                        byDefault("the model that was asked named no category of the policy"));
    }

    /** The default category, and why nothing better is known. */
    public Classification byDefault(String why) {
        return new Classification(
                policy.defaultCategory(),
                0,
                Source.DEFAULT,
                List.of(why + ": the policy's default category"),
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
