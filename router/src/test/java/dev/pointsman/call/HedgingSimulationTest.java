package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Money;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.HedgeSettings;
import dev.pointsman.wire.Format;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Two places of which each answers 3 in 100 calls after 10 s, and the others within a second. */
class HedgingSimulationTest {

    private static final int PER_SECOND = 20;
    private static final Duration TIME = Duration.ofMinutes(18);
    private static final double SLOW = 0.03;
    private static final Duration SLOWLY = Duration.ofSeconds(10);
    private static final double USUAL_MILLIS = 400;
    private static final double SPREAD = 0.4;

    private final long seed = Long.getLong("seed", System.nanoTime());

    /** What a run of requests took; how many arrive is random. */
    private record Outcome(
            double p99, double callsForARequest, double nanosForARequest, long losers) {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hedging_cutsTheSlowestForFewCallsAndIsBilled(boolean stream) {
        Outcome without = run(Optional.empty(), stream);

        Outcome measured = run(Optional.of(new HedgeSettings(Optional.empty(), 0.05)), stream);
        Optional<Duration> second = Optional.of(Duration.ofSeconds(1));
        Outcome fixed = run(Optional.of(new HedgeSettings(second, 0.05)), stream);

        assertCut("p95", without, measured);
        assertCut("1 s", without, fixed);
    }

    private void assertCut(String after, Outcome without, Outcome with) {
        System.out.printf(
                "hedged after %s, seed %d: p99 %.0f ms instead of %.0f, for %.1f%% more calls and"
                        + " %.1f%% more money%n",
                after,
                seed,
                with.p99(),
                without.p99(),
                100 * (with.callsForARequest() - 1),
                100 * with.nanosForARequest() / without.nanosForARequest() - 100);
        assertThat(without.callsForARequest()).isEqualTo(1);
        assertThat(with.p99()).as("seed %d", seed).isLessThanOrEqualTo(without.p99() / 5);
        assertThat(with.callsForARequest()).as("seed %d", seed).isBetween(1.01, 1.07);
        assertThat(with.nanosForARequest())
                .as("seed %d", seed)
                .isGreaterThan(without.nanosForARequest());
        assertThat(with.losers()).as("seed %d", seed).isPositive();
    }

    private Outcome run(Optional<HedgeSettings> hedge, boolean stream) {
        AttemptRules rules = hedge.map(AttemptRules.DEFAULT::hedge).orElse(AttemptRules.DEFAULT);
        Simulation simulation = new Simulation(seed, AttemptLimits.DEFAULT, rules);
        SimUpstream one = bimodal(simulation);
        SimUpstream other = bimodal(simulation);
        List<Deployment> ranking =
                List.of(
                        simulation.deployment("one", Format.ANTHROPIC_MESSAGES, one),
                        simulation.deployment("other", Format.ANTHROPIC_MESSAGES, other));
        Traffic traffic = new Traffic(simulation, ranking, stream);
        simulation.arrivals(TIME, time -> PER_SECOND, traffic::ask);
        simulation.transport().runOut();
        return traffic.outcome(one.calls() + other.calls());
    }

    private static SimUpstream bimodal(Simulation simulation) {
        return new SimUpstream((exchange, time) -> {
            boolean slow = simulation.random().nextDouble() < SLOW;
            double millis = USUAL_MILLIS * Math.exp(SPREAD * simulation.random().nextGaussian());
            Duration after = slow ? SLOWLY : Duration.ofNanos((long) (millis * 1e6));
            return simulation.well(exchange, Duration.ZERO).after(after);
        });
    }

    /** Requests, how long each took until its answer began, and what all cost. */
    private static final class Traffic {
        private final Simulation simulation;
        private final List<Deployment> ranking;
        private final boolean stream;
        private final List<Long> millis = new ArrayList<>();
        private Money bill = Money.ZERO;
        private long losers;

        Traffic(Simulation simulation, List<Deployment> ranking, boolean stream) {
            this.simulation = simulation;
            this.ranking = ranking;
            this.stream = stream;
        }

        void ask() {
            long begun = simulation.transport().elapsed();
            AtomicLong first = new AtomicLong();
            Optional<Consumer<String>> onText =
                    stream
                            ? Optional.of(text ->
                                    first.compareAndSet(0, simulation.transport().elapsed()))
                            : Optional.empty();
            simulation
                    .ask(ranking, onText)
                    .result()
                    .thenAccept(result -> {
                        long begins = stream ? first.get() : simulation.transport().elapsed();
                        millis.add((begins - begun) / 1_000_000);
                        assertThat(result.answer()).isPresent();
                        result.attempts().forEach(this::settle);
                    });
        }

        private void settle(Attempt attempt) {
            bill = bill.plus(attempt.cost().total());
            if (attempt.failure().isPresent()) {
                losers++;
                assertThat(attempt.failure()).containsInstanceOf(Failure.Cancelled.class);
                assertThat(attempt.usage().estimated()).isTrue();
                assertThat(attempt.cost().total().nanos()).isPositive();
            }
        }

        Outcome outcome(long calls) {
            assertThat(millis).hasSizeGreaterThan(20_000);
            long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
            double p99 = sorted[(int) (0.99 * sorted.length)];
            double requests = sorted.length;
            return new Outcome(p99, calls / requests, bill.nanos() / requests, losers);
        }
    }
}
