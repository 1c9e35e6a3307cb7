package dev.pointsman.gateway;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Money;
import dev.pointsman.core.SessionStep;
import dev.pointsman.core.Usage;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * What is counted, in the names of OpenTelemetry's semantic conventions for generative AI where
 * they have one. Thread-safe.
 */
final class Metrics {

    private static final double NANOS_PER_USD = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests =
            Counter.builder()
                    .name("pointsman_requests")
                    .help("Requests by category, model that answered, and outcome")
                    .labelNames("category", "model", "outcome")
                    .register(registry);
    private final Counter attempts =
            Counter.builder()
                    .name("pointsman_failed_attempts")
                    .help("Calls that failed, by model and kind of failure")
                    .labelNames("model", "kind")
                    .register(registry);
    private final Counter stays =
            Counter.builder()
                    .name("pointsman_session_stays")
                    .help("Conversations that stayed with a model that routing did not choose")
                    .labelNames("reason")
                    .register(registry);
    private final Counter switches =
            Counter.builder()
                    .name("pointsman_session_switches")
                    .help("Conversations that changed their model")
                    .register(registry);
    private final Counter refused =
            Counter.builder()
                    .name("pointsman_refused_requests")
                    .help("Requests that were not sent on, by status")
                    .labelNames("status")
                    .register(registry);
    private final Counter tokens =
            Counter.builder()
                    .name("gen_ai_client_token_usage")
                    .help("Tokens by model and type")
                    .labelNames("gen_ai_response_model", "gen_ai_token_type")
                    .register(registry);
    private final Counter cost =
            Counter.builder()
                    .name("pointsman_cost_usd")
                    .help("Cost of all calls whose price is known, by model")
                    .labelNames("model")
                    .register(registry);
    private final Counter unknownCost =
            Counter.builder()
                    .name("pointsman_unknown_cost_calls")
                    .help("Calls whose price is not known, by model")
                    .labelNames("model")
                    .register(registry);
    private final Histogram duration =
            Histogram.builder()
                    .name("gen_ai_client_operation_duration_seconds")
                    .help("Time of a whole request, by category")
                    .labelNames("category")
                    .classicOnly()
                    .classicUpperBounds(.01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 20, 60, 120, 300)
                    .register(registry);

    /** A number that is read when the metrics are. */
    void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Numbers by model that are read when the metrics are. */
    void gaugeByModel(String name, String help, Supplier<Map<String, Double>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("model")
                .callback(callback ->
                        values.get().forEach((model, value) -> callback.call(value, model)))
                .register(registry);
    }

    void refused(int status) {
        refused.labelValues(Integer.toString(status)).inc();
    }

    void settled(Entry entry) {
        String category = entry.decision().category();
        boolean answered = entry.answer().isPresent();
        String model = entry.attempts().isEmpty() ? "" : entry.attempts().getLast().model().ref();
        requests.labelValues(category, answered ? model : "", answered ? "ok" : "failed").inc();
        entry.decision().session().ifPresent(this::session);
        duration.labelValues(category).observe(seconds(entry));
        entry.attempts().forEach(this::attempt);
    }

    private void session(SessionStep step) {
        switch (step) {
            case SessionStep.Stayed stayed -> stays.labelValues(stayed.reason().label()).inc();
            case SessionStep.Switched switched -> switches.inc();
            case SessionStep.Left left -> switches.inc();
            case SessionStep.Free free -> {}
            case SessionStep.Agreed agreed -> {}
        }
    }

    private static double seconds(Entry entry) {
        return entry.latency().toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private void attempt(Attempt attempt) {
        String model = attempt.model().ref();
        attempt.failure().ifPresent(why -> attempts.labelValues(model, why.kind()).inc());
        Usage usage = attempt.usage();
        if (attempt.purpose() == Purpose.ANSWER && !usage.equals(Usage.NONE)) {
            tokens.labelValues(model, "input").inc(usage.totalInput());
            tokens.labelValues(model, "output").inc(usage.output());
        }
        Money paid = attempt.cost().total();
        if (paid.isKnown()) {
            cost.labelValues(model).inc(paid.nanos() / NANOS_PER_USD);
        } else {
            unknownCost.labelValues(model).inc();
        }
    }

    /** All of it in Prometheus's text format. */
    byte[] text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("Memory can always be written to", e);
        }
        return out.toByteArray();
    }
}
