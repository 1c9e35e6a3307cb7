package dev.pointsman.core;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a task goes and why. Made without I/O; the same task, policy and prices give the same
 * decision.
 *
 * @param id unique and ordered by time
 * @param classification the category, how sure, and on what evidence
 * @param candidates the models that can do the task, best first; empty if none can
 * @param rejections the category's other models, each with its reason
 * @param estimatedInput Pointsman's estimate of the input in tokens
 * @param expectedOutput the output the expected costs assume, in tokens
 * @param policy the content hash of the policy that was in force
 * @param session what the conversation it belongs to did to it; empty if it belongs to none
 * @param exhausted budgets of which nothing was left for it
 */
public record Decision(
        String id,
        Classification classification,
        List<Candidate> candidates,
        List<Rejection> rejections,
        long estimatedInput,
        long expectedOutput,
        String policy,
        Optional<SessionStep> session,
        List<Exhausted> exhausted) {

    /** A decision that no budget touches. */
    public Decision(
            String id,
            Classification classification,
            List<Candidate> candidates,
            List<Rejection> rejections,
            long estimatedInput,
            long expectedOutput,
            String policy,
            Optional<SessionStep> session) {
        this(
                id,
                classification,
                candidates,
                rejections,
                estimatedInput,
                expectedOutput,
                policy,
                session,
                List.of());
    }

    /** The same, where nothing is left of these budgets. */
    public Decision exhausted(List<Exhausted> budgets) {
        return with(candidates, rejections, session, budgets);
    }

    /** The same, with some of its candidates passed over. */
    public Decision without(List<Rejection> passedOver) {
        if (passedOver.isEmpty()) {
            return this;
        }
        List<Candidate> left =
                candidates.stream()
                        .filter(one ->
                                passedOver.stream()
                                        .noneMatch(
                                                other -> other.model().equals(one.model().ref())))
                        .toList();
        return with(
                left,
                Stream.concat(rejections.stream(), passedOver.stream()).toList(),
                session,
                exhausted);
    }

    public String category() {
        return classification.category();
    }

    /** The same in a conversation. */
    public Decision in(SessionStep step) {
        return ranked(candidates, step);
    }

    /** The same with another ranking, whatever its conversation made of it. */
    public Decision ranked(List<Candidate> ranking) {
        return with(ranking, rejections, Optional.empty(), exhausted);
    }

    /** The same with another ranking, which a conversation made. */
    public Decision ranked(List<Candidate> ranking, SessionStep step) {
        return with(ranking, rejections, Optional.of(step), exhausted);
    }

    private Decision with(
            List<Candidate> ranking,
            List<Rejection> rejected,
            Optional<SessionStep> step,
            List<Exhausted> spent) {
        return new Decision(
                id,
                classification,
                List.copyOf(ranking),
                rejected,
                estimatedInput,
                expectedOutput,
                policy,
                step,
                List.copyOf(spent));
    }

    /** The first choice; empty if no model can do the task. */
    public Optional<Model> model() {
        return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.getFirst().model());
    }
}
