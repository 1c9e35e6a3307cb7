package dev.pointsman.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** As many requests as 64 connections can have answered. */
final class Saturation implements Scenario {

    private static final int CONNECTIONS = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration RAMP = Duration.ofMillis(200);

    private final Rig rig;
    private final String model;
    private final Duration round;
    private final Requests requests;

    Saturation(Rig rig, String model, Duration round) {
        this.rig = rig;
        this.model = model;
        this.round = round;
        this.requests = Payloads.requests(model);
    }

    @Override
    public String title() {
        return "Saturation, model \"" + model + "\"";
    }

    @Override
    public String method() {
        return CONNECTIONS
                + " connections, each with one request under way: 1.5 KB in, 1 KB of JSON with"
                + " usage back. CPU is user and system time of all threads of the proxy, from"
                + " /proc, by answered requests.";
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row.Medians(Metric.THROUGHPUT),
                new Row.Spread(Metric.THROUGHPUT),
                Row.ratio(Metric.THROUGHPUT, Goal.atLeast(0.50).stretch(0.60)),
                new Row.Medians(Metric.CPU),
                Row.ratio(Metric.CPU, Goal.atMost(2.7).stretch(2.2)),
                new Row.Medians(Metric.UPSTREAM_CPU),
                new Row.Medians(Metric.CLIENT_CPU),
                new Row.Medians(Metric.OTHERS));
    }

    @Override
    public Map<Metric, Double> round(Target target) {
        return measure(target, round);
    }

    @Override
    public double warmUp(Target target) {
        return measure(target, WARM_UP).getOrDefault(Metric.THROUGHPUT, 0.0);
    }

    @Override
    public int warmUps() {
        return 15;
    }

    private Map<Metric, Double> measure(Target target, Duration duration) {
        try (ClosedLoop load =
                ClosedLoop.start(rig.client(), target.port(), requests, CONNECTIONS)) {
            Pause.of(RAMP);
            Rig.Cpu cpu = rig.cpu(target);
            long answered = load.answered();
            long begin = System.nanoTime();
            Pause.of(duration);
            long requests = load.answered() - answered;
            double seconds = (System.nanoTime() - begin) / 1e9;
            Map<Metric, Double> result = rig.cpuSince(cpu, target, Metric.CPU, requests);
            result.put(Metric.THROUGHPUT, requests / seconds);
            load.failures().refuse();
            return result;
        }
    }
}
