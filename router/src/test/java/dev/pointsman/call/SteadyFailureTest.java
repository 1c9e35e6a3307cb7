package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.Deployment;
import dev.pointsman.wire.Format;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One provider and no other, failing always: an outage is not multiplied. */
class SteadyFailureTest {

    private static final Duration STEADY = Duration.ofMinutes(1);
    private static final int REQUESTS = 1_000;

    /** The attempts of an SDK for one request, and its pause before the second and third. */
    private static final int SDK_ATTEMPTS = 3;

    private static final Duration SDK_PAUSE = Duration.ofMillis(500);

    private final Simulation simulation =
            new Simulation(1, AttemptLimits.DEFAULT, AttemptRules.DEFAULT);
    private final SimTransport transport = simulation.transport();
    private long requests;
    private long calls;

    static Stream<Arguments> troubles() {
        return Stream.of(
                        Trouble.FAILS,
                        Trouble.IS_OVERLOADED,
                        Trouble.IS_OVERLOADED_FOR_A_TIME,
                        Trouble.RESETS_BEFORE_HEADERS,
                        Trouble.RESETS_AFTER_HEADERS,
                        Trouble.REFUSES_CONNECTIONS,
                        Trouble.CONNECTS_NEVER,
                        Trouble.LIMITS_RATES_FOR_A_DAY,
                        Trouble.BEGINS_WITH_AN_ERROR,
                        Trouble.ANSWERS_NOTHING,
                        Trouble.HANGS)
                .flatMap(trouble -> Stream.of(0.1, 10.0).map(rate -> Arguments.of(trouble, rate)));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void case42_providerThatAlwaysFails_getsAtMostAFifthMoreCallsThanRequests(
            Trouble trouble, double rate) {
        Deployment only = failing(trouble, Format.ANTHROPIC_MESSAGES);

        assertThat(callsForARequest(rate, counted -> ask(only, counted))).isBetween(1.0, 1.2);
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void case42_clientOfThreeAttempts_causesAtMostAFifthMoreCalls(Trouble trouble, double rate) {
        Deployment only = failing(trouble, Format.OPENAI_CHAT);

        assertThat(callsForARequest(rate, counted -> askAsSdk(only, counted, 1)))
                .isBetween(3.0, 3.6);
    }

    private Deployment failing(Trouble trouble, Format format) {
        SimUpstream upstream =
                new SimUpstream((exchange, time) ->
                        trouble.answer(exchange, SimAnswer.hangs(), simulation.random()));
        return simulation.deployment("only", format, upstream);
    }

    /** Of the requests that come when it has failed for a while. */
    private double callsForARequest(double rate, Consumer<Boolean> ask) {
        Duration enough = Duration.ofSeconds((long) (REQUESTS / rate));
        simulation.arrivals(
                STEADY.plus(enough),
                time -> rate,
                () -> {
                    boolean counted = transport.elapsed() > STEADY.toNanos();
                    requests += counted ? 1 : 0;
                    ask.accept(counted);
                });
        transport.runOut();
        return (double) calls / requests;
    }

    private CompletableFuture<CallResult> ask(Deployment only, boolean counted) {
        return simulation
                .ask(List.of(only), Optional.empty())
                .result()
                .whenComplete((result, failure) -> calls += counted ? result.attempts().size() : 0);
    }

    private void askAsSdk(Deployment only, boolean counted, int attempt) {
        ask(only, counted)
                .thenRun(() -> {
                    if (attempt < SDK_ATTEMPTS) {
                        transport.after(
                                SDK_PAUSE.multipliedBy(attempt),
                                () -> askAsSdk(only, counted, attempt + 1));
                    }
                });
    }
}
