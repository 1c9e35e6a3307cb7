package dev.pointsman.bench.load;

import java.util.Optional;

/** A row of a scenario's table. */
sealed interface Row {

    Metric metric();

    /** The medians themselves. */
    record Medians(Metric metric) implements Row {}

    /** How far the rounds lie apart: the largest less the smallest, by the median. */
    record Spread(Metric metric) implements Row {}

    /** Divided by the median of another target. */
    record Ratio(Metric metric, String to, Optional<Goal> goal) implements Row {}

    /** Beyond the median of another target. */
    record Added(Metric metric, String to, Optional<Goal> goal) implements Row {}

    static Row ratio(Metric metric, Goal goal) {
        return new Ratio(metric, Target.NGINX, Optional.of(goal));
    }

    static Row ratio(Metric metric) {
        return new Ratio(metric, Target.NGINX, Optional.empty());
    }

    static Row added(Metric metric, String to, Goal goal) {
        return new Added(metric, to, Optional.of(goal));
    }

    static Row added(Metric metric, String to) {
        return new Added(metric, to, Optional.empty());
    }
}
