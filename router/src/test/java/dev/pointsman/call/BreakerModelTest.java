package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.call.Breaker.State;
import dev.pointsman.policy.BreakerSettings;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * The breaker under random sequences of calls, endings and time, step by step against a model that
 * keeps every call and result and works everything out anew.
 */
class BreakerModelTest {

    private static final BreakerSettings SETTINGS =
            new BreakerSettings(
                    4,
                    0.5,
                    6,
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(20));

    private static final int RUNS = 200;
    private static final int STEPS = 1_000;

    @Test
    void breaker_underRandomSteps_doesWhatTheModelDoes() {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        int[] seen = new int[State.values().length];
        int closings = 0;
        for (int i = 0; i < RUNS; i++) {
            Run run = new Run(random, "seed " + seed + ", run " + i);
            for (int step = 0; step < STEPS; step++) {
                State before = run.model.state(run.now);
                run.step();
                run.agrees(step);
                State after = run.model.state(run.now);
                seen[after.ordinal()]++;
                closings += before == State.HALF_OPEN && after == State.CLOSED ? 1 : 0;
            }
            run.recovers();
        }

        assertThat(seen).as("steps in each state, seed %d", seed).doesNotContain(0);
        assertThat(closings).as("seed %d", seed).isPositive();
    }

    /** One breaker, its model and the calls that are under way. */
    private static final class Run {

        private final Random random;
        private final String name;
        private final Model model;
        private final Breaker breaker;
        private final List<Long> entries = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        private final int health;
        private long now;

        Run(Random random, String name) {
            this.random = random;
            this.name = name;
            long bits = random.nextLong();
            RandomGenerator same = () -> bits;
            model = new Model(same.nextDouble());
            breaker = new Breaker(SETTINGS, same);
            now = random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L);
            health = random.nextInt(101);
        }

        void step() {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> enter();
                case 3, 4, 5, 6 -> end();
                case 7 -> pass(random.nextLong(200_000_000L));
                case 8 -> pass(random.nextInt(4) == 0 ? random.nextLong(8_000_000_000L) : 0);
                default -> shutSometimes();
            }
        }

        private void enter() {
            long entry = breaker.enter(now);
            boolean admitted = model.enter(now, calls);
            assertThat(entry != Breaker.SHUT).as(name).isEqualTo(admitted);
            if (admitted) {
                entries.add(entry);
            }
        }

        private void end() {
            if (calls.isEmpty()) {
                return;
            }
            int which = random.nextInt(calls.size());
            long entry = entries.remove(which);
            Call call = calls.remove(which);
            int verdict = random.nextInt(12);
            if (verdict == 0) {
                breaker.left(entry);
            } else if (random.nextInt(100) < health) {
                breaker.succeeded(entry, now);
                model.succeeded(call, now);
            } else if (verdict == 1) {
                long retryAfter = random.nextLong(-1_000_000_000L, 40_000_000_000L);
                breaker.failed(entry, now, Duration.ofNanos(retryAfter));
                model.failed(call, now, retryAfter, calls);
            } else {
                breaker.failed(entry, now);
                model.failed(call, now, 0, calls);
            }
        }

        private void pass(long nanos) {
            now += nanos;
        }

        private void shutSometimes() {
            if (random.nextInt(20) == 0) {
                long time = random.nextLong(40_000_000_000L);
                breaker.shut(now, Duration.ofNanos(time));
                model.shut(now, time, calls);
            }
        }

        void agrees(int step) {
            State expected = model.state(now);
            assertThat(breaker.state(now)).as("%s, step %d", name, step).isEqualTo(expected);
            assertThat(breaker.admits(now))
                    .as("%s, step %d", name, step)
                    .isEqualTo(model.admits(now, calls));
            if (expected == State.OPEN) {
                assertThat(breaker.openFor(now))
                        .as("%s, step %d", name, step)
                        .isEqualTo(model.openUntil - now);
            }
            assertThat(model.trials(calls)).as(name).isLessThanOrEqualTo(Breaker.RAMP);
        }

        /** When no call fails any more it closes in time, and so has lost no trial's place. */
        void recovers() {
            long began = now;
            for (long entry : entries) {
                if (random.nextBoolean()) {
                    breaker.left(entry);
                } else {
                    breaker.succeeded(entry, now);
                }
            }
            if (!breaker.admits(now)) {
                now += breaker.openFor(now);
            }
            for (int i = 0; i < 15 && breaker.state(now) != State.CLOSED; i++) {
                long entry = breaker.enter(now);
                assertThat(entry).as(name).isNotEqualTo(Breaker.SHUT);
                breaker.succeeded(entry, now);
            }
            assertThat(breaker.state(now)).as(name).isEqualTo(State.CLOSED);
            assertThat(now - began)
                    .as(name)
                    .isBetween(0L, (long) (SETTINGS.longest().toNanos() * 1.2));
        }
    }

    /** A call under way; opening the breaker makes those of before of no account. */
    private static final class Call {
        private boolean late;
        private boolean trial;
    }

    private record Result(long at, boolean failed) {}

    /** What the breaker should do, in the simplest words. */
    private static final class Model {

        private static final long SLOT = SETTINGS.window().toNanos() / 10;

        private final double luck;
        private final List<Result> results = new ArrayList<>();
        private boolean closed = true;
        private long openUntil;
        private long closedAt;
        private int ownOpenings;
        private int passed;

        Model(double luck) {
            this.luck = luck;
        }

        State state(long now) {
            if (closed) {
                return State.CLOSED;
            }
            return now < openUntil ? State.OPEN : State.HALF_OPEN;
        }

        boolean admits(long now, List<Call> calls) {
            return switch (state(now)) {
                case CLOSED -> true;
                case OPEN -> false;
                case HALF_OPEN -> trials(calls) < places();
            };
        }

        boolean enter(long now, List<Call> calls) {
            if (!admits(now, calls)) {
                return false;
            }
            Call call = new Call();
            call.trial = !closed;
            calls.add(call);
            return true;
        }

        long trials(List<Call> calls) {
            return calls.stream().filter(call -> call.trial && !call.late && !closed).count();
        }

        private int places() {
            return passed < 1 ? 1 : passed < 3 ? 2 : passed < 7 ? 4 : 8;
        }

        void succeeded(Call call, long now) {
            if (call.late) {
                return;
            }
            if (closed) {
                results.add(new Result(now, false));
                return;
            }
            passed++;
            if (passed == 15) {
                closed = true;
                closedAt = now;
            }
        }

        void failed(Call call, long now, long retryAfter, List<Call> calls) {
            if (call.late) {
                return;
            }
            long told = retryAfter > 0 ? atLeast(retryAfter) : 0;
            if (closed) {
                results.add(new Result(now, true));
            }
            if (!closed || failsOften(now)) {
                open(now + Math.max(own(now), told), calls);
            } else if (told > 0) {
                open(now + told, calls);
            }
        }

        void shut(long now, long time, List<Call> calls) {
            switch (state(now)) {
                case CLOSED -> open(now + atLeast(time), calls);
                case HALF_OPEN -> open(now + Math.max(own(now), atLeast(time)), calls);
                case OPEN -> openUntil = Math.max(openUntil, now + atLeast(time));
            }
        }

        private boolean failsOften(long now) {
            List<Result> last = results.subList(Math.max(0, results.size() - 4), results.size());
            long slot = Math.floorDiv(now, SLOT);
            List<Result> window =
                    results.stream().filter(r -> Math.floorDiv(r.at, SLOT) > slot - 10).toList();
            long failed = window.stream().filter(Result::failed).count();
            return last.size() == 4 && last.stream().allMatch(Result::failed)
                    || window.size() >= 6 && 2 * failed >= window.size();
        }

        private long own(long now) {
            if (closed && now - closedAt >= SETTINGS.longest().toNanos()) {
                ownOpenings = 0;
            }
            long doubled = SETTINGS.open().toNanos() << Math.min(ownOpenings++, 20);
            long time = Math.min(doubled, SETTINGS.longest().toNanos());
            return (long) (time * (1 + 0.2 * (2 * luck - 1)));
        }

        private long atLeast(long time) {
            return (long) (Math.min(time, SETTINGS.longest().toNanos()) * (1 + 0.2 * luck));
        }

        private void open(long until, List<Call> calls) {
            closed = false;
            openUntil = until;
            passed = 0;
            results.clear();
            calls.forEach(call -> call.late = true);
        }
    }
}
