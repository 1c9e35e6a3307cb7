package dev.pointsman.decide;

import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Rejection.Reason;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Strategy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Decides where a task goes. Immutable and thread-safe. */
public final class Decider {

    private static final Comparator<Candidate> CHEAPEST =
            Comparator.<Candidate, Boolean>comparing(
                            candidate -> !candidate.expectedCost().isKnown())
                    .thenComparing(candidate ->
                            candidate.expectedCost().isKnown()
                                    ? candidate.expectedCost().nanos()
                                    : 0L);

    private final Policy policy;
    private final boolean keysNeeded;

    /**
     * @param keysNeeded whether a provider without its key is unavailable; false in practice, where
     *     nothing is called
     */
    public Decider(Policy policy, boolean keysNeeded) {
        this.policy = policy;
        this.keysNeeded = keysNeeded;
    }

    /**
     * The category's models that can do the task, best first, and why the others cannot.
     *
     * @param id the decision's id
     * @param estimatedInput the task's size in tokens
     */
    public Decision decide(
            String id, Task task, Classification classification, long estimatedInput) {
        return decide(id, task, classification, estimatedInput, deployment -> Optional.empty());
    }

    /**
     * The same, where the request itself may keep a model from being asked.
     *
     * @param obstacle why a model that could do the task cannot be asked
     */
    public Decision decide(
            String id,
            Task task,
            Classification classification,
            long estimatedInput,
            Function<Deployment, Optional<Rejection>> obstacle) {
        Category category =
                Objects.requireNonNull(policy.categories().get(classification.category()));
        long expectedOutput = Math.min(category.expectedOutput(), task.maxTokens());
        List<Candidate> candidates = new ArrayList<>();
        List<Rejection> rejections = new ArrayList<>();
        for (Deployment deployment : policy.route(category.name())) {
            Optional<Rejection> rejection =
                    rejection(deployment, task, estimatedInput)
                            .or(() -> obstacle.apply(deployment));
            if (rejection.isPresent()) {
                rejections.add(rejection.get());
            } else {
                candidates.add(candidate(deployment, task, estimatedInput, expectedOutput));
            }
        }
        if (category.strategy() == Strategy.CHEAPEST) {
            candidates.sort(CHEAPEST);
        }
        return new Decision(
                id,
                classification,
                List.copyOf(candidates),
                List.copyOf(rejections),
                estimatedInput,
                expectedOutput,
                policy.hash(),
                Optional.empty());
    }

    /** The same with the cheapest model first; models of unknown price come last. */
    public static Decision cheapestFirst(Decision decision) {
        return decision.ranked(decision.candidates().stream().sorted(CHEAPEST).toList());
    }

    /**
     * The ranking with that model first, the others behind it as they stand.
     *
     * @param first a model of this policy
     * @param joins whether it may come in where it is not among the category's models
     * @param obstacle why a model that could do the task cannot be asked
     * @return empty if that model cannot do the task, or may not come in
     */
    public Optional<List<Candidate>> ledBy(
            Deployment first,
            Decision decision,
            Task task,
            boolean joins,
            Function<Deployment, Optional<Rejection>> obstacle) {
        String ref = first.model().ref();
        List<Candidate> ranking = new ArrayList<>(decision.candidates());
        for (Candidate candidate : decision.candidates()) {
            if (candidate.model().ref().equals(ref)) {
                ranking.remove(candidate);
                ranking.addFirst(candidate);
                return Optional.of(ranking);
            }
        }
        boolean rejected =
                decision.rejections().stream().anyMatch(one -> one.model().equals(ref))
                        || !joins
                        || rejection(first, task, decision.estimatedInput())
                                .or(() -> obstacle.apply(first))
                                .isPresent();
        if (rejected) {
            return Optional.empty();
        }
        ranking.addFirst(
                candidate(first, task, decision.estimatedInput(), decision.expectedOutput()));
        return Optional.of(ranking);
    }

    /**
     * The models that the caller named: each is a candidate, whatever is known of it, unless the
     * request itself keeps it from being asked.
     *
     * @param named in the order in which they would be tried
     * @param obstacle why one cannot be asked
     */
    public Decision named(
            String id,
            Task task,
            Classification classification,
            long estimatedInput,
            List<Deployment> named,
            Function<Deployment, Optional<Rejection>> obstacle) {
        long expectedOutput = Math.min(Category.DEFAULT_EXPECTED_OUTPUT, task.maxTokens());
        List<Candidate> candidates = new ArrayList<>(named.size());
        List<Rejection> rejections = new ArrayList<>(0);
        for (Deployment deployment : named) {
            Optional<Rejection> rejection = obstacle.apply(deployment);
            if (rejection.isPresent()) {
                rejections.add(rejection.get());
            } else {
                candidates.add(candidate(deployment, task, estimatedInput, expectedOutput));
            }
        }
        return new Decision(
                id,
                classification,
                List.copyOf(candidates),
                List.copyOf(rejections),
                estimatedInput,
                expectedOutput,
                policy.hash(),
                Optional.empty());
    }

    private static Candidate candidate(
            Deployment deployment, Task task, long estimatedInput, long expectedOutput) {
        Model model = deployment.model();
        Money cost = Cost.estimate(model, Usage.of(estimatedInput, expectedOutput)).total();
        List<String> notes = new ArrayList<>(1);
        if (deployment.provider().isPlayed()) {
            notes.add("plays faults: nobody is called");
        }
        if (!model.known()) {
            notes.add("not in the catalogue: price, limits and abilities unknown");
        } else if (model.outputTokens() > 0 && task.maxTokens() > model.outputTokens()) {
            notes.add("answers with at most " + model.outputTokens() + " tokens");
        }
        return new Candidate(model, cost, List.copyOf(notes));
    }

    private Optional<Rejection> rejection(Deployment deployment, Task task, long estimatedInput) {
        Model model = deployment.model();
        Optional<String> unavailable =
                keysNeeded ? deployment.provider().unavailable() : Optional.empty();
        if (unavailable.isPresent()) {
            return rejected(model, Reason.NO_KEY, unavailable.get());
        }
        if (model.cannot(Ability.TEXT_OUTPUT)) {
            return rejected(model, Reason.NO_TEXT_OUTPUT, "it does not answer in text");
        }
        if (model.cannot(Ability.IMAGE_INPUT) && task.needs(Ability.IMAGE_INPUT)) {
            return rejected(model, Reason.NO_VISION, "the task has images, and it takes none");
        }
        if (model.cannot(Ability.PDF_INPUT) && task.needs(Ability.PDF_INPUT)) {
            return rejected(
                    model, Reason.NO_DOCUMENTS, "the task has documents, and it takes none");
        }
        if (model.cannot(Ability.TOOLS) && task.needs(Ability.TOOLS)) {
            return rejected(model, Reason.NO_TOOLS, "the task offers tools, and it calls none");
        }
        if (model.cannot(Ability.STRUCTURED_OUTPUT) && task.needs(Ability.STRUCTURED_OUTPUT)) {
            return rejected(
                    model, Reason.NO_STRUCTURED_OUTPUT, "it cannot be held to a response schema");
        }
        return tooLarge(model, task, estimatedInput);
    }

    private static Optional<Rejection> tooLarge(Model model, Task task, long estimatedInput) {
        if (model.inputTokens() > 0 && estimatedInput > model.inputTokens()) {
            return rejected(
                    model,
                    Reason.CONTEXT_TOO_SMALL,
                    "the task is about "
                            + estimatedInput
                            + " tokens, and it takes "
                            + model.inputTokens());
        }
        long output =
                model.outputTokens() > 0
                        ? Math.min(task.maxTokens(), model.outputTokens())
                        : task.maxTokens();
        if (model.contextTokens() > 0 && estimatedInput + output > model.contextTokens()) {
            return rejected(
                    model,
                    Reason.CONTEXT_TOO_SMALL,
                    "the task is about "
                            + estimatedInput
                            + " tokens and its answer up to "
                            + output
                            + ", and its context is "
                            + model.contextTokens());
        }
        return Optional.empty();
    }

    private static Optional<Rejection> rejected(Model model, Reason reason, String message) {
        return Optional.of(new Rejection(model.ref(), reason, message));
    }
}
