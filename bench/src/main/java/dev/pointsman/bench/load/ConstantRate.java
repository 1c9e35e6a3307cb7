package dev.pointsman.bench.load;

import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a request waits where there is capacity to spare. */
final class ConstantRate implements Scenario {

    private static final int RATE = 1000;

    private final Rig rig;
    private final Duration round;
    private final Requests requests = Payloads.requests(Payloads.NAMED);

    ConstantRate(Rig rig, Duration round) {
        this.rig = rig;
        this.round = round;
    }

    @Override
    public String title() {
        return "1,000 requests a second";
    }

    @Override
    public String method() {
        return "Sent evenly whatever is answered, on 64 connections; a latency counts from the"
                + " moment the request was meant to be sent.";
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row.Medians(Metric.P50),
                Row.added(Metric.P50, Target.BARE),
                Row.added(Metric.P50, Target.NGINX, Goal.atMost(0.25)),
                new Row.Medians(Metric.P99),
                Row.added(Metric.P99, Target.BARE),
                Row.ratio(Metric.P99, Goal.atMost(3.0)),
                new Row.Medians(Metric.CPU),
                Row.ratio(Metric.CPU),
                new Row.Medians(Metric.OTHERS));
    }

    @Override
    public Map<Metric, Double> round(Target target) {
        return measure(target, round);
    }

    @Override
    public double warmUp(Target target) {
        return measure(target, Duration.ofSeconds(2)).getOrDefault(Metric.P50, 0.0);
    }

    @Override
    public int warmUps() {
        return 5;
    }

    private Map<Metric, Double> measure(Target target, Duration duration) {
        long count = RATE * duration.toMillis() / 1000;
        Rig.Cpu cpu = rig.cpu(target);
        Histogram latency =
                rig.client()
                        .await(
                                OpenLoop.start(rig.client(), target.port(), requests, RATE, count),
                                duration.plusSeconds(20));
        Map<Metric, Double> result = rig.cpuSince(cpu, target, Metric.CPU, count);
        result.put(Metric.P50, Latency.millis(latency, 50));
        result.put(Metric.P99, Latency.millis(latency, 99));
        return result;
    }
}
