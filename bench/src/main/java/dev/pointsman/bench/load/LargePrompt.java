package dev.pointsman.bench.load;

import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One prompt of 100,000 tokens at a time. */
final class LargePrompt implements Scenario {

    private static final int BYTES = 400_000;
    private static final int REQUESTS = 200;

    private final Rig rig;
    private final Requests requests = Payloads.large(Payloads.NAMED, BYTES);

    LargePrompt(Rig rig) {
        this.rig = rig;
    }

    @Override
    public String title() {
        return "A prompt of 400 KB";
    }

    @Override
    public String method() {
        return REQUESTS + " in a row on one connection, from the sending to the end of the answer.";
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row.Medians(Metric.P50),
                Row.added(Metric.P50, Target.BARE, Goal.atMost(3)),
                Row.added(Metric.P50, Target.NGINX),
                new Row.Medians(Metric.P99),
                Row.ratio(Metric.P99),
                new Row.Medians(Metric.CPU),
                Row.ratio(Metric.CPU),
                new Row.Medians(Metric.OTHERS));
    }

    @Override
    public Map<Metric, Double> round(Target target) {
        Rig.Cpu cpu = rig.cpu(target);
        Histogram latency =
                rig.client()
                        .await(
                                ClosedLoop.sequence(
                                        rig.client(), target.port(), requests, REQUESTS),
                                Duration.ofSeconds(60));
        Map<Metric, Double> result = rig.cpuSince(cpu, target, Metric.CPU, REQUESTS);
        result.put(Metric.P50, Latency.millis(latency, 50));
        result.put(Metric.P99, Latency.millis(latency, 99));
        return result;
    }

    @Override
    public double warmUp(Target target) {
        return round(target).getOrDefault(Metric.P50, 0.0);
    }

    @Override
    public int warmUps() {
        return 12;
    }
}
