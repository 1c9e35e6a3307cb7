package dev.pointsman.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the ledger takes of the CPU and of the throughput. */
final class LedgerShare implements Scenario {

    private final Saturation saturation;

    LedgerShare(Rig rig, Duration round) {
        this.saturation = Saturation.named(rig, round);
    }

    @Override
    public String title() {
        return "With a ledger in SQLite and with none";
    }

    @Override
    public String method() {
        return saturation.method();
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row.Medians(Metric.THROUGHPUT),
                new Row.Spread(Metric.THROUGHPUT),
                new Row.Ratio(Metric.THROUGHPUT, Target.NO_LEDGER, Optional.of(Goal.atLeast(0.85))),
                new Row.Medians(Metric.CPU),
                Row.added(Metric.CPU, Target.NO_LEDGER, Goal.atMost(10)),
                new Row.Medians(Metric.UPSTREAM_CPU),
                new Row.Medians(Metric.CLIENT_CPU),
                new Row.Medians(Metric.OTHERS));
    }

    @Override
    public Map<Metric, Double> round(Target target) {
        return saturation.round(target);
    }

    @Override
    public double warmUp(Target target) {
        return saturation.warmUp(target);
    }

    @Override
    public int warmUps() {
        return saturation.warmUps();
    }
}
