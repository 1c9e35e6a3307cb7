package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.HedgeSettings;
import dev.pointsman.transport.Exchange;
import dev.pointsman.wire.AnswerTranslator;
import dev.pointsman.wire.Body;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Headers;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.WireRequest;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;

/** What becomes of a request in the corners of its clocks, its hedges and its end. */
class RunTest {

    private static final Duration HEDGED = Duration.ofMillis(800);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Simulation simulation =
            new Simulation(
                    1,
                    AttemptLimits.DEFAULT,
                    AttemptRules.DEFAULT.hedge(new HedgeSettings(Optional.of(HEDGED), 1)));
    private final SimTransport transport = simulation.transport();

    private Deployment deployment(String name, SimUpstream upstream) {
        return simulation.deployment(name, Format.OPENAI_CHAT, upstream);
    }

    private static SimUpstream upstream(BiFunction<Exchange, Long, SimAnswer> behaviour) {
        return new SimUpstream(behaviour);
    }

    private SimAnswer well(Exchange exchange) {
        return simulation.well(exchange, Duration.ofMillis(10));
    }

    @Test
    void request_thatCannotBeWritten_isOverAndLeavesNothingBehind() {
        SimUpstream other = upstream((exchange, time) -> well(exchange));
        List<Deployment> ranking =
                List.of(
                        deployment(
                                "first",
                                upstream((exchange, time) -> {
                                    throw new IllegalArgumentException("it cannot be written");
                                })),
                        deployment("second", other));

        Engine.Call call = simulation.ask(ranking, Optional.empty());

        assertThatThrownBy(call.result()::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(transport.timers()).isZero();
        assertThat(other.calls()).isZero();
        assertThat(simulation.engine().health())
                .allSatisfy(health -> {
                    assertThat(health.underWay()).isZero();
                    assertThat(health.open()).isTrue();
                });
    }

    @Test
    void hedge_thatCannotBeWritten_leavesTheFirstCallToo() {
        SimUpstream first = upstream((exchange, time) -> SimAnswer.hangs());
        SimUpstream broken =
                upstream((exchange, time) -> {
                    throw new IllegalArgumentException("it cannot be written");
                });
        Engine.Call call =
                simulation.ask(
                        List.of(deployment("first", first), deployment("second", broken)),
                        Optional.empty());
        transport.runUntil(HEDGED);

        assertThat(call.result()).isCompletedExceptionally();
        assertThat(first.givenUp()).isEqualTo(1);
        assertThat(transport.timers()).isZero();
    }

    @Test
    void hedge_whenTheFirstHasFailed_isNotForTheCallThatFollowed() {
        SimUpstream third = upstream((exchange, time) -> well(exchange));
        List<Deployment> ranking =
                List.of(
                        deployment(
                                "first",
                                upstream((exchange, time) ->
                                        SimAnswer.fails(exchange, HEDGED.dividedBy(2), 500, "no"))),
                        deployment(
                                "second",
                                upstream((exchange, time) -> well(exchange).after(HEDGED))),
                        deployment("third", third));

        Engine.Call call = simulation.ask(ranking, Optional.empty());
        transport.runOut();

        assertThat(call.result().join().attempts()).hasSize(2);
        assertThat(third.calls()).isZero();
    }

    @Test
    void hedge_whenTheFirstIsThinkingAloud_isNotNeeded() {
        SimUpstream second = upstream((exchange, time) -> well(exchange));
        String thought = "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n";
        SimUpstream first =
                upstream((exchange, time) -> {
                    List<SimAnswer.Step> steps = new ArrayList<>(well(exchange).steps());
                    steps.set(1, new SimAnswer.Step(Duration.ZERO, bytes(thought)));
                    steps.set(2, new SimAnswer.Step(HEDGED.multipliedBy(2), steps.get(2).said()));
                    return new SimAnswer(steps);
                });

        Engine.Call call =
                simulation.ask(
                        List.of(deployment("first", first), deployment("second", second)),
                        Optional.of(text -> {}));
        transport.runOut();

        assertThat(call.result().join().answer()).isPresent();
        assertThat(second.calls()).isZero();
    }

    @Test
    void request_refusedWhileAHedgeIsUnderWay_isAskedOfNobodyElse() {
        Duration late = HEDGED.multipliedBy(2);
        SimUpstream third = upstream((exchange, time) -> well(exchange));
        List<Deployment> ranking =
                List.of(
                        deployment(
                                "first",
                                upstream((exchange, time) ->
                                        SimAnswer.fails(exchange, late, 400, "wrong"))),
                        deployment(
                                "second",
                                upstream((exchange, time) ->
                                        SimAnswer.fails(exchange, late, 500, "no"))),
                        deployment("third", third));

        Engine.Call call = simulation.ask(ranking, Optional.empty());
        transport.runOut();

        assertThat(call.result().join().attempts()).hasSize(2);
        assertThat(call.result().join().answer()).isEmpty();
        assertThat(third.calls()).isZero();
    }

    @Test
    void caller_leavingDuringABackoff_endsTheRequestWithoutAnotherCall() {
        SimUpstream only =
                upstream((exchange, time) ->
                        SimAnswer.limits(exchange, Duration.ZERO, 429, Duration.ofSeconds(5)));
        Engine.Call call = simulation.ask(List.of(deployment("only", only)), Optional.empty());
        transport.runUntil(Duration.ofSeconds(2));
        assertThat(call.result()).isNotDone();

        call.cancel().run();

        assertThat(call.result().join().attempts()).hasSize(1);
        assertThat(call.result().join().answer()).isEmpty();
        transport.runUntil(HOUR);
        assertThat(only.calls()).isEqualTo(1);
        assertThat(transport.timers()).isZero();
    }

    @Test
    void silence_afterAReaderThatPausedForLong_isStillMeasured() {
        SimUpstream only =
                upstream((exchange, time) -> {
                    List<SimAnswer.Step> steps = well(exchange).steps();
                    return new SimAnswer(steps.subList(0, steps.size() / 2));
                });
        SlowReader reader = new SlowReader();
        Engine.Call call = ask(deployment("only", only), reader);
        transport.runUntil(Duration.ofSeconds(1));
        reader.flow().pause();
        transport.runUntil(Duration.ofSeconds(90));
        reader.flow().resume();
        transport.runOut();

        Attempt attempt = call.result().join().attempts().getFirst();
        assertThat(attempt.failure())
                .hasValueSatisfying(failure ->
                        assertThat(failure)
                                .isInstanceOfSatisfying(
                                        Failure.Timeout.class,
                                        timeout ->
                                                assertThat(timeout.clock())
                                                        .isEqualTo(Failure.Clock.IDLE)));
        assertThat(attempt.latency()).isBetween(Duration.ofSeconds(150), Duration.ofSeconds(151));
    }

    private Engine.Call ask(Deployment only, Relay relay) {
        Body body = Body.of("{}".getBytes(StandardCharsets.UTF_8));
        Asking.OfBytes asking =
                new Asking.OfBytes(
                        Format.OPENAI_CHAT,
                        Operation.ANSWER,
                        true,
                        false,
                        Map.of(),
                        "",
                        deployment -> Asking.Own.Sent.whole(body),
                        false,
                        false,
                        new NoBridge(),
                        Optional.empty(),
                        relay);
        return simulation
                .engine()
                .call(
                        new CallRequest(
                                Purpose.ANSWER,
                                asking,
                                List.of(only),
                                AttemptLimits.DEFAULT,
                                AttemptRules.DEFAULT,
                                1,
                                1,
                                1));
    }

    private static SimAnswer.Said bytes(String text) {
        return new SimAnswer.Said.Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Everybody speaks the caller's format. */
    private static final class NoBridge implements Asking.Bridge {
        @Override
        public WireRequest request(Deployment deployment) {
            throw new AssertionError("nothing is to be translated");
        }

        @Override
        public Optional<WireRequest> bare(Deployment deployment) {
            return Optional.empty();
        }

        @Override
        public AnswerTranslator answer(Deployment deployment) {
            throw new AssertionError("nothing is to be translated");
        }
    }

    /** Takes an answer, and shows how to slow it. */
    private static final class SlowReader implements Relay {
        private Optional<Flow> flow = Optional.empty();

        Flow flow() {
            return flow.orElseThrow();
        }

        @Override
        public void trying(Deployment deployment, int number) {}

        @Override
        public void leftOut(List<String> fields) {}

        @Override
        public void refused(int status, Headers headers, byte[] body) {}

        @Override
        public void silent() {}

        @Override
        public boolean isOpen() {
            return false;
        }

        @Override
        public void begin(
                int status, Headers headers, long length, Optional<Usage> usage, Flow provider) {
            flow = Optional.of(provider);
        }

        @Override
        public void bytes(byte[] bytes) {}

        @Override
        public void end() {}

        @Override
        public void broken(Failure failure, boolean told) {}
    }
}
