package dev.pointsman.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * What a new process keeps: resident memory idle, at its peak under load, over time, and what is
 * left of clients that went away.
 */
final class Memory {

    static final String METHOD =
            """

            Memory and connections of a new process
            Resident memory by /proc: idle after one request, the peak under saturation (20 s) and under streams. Then 10,000 clients
            ask for an endless stream and leave, at once or after its first chunk, orderly or by a reset, 100 at a time.
            """;

    private static final int CLIENTS = 10_000;
    private static final int CONNECTIONS = 64;
    private static final Duration LOAD = Duration.ofSeconds(20);
    private static final Duration SAMPLE = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final double MEGABYTE = 1 << 20;

    private final Client client;
    private final Target target;
    private final int upstreamPort;
    private final LoadOptions options;
    private final PrintStream out;

    Memory(Client client, Target target, int upstreamPort, LoadOptions options, PrintStream out) {
        this.client = client;
        this.target = target;
        this.upstreamPort = upstreamPort;
        this.options = options;
        this.out = out;
    }

    void run() {
        client.await(
                ClosedLoop.sequence(client, target.port(), Payloads.requests(Payloads.NAMED), 1),
                Duration.ofSeconds(20));
        Pause.of(Duration.ofSeconds(1));
        row("idle", target.program().residentBytes());
        double rate = saturated();
        streamed();
        if (options.soak().isPositive()) {
            soaked((int) (rate / 2));
        }
        aborted();
    }

    /** The requests a second there were. */
    private double saturated() {
        try (Peak peak = Peak.watch(target.program());
                ClosedLoop load =
                        ClosedLoop.start(
                                client,
                                target.port(),
                                Payloads.requests(Payloads.NAMED),
                                CONNECTIONS)) {
            Pause.of(LOAD.dividedBy(2));
            long before = load.answered();
            Pause.of(LOAD.dividedBy(2));
            double rate = (load.answered() - before) / (LOAD.toMillis() / 2e3);
            load.failures().refuse();
            row("peak under saturation", peak.most());
            return rate;
        }
    }

    private void streamed() {
        try (Peak peak = Peak.watch(target.program())) {
            client.await(
                    StreamLoad.start(
                            client,
                            target.streamPort(),
                            options.streams(),
                            options.chunks(),
                            Duration.ofSeconds(2)),
                    Duration.ofSeconds(60)
                            .plusMillis((long) options.chunks() * Ticks.PERIOD_MILLIS));
            row("peak under streams", peak.most());
        }
    }

    private void soaked(int rate) {
        long seconds = options.soak().toSeconds();
        CompletableFuture<?> load =
                OpenLoop.start(
                        client,
                        target.port(),
                        Payloads.requests(Payloads.NAMED),
                        rate,
                        rate * seconds);
        List<Long> samples = new ArrayList<>();
        for (long i = 0; i < seconds / SAMPLE.toSeconds() && !load.isDone(); i++) {
            Pause.of(SAMPLE);
            samples.add(target.program().residentBytes());
        }
        client.await(load, Duration.ofSeconds(60));
        int minute = Math.min(samples.size(), 6);
        row("at %,d requests/s, first minute".formatted(rate), most(samples.subList(0, minute)));
        row(
                "  last of %d".formatted(options.soak().toMinutes()),
                most(samples.reversed().subList(0, minute)));
        out.println(
                "  every 10 s, MB: "
                        + String.join(" ", samples.stream().map(Memory::megabytes).toList()));
    }

    private void aborted() {
        Sockets before = Sockets.of(target, upstreamPort);
        Failures failures =
                client.await(
                        Aborts.start(client, target.streamPort(), CLIENTS),
                        Duration.ofSeconds(120));
        long gone = System.nanoTime();
        long end = gone + GRACE.toNanos();
        int live = live();
        Sockets now = Sockets.of(target, upstreamPort);
        while ((live > 0 || now.clients() > 0) && System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000);
            live = live();
            now = Sockets.of(target, upstreamPort);
        }
        long millis = (System.nanoTime() - gone) / 1_000_000;
        row("after the clients left", target.program().residentBytes());
        out.printf("%-12s not served: %s%n", target.name(), failures);
        out.printf(
                "%-12s %d streams under way at the upstream, %d sockets to clients, %d to the"
                    + " upstream (before: %d), %d ms after the last client left; both first are to"
                    + " be 0 within %d ms: %s%n",
                target.name(),
                live,
                now.clients(),
                now.upstream(),
                before.upstream(),
                millis,
                GRACE.toMillis(),
                live == 0 && now.clients() == 0 ? "yes" : "no");
    }

    /** The streams under way, as the upstream counts them. */
    private int live() {
        URI uri = URI.create("http://127.0.0.1:" + upstreamPort + "/live");
        try (var in = uri.toURL().openStream()) {
            return Integer.parseInt(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long most(List<Long> samples) {
        return samples.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private void row(String what, long bytes) {
        out.printf("%-12s %-36s %8s MB%n", target.name(), what, megabytes(bytes));
        out.flush();
    }

    private static String megabytes(long bytes) {
        return String.format("%.1f", bytes / MEGABYTE);
    }
}
