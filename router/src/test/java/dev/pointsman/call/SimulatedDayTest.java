package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.Deployment;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * 24 hours of traffic with a day's shape before four providers, each in trouble of every kind in
 * turn, and now and then all at once.
 */
class SimulatedDayTest {

    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration MEAN_LATENCY = Duration.ofMillis(900);
    private static final Duration TOKEN = Duration.ofMillis(15);
    private static final AttemptLimits LIMITS =
            new AttemptLimits(
                    3,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(120));
    private static final AttemptRules RULES = AttemptRules.DEFAULT;

    /** A breaker's longest time with its jitter, and the ramp after it at night's traffic. */
    private static final Duration RECOVERY =
            RULES.breaker().longest().multipliedBy(6).dividedBy(5).plusMinutes(10);

    /** A request may end a timer's granularity after its deadline. */
    private static final Duration GRANULARITY = Duration.ofMillis(2);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Simulation simulation = new Simulation(seed, LIMITS, RULES);
    private final SimTransport transport = simulation.transport();
    private final List<Place> places = new ArrayList<>();
    private final Map<Trouble, Integer> met = new EnumMap<>(Trouble.class);
    private final Tally tally = new Tally();

    /** A deployment, its weather and what came of the calls to it. */
    private record Place(Deployment deployment, Weather weather, SimUpstream upstream) {}

    /** What happened, in numbers. */
    private static final class Tally {
        private long asked;
        private long ended;
        private long answered;
        private long left;
        private long passedOver;
        private long calmFirst;
        private final Map<String, Long> attempts = new HashMap<>();
        private final List<String> wrong = new ArrayList<>();

        void wrong(String what) {
            if (wrong.size() < 20) {
                wrong.add(what);
            }
        }
    }

    @Test
    void day_ofOutagesLimitsAndRecoveries_leavesNothingStuckLostOrHeld() {
        settle();
        simulation.arrivals(DAY, SimulatedDayTest::traffic, this::ask);
        transport.after(Duration.ofHours(9), () -> transport.jump(Duration.ofHours(1)));
        transport.after(Duration.ofHours(15), () -> transport.jump(Duration.ofHours(-2)));

        transport.runUntil(Duration.ofHours(2));
        long early = heap();
        transport.runUntil(DAY);
        long late = heap();
        transport.runOut();

        System.out.printf(
                "simulated day, seed %d: %d requests, %d answered, %d callers left, %d calls, %d"
                        + " times a model was passed over, %d times one that was well came first;"
                        + " heap %d KB after 2 h, %d KB after 24 h%n",
                seed,
                tally.asked,
                tally.answered,
                tally.left,
                calls(),
                tally.passedOver,
                tally.calmFirst,
                early >> 10,
                late >> 10);
        assertThat(tally.wrong).as("seed %d", seed).isEmpty();
        assertEverythingSettled();
        assertEverythingHappened();
        assertThat(late - early).as("heap's growth, seed %d", seed).isLessThan(2 << 20);
    }

    private void settle() {
        Format[] formats = Format.values();
        for (int i = 0; i < 4; i++) {
            Weather weather =
                    Weather.random(
                                    simulation.random(),
                                    DAY.minusHours(1),
                                    Duration.ofMinutes(40),
                                    Duration.ofMinutes(8))
                            .with(Duration.ofHours(5), Duration.ofMinutes(315), Trouble.FAILS)
                            .with(Duration.ofHours(17), Duration.ofMinutes(1045), Trouble.HANGS);
            places.add(place("sim" + i, formats[i % formats.length], weather));
        }
    }

    private Place place(String name, Format format, Weather weather) {
        SimUpstream upstream =
                new SimUpstream((exchange, time) -> {
                    SimAnswer well =
                            simulation.well(exchange, TOKEN).after(simulation.some(MEAN_LATENCY));
                    Optional<Trouble> trouble = weather.at(time);
                    trouble.ifPresent(kind -> met.merge(kind, 1, Integer::sum));
                    return trouble.map(kind -> kind.answer(exchange, well, simulation.random()))
                            .orElse(well);
                });
        return new Place(simulation.deployment(name, format, upstream), weather, upstream);
    }

    /** From one request in 5 s before dawn to nearly two a second in the evening. */
    private static double traffic(long nanos) {
        double hour = nanos / 3.6e12;
        return 1 - 0.8 * Math.cos((hour - 4) / 12 * Math.PI);
    }

    private void ask() {
        List<Place> ranking = new ArrayList<>(places);
        Collections.shuffle(ranking, simulation.random());
        boolean stream = simulation.random().nextBoolean();
        boolean leaves = simulation.random().nextInt(50) == 0;
        new Asked(List.copyOf(ranking), stream).begin(leaves);
    }

    /** One request, and whether all is right with it. */
    private final class Asked {
        private final List<Place> ranking;
        private final boolean stream;
        private final StringBuilder text = new StringBuilder();
        private final long begun = transport.elapsed();
        private boolean leaves;
        private boolean over;

        Asked(List<Place> ranking, boolean stream) {
            this.ranking = ranking;
            this.stream = stream;
        }

        void begin(boolean leavesEarly) {
            tally.asked++;
            Optional<Consumer<String>> onText =
                    stream ? Optional.of(text::append) : Optional.empty();
            Engine.Call call =
                    simulation.ask(ranking.stream().map(Place::deployment).toList(), onText);
            call.result().whenComplete(this::ended);
            if (leavesEarly) {
                transport.after(
                        simulation.some(MEAN_LATENCY),
                        () -> {
                            leaves = !over;
                            call.cancel().run();
                        });
            }
        }

        private void ended(CallResult result, Throwable failure) {
            check(!over, "ended twice");
            over = true;
            tally.ended++;
            if (failure != null) {
                check(false, "threw " + failure);
                return;
            }
            long took = transport.elapsed() - begun;
            check(
                    took <= LIMITS.total().plus(GRANULARITY).toNanos(),
                    "took " + Duration.ofNanos(took));
            check(result.attempts().size() <= LIMITS.max(), "calls: " + result.attempts().size());
            tally.passedOver += result.skipped().size();
            result.attempts().forEach(this::attempt);
            if (leaves) {
                tally.left++;
                check(result.answer().isEmpty(), "answered after it left");
            } else {
                result.answer().ifPresentOrElse(this::answered, () -> unanswered(result));
                first(result);
            }
        }

        private void attempt(Attempt attempt) {
            tally.attempts.merge(attempt.model().ref(), 1L, Long::sum);
            check(attempt.cost().total().isKnown(), "a cost is unknown");
            boolean free = attempt.usage().equals(Usage.NONE);
            boolean answered = attempt.succeeded();
            check(!answered || attempt.usage().equals(Simulation.USAGE), "usage of an answer");
            boolean leftAtWork =
                    attempt.failure().filter(why -> why instanceof Failure.Cancelled).isPresent();
            check(!leftAtWork || !free, "what a caller leaves costs nothing");
        }

        private void answered(Answer answer) {
            tally.answered++;
            boolean right =
                    ranking.stream()
                            .map(place -> Simulation.said(place.deployment().model()).text())
                            .anyMatch(answer.text()::equals);
            check(right, "said " + answer.text());
            check(!stream || text.toString().equals(answer.text()), "streamed " + text);
        }

        /** Only where too few were well from beginning to end, or a stream broke off. */
        private void unanswered(CallResult result) {
            long ill = ranking.stream().filter(place -> !calm(place)).count();
            check(ill > 1 || !text.isEmpty(), "unanswered with " + ill + " ill: " + result);
        }

        /** A model that has been well for long enough is called when its turn is first. */
        private void first(CallResult result) {
            Place first = ranking.getFirst();
            if (calm(first)) {
                tally.calmFirst++;
                String called = result.attempts().getFirst().model().ref();
                check(
                        called.equals(first.deployment().model().ref()),
                        called + " was called, not the first: " + result.skipped());
            }
        }

        private boolean calm(Place place) {
            return place.weather().calm(begun, transport.elapsed(), RECOVERY);
        }

        private void check(boolean right, String what) {
            if (!right) {
                tally.wrong(
                        Duration.ofNanos(begun)
                                + " "
                                + ranking.getFirst().deployment().model().ref()
                                + ": "
                                + what);
            }
        }
    }

    /** Every call that was made is told in one attempt, and nothing waits for anything. */
    private void assertEverythingSettled() {
        Map<String, Long> made = new LinkedHashMap<>();
        for (Place place : places) {
            made.put(place.deployment().model().ref(), place.upstream().calls());
            assertThat(place.upstream().underWay()).as("calls under way").isZero();
        }
        assertThat(tally.attempts).as("calls told, seed %d", seed).isEqualTo(made);
        assertThat(tally.ended).as("requests ended, seed %d", seed).isEqualTo(tally.asked);
        assertThat(transport.timers()).as("timers left, seed %d", seed).isZero();
        assertThat(simulation.engine().health())
                .as("calls the engine holds to be under way, seed %d", seed)
                .hasSize(places.size())
                .allMatch(health -> health.underWay() == 0);
    }

    private void assertEverythingHappened() {
        assertThat(met).as("troubles met, seed %d", seed).hasSize(Trouble.values().length);
        assertThat(tally.passedOver).as("models passed over, seed %d", seed).isPositive();
        assertThat(tally.left).as("callers who left, seed %d", seed).isPositive();
        assertThat(tally.answered).as("answers, seed %d", seed).isGreaterThan(tally.asked * 9 / 10);
        assertThat(tally.calmFirst)
                .as("first models that were well, seed %d", seed)
                .isGreaterThan(tally.asked / 10);
    }

    private long calls() {
        return places.stream().mapToLong(place -> place.upstream().calls()).sum();
    }

    /** Bytes in use when all that can be freed is. */
    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
