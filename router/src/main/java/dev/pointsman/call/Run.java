package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Next;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.HedgeSettings;
import dev.pointsman.transport.Transport.Cancellable;
import dev.pointsman.transport.Transport.Lane;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * One request on its way through its candidates, until one answers, the caller must be told, or the
 * budget of calls or time is spent. Confined to its lane.
 */
final class Run {

    /** A model is slow when most of its answers would have begun. */
    private static final double SLOW = 0.95;

    private final CallRequest request;
    private final Lane lane;
    private final Clock wallClock;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final CompletableFuture<CallResult> result = new CompletableFuture<>();
    private final Options options;
    private final List<Attempt> ended = new ArrayList<>(1);
    private final List<SingleAttempt> underWay = new ArrayList<>(1);
    private final long deadline;
    private Cancellable waiting = () -> {};
    private Cancellable hedging = () -> {};
    private int begun;
    private boolean decided;
    private boolean refused;
    private boolean stopped;

    Run(
            CallRequest request,
            Known known,
            Lane lane,
            Clock wallClock,
            LongSupplier nanoClock,
            RandomGenerator random) {
        this.request = Silence.watched(request, lane, nanoClock, result);
        this.lane = lane;
        this.wallClock = wallClock;
        this.nanoClock = nanoClock;
        this.random = random;
        this.deadline = nanoClock.getAsLong() + request.limits().total().toNanos();
        this.options = Options.of(request, known, random);
    }

    CompletableFuture<CallResult> result() {
        return result;
    }

    Lane lane() {
        return lane;
    }

    void begin() {
        if (stopped) {
            finish(Optional.empty());
        } else {
            next();
        }
    }

    void stop() {
        stopped = true;
        waiting.cancel();
        hedging.cancel();
        if (underWay.isEmpty()) {
            finish(Optional.empty());
        }
        leave("cancelled by the caller");
    }

    private void leave(String why) {
        List.copyOf(underWay).forEach(attempt -> attempt.cancel(why));
    }

    /** Makes the next call that the budget and the models allow. */
    private void next() {
        long now = nanoClock.getAsLong();
        if (isSpent(now)) {
            finish(Optional.empty());
            return;
        }
        Optional<Options.Pick> pick = options.untried(now);
        if (pick.isPresent()) {
            start(pick.get(), false);
            return;
        }
        Optional<Option> again = options.repeatable(now, deadline);
        if (again.isPresent()) {
            long wait = Math.max(0, again.get().notBefore() - now);
            waiting = lane.after(Duration.ofNanos(wait), () -> again(again.get()));
        } else {
            lastLeft(now);
        }
    }

    /** Whether nothing is left of the calls, or of the time. */
    private boolean isSpent(long now) {
        return begun >= request.limits().max() || deadline - now <= 0;
    }

    private void again(Option option) {
        long now = nanoClock.getAsLong();
        Optional<Options.Pick> pick = options.again(option, now);
        if (pick.isPresent()) {
            start(pick.get(), false);
        } else {
            lastLeft(now);
        }
    }

    /** The last one left is called although it is shut. */
    private void lastLeft(long now) {
        Optional<Options.Pick> shut = options.shut(now);
        if (shut.isPresent()) {
            start(shut.get(), false);
            return;
        }
        if (begun == 0) {
            noRoom(now);
        }
        finish(Optional.empty());
    }

    private void noRoom(long now) {
        Option first = options.first();
        focusOn(first);
        Failure failure =
                new Failure.RateLimited(
                        Optional.of(first.state().quota().until(now, request.tokens())),
                        options.noRoom(now));
        ended.add(
                new Attempt(
                        request.purpose(),
                        first.deployment().model(),
                        wallClock.instant(),
                        Optional.empty(),
                        Duration.ZERO,
                        Usage.NONE,
                        Cost.NONE,
                        Optional.of(failure)));
    }

    private void focusOn(Option option) {
        if (request.asking() instanceof Asking.OfBytes bytes) {
            bytes.relay().trying(option.deployment(), begun + 1);
        }
    }

    private void start(Options.Pick pick, boolean bare) {
        Option option = pick.option();
        long now = nanoClock.getAsLong();
        option.begin(now, request.tokens());
        begun++;
        if (begun == 1) {
            prepareHedge(option, now);
        }
        try {
            start(watch(pick, bare), Duration.ofNanos(Math.max(1, deadline - now)));
        } catch (RuntimeException e) {
            option.abandon(pick.entry(), now, request.tokens());
            unwritable(e);
        }
    }

    private void start(SingleAttempt.Watch watch, Duration left) {
        SingleAttempt attempt = new SingleAttempt(request, watch, lane, wallClock, nanoClock);
        underWay.add(attempt);
        try {
            attempt.start(left);
        } catch (RuntimeException e) {
            underWay.remove(attempt);
            throw e;
        }
    }

    /** Nothing was sent, and nothing else is; who else was asked is left. */
    private void unwritable(RuntimeException cause) {
        decided = true;
        hedging.cancel();
        result.completeExceptionally(cause);
        leave("the request could not be written");
    }

    private SingleAttempt.Watch watch(Options.Pick pick, boolean bare) {
        int number = begun;
        return new SingleAttempt.Watch(
                pick.option().deployment(),
                number,
                bare,
                headers -> pick.option().state().quota().told(nanoClock.getAsLong(), headers),
                this::committed,
                (attempt, outcome) -> ended(pick, attempt, outcome));
    }

    /** A second model is asked beside the first if that is slow. */
    private void prepareHedge(Option first, long now) {
        Optional<HedgeSettings> hedge = request.rules().hedge();
        boolean alone = request.ranking().size() == 1;
        if (hedge.isEmpty() || alone || request.purpose() != Purpose.ANSWER) {
            return;
        }
        Allowance allowance = first.state().hedges().orElseThrow();
        allowance.requested();
        OptionalLong slow =
                hedge.get()
                        .after()
                        .map(after -> OptionalLong.of(after.toNanos()))
                        .orElseGet(() -> usuallyBegun(first, now));
        if (slow.isPresent()) {
            hedging = lane.after(Duration.ofNanos(slow.getAsLong()), () -> hedge(allowance));
        }
    }

    private OptionalLong usuallyBegun(Option option, long now) {
        return option.state().latencies(request.asking().stream()).percentile(now, SLOW);
    }

    private void hedge(Allowance allowance) {
        boolean waits = !decided && !stopped && underWay.size() == 1;
        boolean silent = waits && !underWay.getFirst().hasContent();
        if (silent && begun < request.limits().max() && allowance.take()) {
            options.untried(nanoClock.getAsLong()).ifPresent(pick -> start(pick, false));
        }
    }

    /** The first content wins; nobody else who was asked is waited for. */
    private void committed(SingleAttempt winner) {
        if (decided) {
            return;
        }
        decided = true;
        hedging.cancel();
        for (SingleAttempt other : List.copyOf(underWay)) {
            if (other != winner) {
                other.cancel("another model answered first");
            }
        }
    }

    private void ended(Options.Pick pick, SingleAttempt attempt, AttemptOutcome outcome) {
        if (outcome.answer().isPresent()) {
            committed(attempt);
        }
        refused |= refuses(outcome);
        underWay.remove(attempt);
        ended.add(outcome.attempt());
        settle(pick, outcome);
        if (!underWay.isEmpty()) {
            return;
        }
        hedging.cancel();
        if (stopped || decided || refused) {
            finish(outcome.answer());
        } else if (outcome.bare()) {
            bare(pick.option());
        } else {
            next();
        }
    }

    /** Whether nobody else is to be asked. Who was asked before may still answer. */
    private static boolean refuses(AttemptOutcome outcome) {
        return !outcome.bare()
                && outcome.attempt().failure().filter(one -> one.next() == Next.CALLER).isPresent();
    }

    /** The same model again, without the reasoning that it refused: nothing was done, or billed. */
    private void bare(Option option) {
        long now = nanoClock.getAsLong();
        Optional<Options.Pick> pick = isSpent(now) ? Optional.empty() : options.again(option, now);
        if (pick.isPresent()) {
            start(pick.get(), true);
        } else {
            finish(Optional.empty());
        }
    }

    private void settle(Options.Pick pick, AttemptOutcome outcome) {
        Option option = pick.option();
        Attempt attempt = outcome.attempt();
        long now = nanoClock.getAsLong();
        option.end(pick.entry(), now, request.tokens(), attempt);
        if (attempt.failure().isPresent()) {
            boolean repeatable = outcome.repeatable() && pick.entry() != Option.FORCED;
            option.failed(attempt.failure().get(), repeatable, now, random);
            options.failed(option, attempt.failure().get());
        }
        learn(option, attempt, now);
    }

    /**
     * An answer's time is remembered, and so is the time that a slow call had until it lost to a
     * faster one: if those were forgotten, the usual time would shrink with each of them, and
     * hedges would be spent on calls that are not slow.
     */
    private void learn(Option option, Attempt attempt, long now) {
        Latencies known = option.state().latencies(request.asking().stream());
        long time = attempt.firstContent().orElse(attempt.latency()).toNanos();
        if (attempt.succeeded() || lost(attempt) && isSlow(time, known, now)) {
            known.add(now, time);
        }
    }

    private boolean lost(Attempt attempt) {
        return decided
                && !stopped
                && attempt.failure().filter(Failure.Cancelled.class::isInstance).isPresent();
    }

    private static boolean isSlow(long time, Latencies known, long now) {
        return time >= known.percentile(now, SLOW).orElse(Long.MAX_VALUE);
    }

    private void finish(Optional<Answer> answer) {
        hedging.cancel();
        result.complete(new CallResult(List.copyOf(ended), answer, options.skipped()));
    }
}
