package dev.pointsman.route;

import dev.pointsman.budget.Limit;
import dev.pointsman.call.Asking;
import dev.pointsman.call.CallRequest;
import dev.pointsman.call.CallResult;
import dev.pointsman.call.Engine;
import dev.pointsman.classify.Cascade;
import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.SessionStep;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.core.Usage;
import dev.pointsman.decide.Decider;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.ClassifySettings;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Provider;
import dev.pointsman.policy.SessionSettings;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One task on its way: classified, decided, called, settled. Confined to one thread until a call is
 * made, and then to the call's lane; {@link #cancel()} may come from anywhere.
 */
public final class Journey {

    /** Whose task it is. */
    public interface Errand {

        /** How the models of a decision are asked. */
        Asking asking(Decision decision);

        /** It is over and written down: with an answer, or with all that failed. */
        void settled(Entry entry);

        /** It cannot be done at all, through no fault of a provider. */
        void failed(Throwable cause);

        /** Why a model that could do the task cannot be asked; empty if it can. */
        Optional<Rejection> obstacle(Deployment deployment);

        /** What the key that the task is asked with may spend; empty if it has no limit. */
        default Optional<Limit> limit() {
            return Optional.empty();
        }

        /** How many tokens the model answers with at most. */
        long mostOutput(Model model);

        /** At what service it is to be answered. */
        default ServiceTier tier() {
            return ServiceTier.STANDARD;
        }

        /** Goes on after something that was waited for, away from the thread that has it. */
        void goOn(Runnable step);

        /** What it is about is known; said before any {@link #obstacle} of its models is asked. */
        default void classified(Classification classification) {}

        /** The conversation that it belongs to; empty if to none. */
        default Optional<SessionKey> session(Sessions sessions) {
            return Optional.empty();
        }
    }

    private final Parts parts;
    private final Task task;
    private final Errand errand;
    private final int providerLimit;
    private final Instant at;
    private final long startNanos = System.nanoTime();
    private final long input;
    private final String id;
    private final Optional<Spending> spending;
    private final List<Attempt> attempts = new ArrayList<>(2);
    private volatile Optional<Engine.Call> underWay = Optional.empty();
    private volatile boolean cancelled;
    private Optional<SessionTurn> turn = Optional.empty();

    /**
     * @param input the task's size in tokens, by estimate
     * @param providerLimit how many calls to one provider may be under way
     */
    public Journey(Parts parts, Task task, long input, int providerLimit, Errand errand) {
        this.parts = parts;
        this.at = parts.clock().instant();
        this.task = task;
        this.input = input;
        this.providerLimit = providerLimit;
        this.errand = errand;
        this.id = parts.ids().next();
        this.spending = Spending.of(parts, task, id, at, errand, this::failed);
    }

    /**
     * Sets out.
     *
     * @throws IllegalArgumentException if the task forces a category that the policy does not have
     */
    public void begin() {
        switch (parts.cascade().begin(task, input)) {
            case Cascade.Step.Decided decided -> decide(decided.classification());
            case Cascade.Step.Ask ask ->
                    spending.ifPresentOrElse(
                            of ->
                                    of.admit(
                                            ask,
                                            () -> ask(ask),
                                            why -> decide(parts.cascade().otherwise(ask, why))),
                            () -> ask(ask));
        }
    }

    /**
     * Sets out for models that the caller named.
     *
     * @param named in the order in which they are tried; at least one
     */
    public void begin(Classification classification, List<Deployment> named) {
        Decision decision =
                parts.decider().named(id, task, classification, input, named, errand::obstacle);
        if (spending.isEmpty()) {
            call(decision, asked(decision, named));
            return;
        }
        spending.get().admit(decision, input, left -> call(left, asked(left, named)));
    }

    /** Those of the named models that the decision left. */
    private static List<Deployment> asked(Decision decision, List<Deployment> named) {
        if (decision.rejections().isEmpty()) {
            return named;
        }
        List<String> left =
                decision.candidates().stream().map(candidate -> candidate.model().ref()).toList();
        return named.stream().filter(one -> left.contains(one.model().ref())).toList();
    }

    /** Ends the call under way and makes no other. The journey is settled all the same. */
    public void cancel() {
        cancelled = true;
        underWay.ifPresent(call -> call.cancel().run());
    }

    private void ask(Cascade.Step.Ask ask) {
        Duration timeout =
                parts.policy()
                        .classify()
                        .triage()
                        .map(ClassifySettings.Triage::timeout)
                        .orElseThrow();
        AttemptLimits usual = parts.policy().attempts();
        AttemptLimits limits =
                new AttemptLimits(1, usual.connect(), usual.firstContent(), usual.idle(), timeout);
        CallRequest request =
                new CallRequest(
                        Purpose.CLASSIFY,
                        new Asking.OfTask(ask.question(), Optional.empty()),
                        List.of(ask.deployment()),
                        limits,
                        parts.policy().attemptRules(),
                        providerLimit,
                        Tokens.estimate(ask.question()),
                        ask.question().maxTokens());
        call(request, result -> decide(classification(ask, result)));
    }

    private Classification classification(Cascade.Step.Ask ask, CallResult result) {
        if (result.answer().isPresent()) {
            return parts.cascade().read(ask, result.answer().get().text());
        }
        String why =
                result.attempts().stream()
                        .flatMap(attempt -> attempt.failure().stream())
                        .map(Failure::message)
                        .findFirst()
                        .orElse("no answer");
        return parts.cascade()
                .otherwise(
                        ask,
                        ask.deployment().model().ref() + " was asked and failed (" + why + ")");
    }

    private void decide(Classification classification) {
        errand.classified(classification);
        Decision free = parts.decider().decide(id, task, classification, input, errand::obstacle);
        turn = turn();
        Decision decision =
                turn.map(of ->
                                of.decided(
                                        free,
                                        parts.policy(),
                                        parts.decider(),
                                        task,
                                        errand::obstacle))
                        .orElse(free);
        if (spending.isEmpty()) {
            call(decision);
            return;
        }
        spending.get()
                .admit(
                        decision,
                        input,
                        left ->
                                call(
                                        left.exhausted().isEmpty()
                                                ? left
                                                : Decider.cheapestFirst(left)));
    }

    private void call(Decision decision) {
        List<Deployment> ranking = new ArrayList<>(decision.candidates().size());
        for (Candidate candidate : decision.candidates()) {
            ranking.add(deployment(decision, candidate));
        }
        call(decision, ranking);
    }

    private Optional<SessionTurn> turn() {
        SessionSettings settings = parts.policy().sessions();
        return settings.stick()
                ? errand.session(parts.sessions())
                        .map(key -> parts.sessions().turn(key, task.answersTool(), settings))
                : Optional.empty();
    }

    private void call(Decision decision, List<Deployment> ranking) {
        if (ranking.isEmpty() || cancelled) {
            settle(decision, Optional.empty());
            return;
        }
        CallRequest request =
                new CallRequest(
                        Purpose.ANSWER,
                        errand.asking(decision),
                        ranking,
                        parts.policy().attempts(),
                        parts.policy().attemptRules(),
                        providerLimit,
                        input,
                        decision.expectedOutput());
        call(request, result -> settle(decision.without(result.skipped()), result.answer()));
    }

    /** As the category's list has it, where it may stand in a pool. */
    private Deployment deployment(Decision decision, Candidate candidate) {
        String ref = candidate.model().ref();
        boolean bound =
                decision.session().filter(SessionStep::binds).isPresent()
                        && candidate.equals(decision.candidates().getFirst());
        if (bound) {
            // A place of a pool may have the conversation warm; the others do not.
            Deployment own = parts.policy().deployment(ref);
            return new Deployment(own.model(), own.provider());
        }
        for (Deployment listed : parts.policy().route(decision.category())) {
            if (listed.model().ref().equals(ref)) {
                return listed;
            }
        }
        return parts.policy().deployment(ref);
    }

    /** Calls and goes on, unless it is cancelled. */
    private void call(CallRequest request, Consumer<CallResult> then) {
        Engine.Call call = parts.connection().engine(parts.clock()).call(request);
        underWay = Optional.of(call);
        if (cancelled) {
            call.cancel().run();
        }
        call.result()
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        failed(failure);
                        return;
                    }
                    try {
                        result.attempts()
                                .forEach(attempt ->
                                        attempts.add(
                                                practised(attempt) ? estimated(attempt) : attempt));
                        then.accept(result);
                    } catch (RuntimeException e) {
                        failed(e);
                    }
                });
    }

    private void failed(Throwable cause) {
        turn.ifPresent(SessionTurn::over);
        spending.ifPresent(Spending::release);
        errand.failed(cause);
    }

    private void settle(Decision decision, Optional<Answer> answer) {
        boolean practice = parts.practice() || !attempts.isEmpty() && allPractised();
        boolean counts = !attempts.isEmpty() && !practised(attempts.getLast());
        Optional<Answer> counted = answer.map(given -> counts ? given : estimated(given));
        Entry entry =
                new Entry(
                        at,
                        task,
                        decision,
                        practice ? attempts : paid(),
                        counted,
                        Duration.ofNanos(System.nanoTime() - startNanos),
                        counted.flatMap(given -> baseline(given.usage())),
                        practice);
        turn.ifPresent(of -> settle(of, entry));
        spending.ifPresent(of -> of.settle(entry.totalCost()));
        parts.recorder().record(entry);
        errand.settled(entry);
    }

    private void settle(SessionTurn of, Entry entry) {
        if (entry.answer().isEmpty()) {
            of.over();
            return;
        }
        of.answered(
                parts.policy().deployment(entry.answering().orElseThrow().model().ref()),
                entry.answer().get().usage(),
                entry.decision(),
                task);
    }

    private Optional<Entry.Baseline> baseline(Usage usage) {
        return parts.policy()
                .baselineModel()
                .map(model -> new Entry.Baseline(model.ref(), Cost.estimate(model, usage).total()));
    }

    /** Whether nobody was called for it. */
    private boolean practised(Attempt attempt) {
        Provider provider = parts.policy().providers().get(attempt.model().provider());
        return parts.practice() || provider != null && provider.isPlayed();
    }

    private boolean allPractised() {
        for (Attempt attempt : attempts) {
            if (!practised(attempt)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Beside a call that somebody must be paid for, one that nobody was called for costs nothing;
     * in a request of only such calls it has the cost that it would have had.
     */
    private List<Attempt> paid() {
        List<Attempt> paid = new ArrayList<>(attempts.size());
        for (Attempt attempt : attempts) {
            paid.add(practised(attempt) ? with(attempt, attempt.usage(), Cost.NONE) : attempt);
        }
        return paid;
    }

    private static Attempt estimated(Attempt attempt) {
        return with(attempt, attempt.usage().asEstimate(), attempt.cost());
    }

    private static Attempt with(Attempt attempt, Usage usage, Cost cost) {
        return new Attempt(
                attempt.purpose(),
                attempt.model(),
                attempt.startedAt(),
                attempt.firstContent(),
                attempt.latency(),
                usage,
                cost,
                attempt.failure(),
                attempt.leftOut());
    }

    private static Answer estimated(Answer answer) {
        return new Answer(answer.text(), answer.usage().asEstimate(), answer.stop());
    }
}
