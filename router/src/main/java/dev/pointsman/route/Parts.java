package dev.pointsman.route;

import dev.pointsman.classify.Cascade;
import dev.pointsman.core.Recorder;
import dev.pointsman.decide.Decider;
import dev.pointsman.policy.Policy;

import java.time.Clock;

/**
 * What tasks go by. Immutable.
 *
 * @param practice whether nobody is called, so that every usage is an estimate
 */
public record Parts(
        Policy policy,
        Recorder recorder,
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
            boolean practice,
            Clock clock,
            DecisionIds ids,
            Connection connection,
            Sessions sessions) {
        return new Parts(
                policy,
                recorder,
                practice,
                clock,
                ids,
                new Cascade(policy),
                new Decider(policy, !practice),
                connection,
                sessions);
    }

    /** The same, writing nothing down. */
    public Parts unrecorded() {
        return new Parts(
                policy,
                Recorder.NONE,
                practice,
                clock,
                ids,
                cascade,
                decider,
                connection,
                sessions);
    }

    /** The same by another policy. */
    public Parts with(Policy other) {
        return of(other, recorder, practice, clock, ids, connection, sessions);
    }
}
