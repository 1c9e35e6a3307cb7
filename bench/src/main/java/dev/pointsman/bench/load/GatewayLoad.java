package dev.pointsman.bench.load;

import dev.pointsman.bench.load.LoadOptions.Part;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * Measures the gateway under load in the same run as nginx and the bare upstream: throughput, CPU,
 * latency, streams, and on request memory and start. Needs Linux and nginx on the PATH.
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
        if (!parts.isEmpty()) {
            compare(parts, options, out);
        }
        if (memory) {
            memory(options, out);
        }
        if (start) {
            start(options, out);
        }
    }

    private static void compare(Set<Part> parts, LoadOptions options, PrintStream out)
            throws IOException {
        out.printf(
                "%d cores, JDK %s, %d rounds of each in turn, medians. Load generator, upstream and"
                        + " proxy share the cores.%n",
                Runtime.getRuntime().availableProcessors(), Runtime.version(), options.rounds());
        try (Client client = new Client();
                Targets targets = Targets.start(options)) {
            Rig rig = new Rig(client, targets.bare().program());
            Measurement measurement = new Measurement(targets.all(), options.rounds(), out);
            for (Part part : parts) {
                measurement.run(scenario(part, options, rig));
            }
        }
    }

    private static Scenario scenario(Part part, LoadOptions options, Rig rig) {
        return switch (part) {
            case NAMED -> Saturation.named(rig, options.round());
            case AUTO -> Saturation.auto(rig, options.round());
            case RATE -> new ConstantRate(rig, options.round());
            case STREAMS -> new Streams(rig, options.streams(), options.chunks());
            case LARGE -> new LargePrompt(rig);
            case MEMORY, START -> throw new IllegalArgumentException(part + " has no rounds");
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
        Path launcher =
                options.pointsman()
                        .orElseThrow(() -> new IllegalArgumentException("start is Pointsman's"));
        try (Targets targets = Targets.upstreamOnly()) {
            new FirstAnswer(launcher, targets.folder(), targets.bare().port()).run(out);
        }
    }
}
