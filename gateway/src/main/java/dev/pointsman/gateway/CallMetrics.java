package dev.pointsman.gateway;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Model;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is counted of calls to providers, under the names that OpenTelemetry's semantic conventions
 * for generative AI have for clients, with their buckets. Thread-safe.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">the
 *     conventions</a>
 */
final class CallMetrics {

    /** Callers can name models without end; beyond so many, the rest are counted as one. */
    static final int MOST_MODELS = 500;

    private static final String OTHER = "other";

    /** As the conventions advise for durations; seconds. */
    static final double[] SECONDS = {
        .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84,
        327.68
    };

    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304
    };

    private static final String OPERATION = "gen_ai_operation_name";
    private static final String PROVIDER = "gen_ai_provider_name";
    private static final String MODEL = "gen_ai_response_model";

    private final Histogram tokens;
    private final Histogram duration;
    private final Histogram firstContent;
    private final Counter failures;
    private final Counter cost;
    private final Counter unknownCost;
    private final Map<String, Map<String, ModelSeries>> series = new ConcurrentHashMap<>();

    CallMetrics(PrometheusRegistry registry) {
        tokens =
                Histogram.builder()
                        .name("gen_ai_client_token_usage")
                        .help("Tokens of a call, by model and type")
                        .labelNames(OPERATION, PROVIDER, MODEL, "gen_ai_token_type")
                        .classicOnly()
                        .classicUpperBounds(TOKENS)
                        .register(registry);
        duration =
                Histogram.builder()
                        .name("gen_ai_client_operation_duration_seconds")
                        .help("Time of a call to a model; error_type is empty if it answered")
                        .labelNames(OPERATION, PROVIDER, MODEL, "error_type")
                        .classicOnly()
                        .classicUpperBounds(SECONDS)
                        .register(registry);
        firstContent =
                Histogram.builder()
                        .name("gen_ai_client_operation_time_to_first_chunk_seconds")
                        .help("Time of a call to the first content of a stream")
                        .labelNames(OPERATION, PROVIDER, MODEL)
                        .classicOnly()
                        .classicUpperBounds(SECONDS)
                        .register(registry);
        failures =
                Counter.builder()
                        .name("pointsman_failed_attempts")
                        .help("Calls that failed, by model and kind of failure")
                        .labelNames("model", "kind")
                        .register(registry);
        cost =
                Counter.builder()
                        .name("pointsman_cost_usd")
                        .help("Cost of all calls whose price is known, by model")
                        .labelNames("model")
                        .register(registry);
        unknownCost =
                Counter.builder()
                        .name("pointsman_unknown_cost_calls")
                        .help("Calls whose price is not known, by model")
                        .labelNames("model")
                        .register(registry);
    }

    /**
     * @param operation the conventions' name for what was asked, for example {@code chat}
     */
    void ended(String operation, Attempt attempt) {
        series(operation, attempt.model()).ended(attempt);
    }

    private ModelSeries series(String operation, Model model) {
        Map<String, ModelSeries> models =
                series.computeIfAbsent(operation, same -> new ConcurrentHashMap<>());
        String name = model.ref();
        ModelSeries known = models.get(name);
        if (known != null) {
            return known;
        }
        return models.size() < MOST_MODELS
                ? models.computeIfAbsent(
                        name, same -> new ModelSeries(this, operation, model.provider(), name))
                : models.computeIfAbsent(
                        OTHER, same -> new ModelSeries(this, operation, OTHER, OTHER));
    }

    DistributionDataPoint tokens(String operation, String provider, String model, String type) {
        return tokens.labelValues(operation, provider, model, type);
    }

    DistributionDataPoint duration(String operation, String provider, String model, String error) {
        return duration.labelValues(operation, provider, model, error);
    }

    DistributionDataPoint firstContent(String operation, String provider, String model) {
        return firstContent.labelValues(operation, provider, model);
    }

    CounterDataPoint failures(String model, String kind) {
        return failures.labelValues(model, kind);
    }

    CounterDataPoint cost(String model) {
        return cost.labelValues(model);
    }

    CounterDataPoint unknownCost(String model) {
        return unknownCost.labelValues(model);
    }
}
