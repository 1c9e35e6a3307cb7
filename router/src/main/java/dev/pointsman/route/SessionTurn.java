package dev.pointsman.route;

import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.SessionStep;
import dev.pointsman.core.SessionStep.Reason;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.decide.Decider;
import dev.pointsman.decide.SwitchCost;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyException;
import dev.pointsman.policy.SessionSettings;
import dev.pointsman.wire.Format;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One request of a conversation. Its decision is made once, and then it is answered, or over
 * without an answer. Confined to the thread of its journey.
 */
final class SessionTurn {

    /** Below, no provider keeps a prompt without being asked. */
    private static final long LEAST_KEPT = 1_024;

    private final Sessions sessions;
    private final SessionKey key;
    private final Optional<Session> known;
    private final boolean toolLoop;
    private final SessionSettings settings;
    private Optional<Stand> stand = Optional.empty();
    private Optional<Model> changesTo = Optional.empty();
    private long reserved;

    /** Where the conversation stood when it was decided: with whom, and how warm. */
    private record Stand(Model model, long warm) {}

    SessionTurn(
            Sessions sessions,
            SessionKey key,
            Optional<Session> known,
            boolean toolLoop,
            SessionSettings settings) {
        this.sessions = sessions;
        this.key = key;
        this.known = known;
        this.toolLoop = toolLoop;
        this.settings = settings;
    }

    /**
     * The decision, with the conversation's model put first where it is to stay.
     *
     * @param free the decision without a conversation
     * @param obstacle why a model that could do the task cannot be asked
     */
    Decision decided(
            Decision free,
            Policy policy,
            Decider decider,
            Task task,
            Function<Deployment, Optional<Rejection>> obstacle) {
        if (known.isEmpty() || free.model().isEmpty()) {
            return free.in(new SessionStep.Free());
        }
        Session session = known.get();
        Session.Seen seen = session.seen(free.estimatedInput(), sessions.now(), settings.warm());
        Optional<Deployment> own = deployment(policy, seen.model());
        long warm = seen.warmAt(seen.model());
        if (own.isEmpty() || (warm == 0 && !toolLoop)) {
            return free.in(new SessionStep.Free());
        }
        Model chosen = free.model().get();
        stand = Optional.of(new Stand(own.get().model(), warm));
        if (chosen.ref().equals(seen.model())) {
            return free.in(new SessionStep.Agreed());
        }
        boolean joins = free.classification().source() != Classification.Source.EXPLICIT;
        Optional<List<Candidate>> staying = decider.ledBy(own.get(), free, task, joins, obstacle);
        if (staying.isEmpty()) {
            return free.in(new SessionStep.Left(seen.model()));
        }
        SessionStep step = step(session, seen, own.get().model(), chosen);
        return step instanceof SessionStep.Switched
                ? free.in(step)
                : free.ranked(staying.get(), step);
    }

    /** It may name a model of another policy, which this one has no more. */
    private static Optional<Deployment> deployment(Policy policy, String ref) {
        try {
            return Optional.of(policy.deployment(ref));
        } catch (PolicyException gone) {
            return Optional.empty();
        }
    }

    private SessionStep step(Session session, Session.Seen seen, Model own, Model chosen) {
        SwitchCost cost =
                SwitchCost.of(
                        own,
                        seen.warmAt(own.ref()),
                        chosen,
                        seen.warmAt(chosen.ref()),
                        seen.input());
        if (!cost.extra().isKnown()) {
            Reason reason = toolLoop ? Reason.TOOL_LOOP : Reason.PRICE_UNKNOWN;
            return new SessionStep.Stayed(chosen.ref(), reason, Money.UNKNOWN, Money.UNKNOWN);
        }
        long extra = cost.extra().nanos();
        long stay = cost.stay().nanos();
        if (toolLoop) {
            Money allowed = Money.ofNanos(session.allowed(stay, settings.maxSwitchSpend()));
            return new SessionStep.Stayed(chosen.ref(), Reason.TOOL_LOOP, cost.extra(), allowed);
        }
        long allowed = session.reserve(extra, stay, settings.maxSwitchSpend());
        if (extra > allowed) {
            return new SessionStep.Stayed(
                    chosen.ref(), Reason.SWITCH_SPEND, cost.extra(), Money.ofNanos(allowed));
        }
        reserved = extra;
        changesTo = Optional.of(chosen);
        return new SessionStep.Switched(own.ref(), cost.extra(), Money.ofNanos(allowed));
    }

    /** There was no answer. */
    void over() {
        known.ifPresent(session -> session.settle(reserved, Money.ZERO, Money.ZERO));
        reserved = 0;
    }

    /**
     * There was an answer.
     *
     * @param by who gave it, first choice or fallback
     */
    void answered(Deployment by, Usage usage, Decision decision, Task task) {
        long kept = kept(by, usage);
        boolean worth = kept > 0 || task.needs(Ability.TOOLS) || toolLoop;
        if (known.isEmpty() && !worth) {
            return;
        }
        Session session = known.orElseGet(() -> sessions.begun(key, settings));
        session.settle(reserved, extra(by.model(), usage), stayed(by.model(), usage));
        reserved = 0;
        session.answered(
                new Session.Warm(by.model().ref(), kept, sessions.now()),
                usage.totalInput(),
                decision.estimatedInput());
    }

    /** What the change that was decided did cost; what a fallback costs nobody chose. */
    private Money extra(Model by, Usage usage) {
        if (changesTo.filter(by::equals).isEmpty()) {
            return Money.ZERO;
        }
        Stand from = stand.orElseThrow();
        Money more =
                Cost.estimate(by, usage.withoutOutput())
                        .total()
                        .minus(SwitchCost.input(from.model, from.warm, usage.totalInput()));
        return more.isKnown() && more.nanos() < 0 ? Money.ZERO : more;
    }

    /** What the same request would have cost where the conversation was warm. */
    private Money stayed(Model by, Usage usage) {
        if (stand.isEmpty() || stand.get().model.equals(by)) {
            return Cost.estimate(by, usage).total();
        }
        Stand from = stand.get();
        long read = Math.min(from.warm, usage.totalInput());
        Usage there = Usage.of(usage.totalInput() - read, usage.output()).withCache(read, 0);
        return Cost.estimate(from.model, there).total();
    }

    /**
     * How much of what a model read is in its prompt cache now. Anthropic keeps what it is asked to
     * keep, and says so; others keep a long enough prompt by themselves, if they sell what they
     * read from it cheaper.
     */
    private static long kept(Deployment by, Usage usage) {
        long told = usage.cacheRead() + usage.cacheWrite();
        boolean asked = by.provider().format() == Format.ANTHROPIC_MESSAGES;
        boolean sold =
                by.model().price().map(price -> price.base().cacheRead().isPresent()).orElse(true);
        boolean byItself = !asked && sold && usage.totalInput() >= LEAST_KEPT;
        return byItself ? usage.totalInput() : told;
    }
}
