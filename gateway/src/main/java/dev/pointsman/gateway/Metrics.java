package dev.pointsman.gateway;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.core.SessionStep;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * What is counted, in the names of OpenTelemetry's semantic conventions for generative AI where
 * they have one. Thread-safe.
 */
final class Metrics {

    /** Seconds; a request's own part is well below a millisecond. */
    private static final double[] OWN_SECONDS = {
        .00005, .0001, .0002, .0005, .001, .002, .005, .01, .02, .05, .1, .5
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests =
            Counter.builder()
                    .name("pointsman_requests")
                    .help("Requests by category, model that answered, and outcome")
                    .labelNames("category", "model", "outcome")
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
    private final Counter keyRefused =
            Counter.builder()
                    .name("pointsman_key_refused_requests")
                    .help("Requests refused by a limit of the caller's key, by key and limit")
                    .labelNames("key", "limit")
                    .register(registry);
    private final Histogram duration =
            Histogram.builder()
                    .name("gen_ai_server_request_duration_seconds")
                    .help("Time of a whole request, all its calls, by category")
                    .labelNames("category")
                    .classicOnly()
                    .classicUpperBounds(CallMetrics.SECONDS)
                    .register(registry);
    private final Histogram overhead =
            Histogram.builder()
                    .name("pointsman_overhead_seconds")
                    .help(
                            "Pointsman's own part of a request that one call answered: the time"
                                    + " not spent waiting for the model")
                    .classicOnly()
                    .classicUpperBounds(OWN_SECONDS)
                    .register(registry);
    private final CallMetrics calls = new CallMetrics(registry);
    private final Map<Outcome, CounterDataPoint> outcomes = new ConcurrentHashMap<>();
    private final Map<String, DistributionDataPoint> durations = new ConcurrentHashMap<>();

    /** What became of a request. */
    private record Outcome(String category, String model, boolean answered) {}

    /** A number that is read when the metrics are. */
    void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /**
     * Numbers that are read when the metrics are.
     *
     * @param label the name of what they are by
     */
    void gaugeBy(String label, String name, String help, Supplier<Map<String, Double>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(
                        callback -> values.get().forEach((key, value) -> callback.call(value, key)))
                .register(registry);
    }

    void refused(int status) {
        refused.labelValues(Integer.toString(status)).inc();
    }

    /**
     * A key does not let its holder do what is asked.
     *
     * @param limit model, category, requests or tokens
     */
    void keyRefused(String key, String limit) {
        keyRefused.labelValues(key, limit).inc();
    }

    /**
     * A request is over.
     *
     * @param operation the conventions' name for what was asked
     */
    void settled(String operation, Entry entry) {
        String category = entry.decision().category();
        boolean answered = entry.answer().isPresent();
        String model = answered ? entry.attempts().getLast().model().ref() : "";
        outcome(new Outcome(category, model, answered)).inc();
        entry.decision().session().ifPresent(this::session);
        durations
                .computeIfAbsent(category, duration::labelValues)
                .observe(ModelSeries.seconds(entry.latency()));
        for (Attempt attempt : entry.attempts()) {
            calls.ended(operation, attempt);
        }
        if (answered && entry.attempts().size() == 1) {
            Duration own = entry.latency().minus(entry.attempts().getFirst().latency());
            overhead.observe(ModelSeries.seconds(own));
        }
    }

    private CounterDataPoint outcome(Outcome outcome) {
        CounterDataPoint known = outcomes.get(outcome);
        if (known != null) {
            return known;
        }
        Outcome counted =
                outcomes.size() < CallMetrics.MOST_MODELS
                        ? outcome
                        : new Outcome(outcome.category(), "other", outcome.answered());
        return outcomes.computeIfAbsent(
                counted,
                same ->
                        requests.labelValues(
                                same.category(), same.model(), same.answered() ? "ok" : "failed"));
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
