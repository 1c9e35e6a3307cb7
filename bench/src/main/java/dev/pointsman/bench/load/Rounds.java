package dev.pointsman.bench.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What the rounds of a scenario gave, by the target's name. */
final class Rounds {

    private final Map<String, List<Map<Metric, Double>>> results = new LinkedHashMap<>();

    void add(String target, Map<Metric, Double> result) {
        results.computeIfAbsent(target, name -> new ArrayList<>()).add(result);
    }

    /** Nothing where the metric says nothing about the target, or the target was not measured. */
    OptionalDouble median(String target, Metric metric) {
        double[] sorted = sorted(target, metric);
        return sorted.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
    }

    /** The largest less the smallest. */
    OptionalDouble range(String target, Metric metric) {
        double[] sorted = sorted(target, metric);
        return sorted.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(sorted[sorted.length - 1] - sorted[0]);
    }

    private double[] sorted(String target, Metric metric) {
        return results.getOrDefault(target, List.of()).stream()
                .filter(round -> round.containsKey(metric))
                .mapToDouble(round -> round.get(metric))
                .sorted()
                .toArray();
    }
}
