package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.Deployment;
import dev.pointsman.wire.Format;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The only provider asks to be left alone for a short time, and answers after it. */
class RepeatTest {

    private static final int SEEDS = 200;

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10})
    void request_toldToComeBackSoon_isRepeatedThenAndAnswered(int seconds) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Duration told = Duration.ofSeconds(seconds);
            Simulation simulation =
                    new Simulation(seed, AttemptLimits.DEFAULT, AttemptRules.DEFAULT);
            Deployment only = comingBack(simulation, told);

            Engine.Call call = simulation.ask(List.of(only), Optional.empty());
            simulation.transport().runOut();

            CallResult result = call.result().join();
            assertThat(result.answer()).as("seed %d", seed).isPresent();
            assertThat(result.attempts()).as("seed %d", seed).hasSize(2);
            assertThat(simulation.transport().elapsed()).isGreaterThanOrEqualTo(told.toNanos());
        }
    }

    private static Deployment comingBack(Simulation simulation, Duration told) {
        SimUpstream upstream =
                new SimUpstream((exchange, time) ->
                        time < told.toNanos()
                                ? SimAnswer.limits(exchange, Duration.ZERO, 429, told)
                                : simulation.well(exchange, Duration.ZERO));
        return simulation.deployment("only", Format.ANTHROPIC_MESSAGES, upstream);
    }
}
