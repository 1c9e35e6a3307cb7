package dev.pointsman.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** As many requests as 64 connections can have answered. */
final class Saturation implements Scenario {

    private static final int CONNECTIONS = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration RAMP = Duration.ofMillis(200);

    private final Rig rig;
    private final Duration round;
    private final Requests requests;
    private final OptionalDouble classifier;
    private final String title;

    private Saturation(
            Rig rig, String model, Duration round, OptionalDouble classifier, String title) {
        this.title = title;
        this.rig = rig;
        this.round = round;
        this.requests = Payloads.requests(model);
        this.classifier = classifier;
    }

    /** Requests that name their model. */
    static Saturation named(Rig rig, Duration round) {
        return new Saturation(rig, Payloads.NAMED, round, OptionalDouble.empty(), "a named model");
    }

    /** Requests whose model is chosen; the classifier's own time is measured first, and stated. */
    static Saturation auto(Rig rig, Duration round) {
        return new Saturation(
                rig,
                Payloads.AUTO,
                round,
                OptionalDouble.of(ClassifierTime.micros(Payloads.AUTO)),
                "auto");
    }

    /**
     * The same requests where a rule of the policy says the category: all that auto does but
     * classify.
     */
    static Saturation ruled(Rig rig, Duration round) {
        return new Saturation(
                rig,
                Payloads.AUTO,
                round,
                OptionalDouble.empty(),
                "auto, where a rule says the category");
    }

    @Override
    public String title() {
        return "Saturation, " + title;
    }

    @Override
    public String method() {
        return CONNECTIONS
                + " connections, each with one request under way: 1.5 KB in, 1 KB of JSON with"
                + " usage back. CPU is user and system time of all threads of the proxy, from"
                + " /proc, by answered requests."
                + (classifier.isPresent()
                        ? " The classifier alone takes %.1f us for such a prompt: that is allowed on top, and taken off where it says so."
                                .formatted(classifier.getAsDouble())
                        : "");
    }

    @Override
    public List<Row> rows() {
        Goal throughput = Goal.atLeast(0.50).stretch(0.60);
        Goal cpu = Goal.atMost(2.7).stretch(2.2);
        List<Row> rows = new ArrayList<>();
        rows.add(new Row.Medians(Metric.THROUGHPUT));
        rows.add(new Row.Spread(Metric.THROUGHPUT));
        if (classifier.isPresent()) {
            rows.add(Row.ratio(Metric.THROUGHPUT));
            rows.add(new Row.Medians(Metric.CPU));
            rows.add(Row.ratio(Metric.CPU));
            rows.add(new Row.Medians(Metric.THROUGHPUT_LESS));
            rows.add(Row.ratio(Metric.THROUGHPUT_LESS, throughput));
            rows.add(new Row.Medians(Metric.CPU_LESS));
            rows.add(Row.ratio(Metric.CPU_LESS, cpu));
        } else {
            rows.add(Row.ratio(Metric.THROUGHPUT, throughput));
            rows.add(new Row.Medians(Metric.CPU));
            rows.add(Row.ratio(Metric.CPU, cpu));
        }
        rows.add(new Row.Medians(Metric.UPSTREAM_CPU));
        rows.add(new Row.Medians(Metric.CLIENT_CPU));
        rows.add(new Row.Medians(Metric.OTHERS));
        return rows;
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
            classifier.ifPresent(micros -> withoutClassifier(target, result, micros));
            load.failures().refuse();
            return result;
        }
    }

    /** What it would be if classifying took no time: all cores are busy, so time is CPU. */
    private static void withoutClassifier(
            Target target, Map<Metric, Double> result, double micros) {
        double own = target.classifies() ? micros : 0;
        double rate = result.getOrDefault(Metric.THROUGHPUT, 0.0);
        int cores = Runtime.getRuntime().availableProcessors();
        result.put(Metric.THROUGHPUT_LESS, 1 / (1 / rate - own / 1e6 / cores));
        if (result.containsKey(Metric.CPU)) {
            result.put(Metric.CPU_LESS, result.get(Metric.CPU) - own);
        }
    }
}
