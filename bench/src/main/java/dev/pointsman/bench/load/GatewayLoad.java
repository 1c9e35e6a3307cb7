package dev.pointsman.bench.load;

import dev.pointsman.bench.load.LoadOptions.Part;
import dev.pointsman.testing.PostgresServer;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Measures the gateway under load in the same run as nginx and the bare upstream: throughput, CPU,
 * latency, streams, and on request memory, start, the ledger's share and an outage of its database.
 * Needs Linux, and nginx on the PATH where it is compared.
 */
public final class GatewayLoad {

    private GatewayLoad() {}

    /** See {@link LoadOptions#USAGE}. */
    public static void main(String[] args) throws IOException {
        try {
            run(new LoadOptions(args), System.out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + LoadOptions.USAGE);
            System.exit(2);
        }
        System.exit(0);
    }

    private static void run(LoadOptions options, PrintStream out) throws IOException {
        Set<Part> parts = EnumSet.copyOf(options.parts());
        boolean memory = parts.remove(Part.MEMORY);
        boolean start = parts.remove(Part.START);
        boolean ruled = parts.remove(Part.RULED);
        boolean ledger = parts.remove(Part.LEDGER);
        boolean outage = parts.remove(Part.OUTAGE);
        if (!parts.isEmpty()) {
            compare(parts, options, out);
        }
        if (memory) {
            memory(options, out);
        }
        if (start) {
            start(options, out);
        }
        if (ruled) {
            ruled(options, out);
        }
        if (ledger) {
            ledger(options, out);
        }
        if (outage) {
            outage(options, out);
        }
    }

    private static void compare(Set<Part> parts, LoadOptions options, PrintStream out)
            throws IOException {
        out.print(setting(options));
        try (Client client = new Client();
                Targets targets = Targets.start(options)) {
            Rig rig = new Rig(client, targets.bare().program());
            Measurement measurement = new Measurement(targets.all(), options.rounds(), out);
            for (Part part : parts) {
                measurement.run(scenario(part, options, rig));
            }
        }
    }

    private static String setting(LoadOptions options) {
        return "%d cores, JDK %s, %d rounds of each in turn, medians. Load generator, upstream and proxy share the cores.%n"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        options.rounds());
    }

    private static Scenario scenario(Part part, LoadOptions options, Rig rig) {
        return switch (part) {
            case NAMED -> Saturation.named(rig, options.round());
            case AUTO -> Saturation.auto(rig, options.round());
            case RATE -> new ConstantRate(rig, options.round());
            case STREAMS -> new Streams(rig, options.streams(), options.chunks());
            case LARGE -> new LargePrompt(rig);
            case MEMORY, START, RULED, LEDGER, OUTAGE ->
                    throw new IllegalArgumentException(part + " has no rounds");
        };
    }

    private static void memory(LoadOptions options, PrintStream out) throws IOException {
        out.print(Memory.METHOD);
        try (Client client = new Client();
                Targets targets = Targets.start(options)) {
            int upstream = targets.bare().port();
            targets.all().stream()
                    .filter(target -> !target.isBare())
                    .filter(target -> options.nginxMemory() || !target.name().equals(Target.NGINX))
                    .forEach(target -> new Memory(client, target, upstream, options, out).run());
        }
    }

    private static void start(LoadOptions options, PrintStream out) throws IOException {
        Path launcher = options.launcher(Part.START);
        try (Targets targets = Targets.upstreamOnly()) {
            new FirstAnswer(launcher, targets.folder(), targets.bare().port()).run(out);
        }
    }

    private static void ruled(LoadOptions options, PrintStream out) throws IOException {
        Path launcher = options.launcher(Part.RULED);
        out.print(setting(options));
        try (Client client = new Client();
                Targets targets = Targets.upstreamOnly()) {
            Target bare = targets.bare();
            targets.add(NginxProxy.start(Target.NGINX, targets.folder(), bare.port()));
            targets.add(
                    new PointsmanProxy(launcher, targets.folder(), bare.port()).ruled().start());
            new Measurement(targets.all(), options.rounds(), out)
                    .run(Saturation.ruled(new Rig(client, bare.program()), options.round()));
        }
    }

    private static void ledger(LoadOptions options, PrintStream out) throws IOException {
        Path launcher = options.launcher(Part.LEDGER);
        out.print(setting(options));
        try (Client client = new Client();
                Targets targets = Targets.upstreamOnly()) {
            Target bare = targets.bare();
            PointsmanProxy pointsman = new PointsmanProxy(launcher, targets.folder(), bare.port());
            Target without = pointsman.ledger(PointsmanProxy.NO_LEDGER).start(Target.NO_LEDGER);
            targets.add(without);
            Target with = pointsman.start();
            targets.add(with);
            new Measurement(List.of(without, with), options.rounds(), out)
                    .run(new LedgerShare(new Rig(client, bare.program()), options.round()));
            out.printf("%,d entries dropped%n", pointsman.dropped());
        }
    }

    private static void outage(LoadOptions options, PrintStream out) throws IOException {
        Path launcher = options.launcher(Part.OUTAGE);
        try (Client client = new Client();
                PostgresServer database = PostgresServer.start();
                Targets targets = Targets.upstreamOnly()) {
            PointsmanProxy pointsman =
                    new PointsmanProxy(launcher, targets.folder(), targets.bare().port())
                            .ledger(database.url());
            new LedgerOutage(client, pointsman, database, options.outage(), out).run();
        }
    }
}
