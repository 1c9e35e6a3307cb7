package dev.pointsman.gateway;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What is counted of the calls to one model, its labels looked up once. Thread-safe. */
final class ModelSeries {

    private static final double NANOS_PER_USD = 1e9;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final CallMetrics all;
    private final String operation;
    private final String provider;
    private final String model;
    private final DistributionDataPoint input;
    private final DistributionDataPoint output;
    private final DistributionDataPoint firstContent;
    private final CounterDataPoint cost;
    private final CounterDataPoint unknownCost;
    private final Map<String, DistributionDataPoint> durations = new ConcurrentHashMap<>();
    private final Map<String, CounterDataPoint> failures = new ConcurrentHashMap<>();

    /**
     * @param model its name, {@code provider/id}
     */
    ModelSeries(CallMetrics all, String operation, String provider, String model) {
        this.all = all;
        this.operation = operation;
        this.provider = provider;
        this.model = model;
        this.input = all.tokens(operation, provider, model, "input");
        this.output = all.tokens(operation, provider, model, "output");
        this.firstContent = all.firstContent(operation, provider, model);
        this.cost = all.cost(model);
        this.unknownCost = all.unknownCost(model);
    }

    void ended(Attempt attempt) {
        String kind = attempt.failure().map(why -> why.kind()).orElse("");
        durations
                .computeIfAbsent(kind, error -> all.duration(operation, provider, model, error))
                .observe(seconds(attempt.latency()));
        if (!kind.isEmpty()) {
            failures.computeIfAbsent(kind, error -> all.failures(model, error)).inc();
        }
        attempt.firstContent().ifPresent(time -> firstContent.observe(seconds(time)));
        tokens(attempt);
        Money paid = attempt.cost().total();
        if (paid.isKnown()) {
            cost.inc(paid.nanos() / NANOS_PER_USD);
        } else {
            unknownCost.inc();
        }
    }

    private void tokens(Attempt attempt) {
        Usage usage = attempt.usage();
        if (attempt.purpose() == Purpose.ANSWER && !usage.equals(Usage.NONE)) {
            input.observe(usage.totalInput());
            output.observe(usage.output());
        }
    }

    static double seconds(Duration time) {
        return time.toNanos() / NANOS_PER_SECOND;
    }
}
