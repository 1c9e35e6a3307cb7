package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class MetricsTest {

    private static final Usage USAGE = Usage.of(1_000, 50);

    private final Metrics metrics = new Metrics();

    private String text() {
        return new String(metrics.text(), StandardCharsets.UTF_8);
    }

    private static Attempt attempt(String id, Optional<Failure> failure) {
        Model model = Model.unknown("mock", id);
        Usage usage = failure.isPresent() ? Usage.NONE : USAGE;
        return new Attempt(
                Attempt.Purpose.ANSWER,
                model,
                Instant.EPOCH,
                failure.isPresent() ? Optional.empty() : Optional.of(Duration.ofMillis(100)),
                Duration.ofMillis(400),
                usage,
                Cost.estimate(model, usage),
                failure);
    }

    private static Entry entry(Duration latency, Attempt... attempts) {
        Classification classification =
                new Classification(
                        "triage", 1, Classification.Source.NAMED, List.of("named"), false);
        return new Entry(
                Instant.EPOCH,
                Task.of("hi"),
                new Decision(
                        "id", classification, List.of(), List.of(), 1, 1, "", Optional.empty()),
                List.of(attempts),
                Optional.of(new Answer("", USAGE, Answer.Stop.END)),
                latency,
                Optional.empty(),
                false);
    }

    @Test
    void request_answeredByOneCall_hasItsOwnPartApart() {
        metrics.settled("chat", entry(Duration.ofMillis(403), attempt("m", Optional.empty())));

        assertThat(text())
                .contains("pointsman_overhead_seconds_bucket{le=\"0.002\"} 0")
                .contains("pointsman_overhead_seconds_bucket{le=\"0.005\"} 1")
                .contains(
                        "gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\","
                                + "gen_ai_provider_name=\"mock\",gen_ai_response_model="
                                + "\"mock/m\",gen_ai_token_type=\"input\"} 1000.0")
                .contains(
                        "pointsman_requests_total{category=\"triage\",model=\"mock/m\","
                                + "outcome=\"ok\"} 1.0")
                .contains("pointsman_unknown_cost_calls_total{model=\"mock/m\"} 1.0");
    }

    @Test
    void call_thatFailed_isCountedByItsKindAndNotAsOverhead() {
        Attempt failed =
                attempt("m", Optional.of(new Failure.Overloaded(Optional.empty(), "busy")));
        metrics.settled(
                "chat", entry(Duration.ofMillis(900), failed, attempt("n", Optional.empty())));

        assertThat(text())
                .contains(
                        "pointsman_failed_attempts_total{kind=\"overloaded\",model=\"mock/m\"}"
                                + " 1.0")
                .contains("error_type=\"overloaded\"")
                .contains("pointsman_overhead_seconds_count 0");
    }

    @Test
    void models_namedWithoutEnd_areCountedTogether() {
        for (int i = 0; i < 3 * CallMetrics.MOST_MODELS; i++) {
            metrics.settled(
                    "chat", entry(Duration.ofMillis(400), attempt("m" + i, Optional.empty())));
        }

        String text = text();
        assertThat(text.lines().filter(line -> line.startsWith("pointsman_cost_usd_total")))
                .hasSizeLessThanOrEqualTo(CallMetrics.MOST_MODELS + 1);
        assertThat(text.lines().filter(line -> line.startsWith("pointsman_requests_total")))
                .hasSizeLessThanOrEqualTo(CallMetrics.MOST_MODELS + 1);
        assertThat(text)
                .contains(
                        "gen_ai_client_token_usage_count{gen_ai_operation_name=\"chat\","
                                + "gen_ai_provider_name=\"other\",gen_ai_response_model="
                                + "\"other\",gen_ai_token_type=\"input\"} "
                                + 2 * CallMetrics.MOST_MODELS);
    }
}
