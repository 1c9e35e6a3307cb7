package dev.pointsman.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Many answers that arrive token by token. */
final class Streams implements Scenario {

    private static final Duration SPREAD = Duration.ofSeconds(2);
    private static final int WARM_UP_CHUNKS = 75;

    private final Rig rig;
    private final int streams;
    private final int chunks;

    Streams(Rig rig, int streams, int chunks) {
        this.rig = rig;
        this.streams = streams;
        this.chunks = chunks;
    }

    @Override
    public String title() {
        return "%,d streams at once".formatted(streams);
    }

    @Override
    public String method() {
        return "Each on a new connection, begun evenly within "
                + SPREAD.toSeconds()
                + " s; "
                + chunks
                + " chunks of 200 bytes, one every "
                + Ticks.PERIOD_MILLIS
                + " ms, then finish, usage and [DONE]. A chunk carries the time it was sent at; the"
                + " first byte counts from the moment its stream was meant to begin, connecting"
                + " included.";
    }

    @Override
    public List<Row> rows() {
        return List.of(
                new Row.Medians(Metric.CHUNK_CPU),
                new Row.Spread(Metric.CHUNK_CPU),
                Row.ratio(Metric.CHUNK_CPU, Goal.atMost(1.8)),
                new Row.Medians(Metric.DELAY_P50),
                new Row.Medians(Metric.DELAY_P99),
                Row.added(Metric.DELAY_P99, Target.NGINX, Goal.atMost(10)),
                new Row.Medians(Metric.FIRST_P50),
                Row.added(Metric.FIRST_P50, Target.BARE, Goal.atMost(1)),
                Row.added(Metric.FIRST_P50, Target.NGINX),
                new Row.Medians(Metric.FIRST_P99),
                new Row.Medians(Metric.UPSTREAM_CPU),
                new Row.Medians(Metric.CLIENT_CPU),
                new Row.Medians(Metric.OTHERS));
    }

    @Override
    public Map<Metric, Double> round(Target target) {
        return measure(target, chunks);
    }

    @Override
    public double warmUp(Target target) {
        Map<Metric, Double> result = measure(target, WARM_UP_CHUNKS);
        return result.getOrDefault(Metric.CHUNK_CPU, result.getOrDefault(Metric.UPSTREAM_CPU, 0.0));
    }

    @Override
    public int warmUps() {
        return 6;
    }

    private Map<Metric, Double> measure(Target target, int length) {
        Rig.Cpu cpu = rig.cpu(target);
        Duration limit = SPREAD.plusMillis((long) length * Ticks.PERIOD_MILLIS).plusSeconds(30);
        StreamLoad.Seen seen =
                rig.client()
                        .await(
                                StreamLoad.start(
                                        rig.client(), target.streamPort(), streams, length, SPREAD),
                                limit);
        Map<Metric, Double> result =
                rig.cpuSince(cpu, target, Metric.CHUNK_CPU, (long) streams * length);
        result.put(Metric.FIRST_P50, Latency.millis(seen.first(), 50));
        result.put(Metric.FIRST_P99, Latency.millis(seen.first(), 99));
        result.put(Metric.DELAY_P50, Latency.millis(seen.delay(), 50));
        result.put(Metric.DELAY_P99, Latency.millis(seen.delay(), 99));
        return result;
    }
}
