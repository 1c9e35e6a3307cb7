package dev.pointsman.route;

import dev.pointsman.budget.Budgets;
import dev.pointsman.classify.Cascade;
import dev.pointsman.core.Recorder;
import dev.pointsman.decide.Decider;
import dev.pointsman.policy.Policy;

import java.time.Clock;
import java.util.Optional;

/**
 * What tasks go by. Immutable.
 *
 * @param budgets the books; empty where nothing that is asked is paid for
 * @param practice whether nobody is called, so that every usage is an estimate
 */
public record Parts(
        Policy policy,
        Recorder recorder,
        Optional<Budgets> budgets,
        boolean practice,
        Clock clock,
        DecisionIds ids,
        Cascade cascade,
        Decider decider,
        Connection connection,
        Sessions sessions) {

    /** The parts that a policy makes, and those that do not depend on it. */
    public static Parts of(
            Policy policy,
            Recorder recorder,
            Budgets budgets,
            boolean practice,
            Clock clock,
            DecisionIds ids,
            Connection connection,
            Sessions sessions) {
        return new Parts(
                policy,
                recorder,
                practice ? Optional.empty() : Optional.of(budgets),
                practice,
                clock,
                ids,
                new Cascade(policy),
                new Decider(policy, !practice),
                connection,
                sessions);
    }

    /** The same, writing nothing down, and so asking no model for a category: that would cost. */
    public Parts unrecorded() {
        return new Parts(
                policy,
                Recorder.NONE,
                Optional.empty(),
                practice,
                clock,
                ids,
                cascade.withoutAsking(),
                decider,
                connection,
                sessions);
    }

    /** The same by another policy. */
    public Parts with(Policy other) {
        return of(
                other,
                recorder,
                budgets.orElse(Budgets.NONE),
                practice,
                clock,
                ids,
                connection,
                sessions);
    }
}
