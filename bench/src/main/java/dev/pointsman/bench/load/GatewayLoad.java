package dev.pointsman.bench.load;

import dev.pointsman.bench.load.LoadOptions.Part;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
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
        try (Client client = new Client();
                Targets targets = Targets.start(options)) {
            Rig rig = new Rig(client, targets.bare().program());
            out.printf(
                    "%d cores, JDK %s, %d rounds of each in turn, medians. Load generator, upstream"
                            + " and proxy share the cores.%n",
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.version(),
                    options.rounds());
            Measurement measurement = new Measurement(targets.all(), options.rounds(), out);
            scenarios(options, rig).forEach(measurement::run);
        }
    }

    private static List<Scenario> scenarios(LoadOptions options, Rig rig) {
        Set<Part> parts = options.parts();
        List<Scenario> scenarios = new ArrayList<>();
        for (Part part : parts) {
            switch (part) {
                case NAMED -> scenarios.add(new Saturation(rig, Payloads.NAMED, options.round()));
                case AUTO -> scenarios.add(new Saturation(rig, Payloads.AUTO, options.round()));
                case RATE -> scenarios.add(new ConstantRate(rig, options.round()));
                case STREAMS ->
                        scenarios.add(new Streams(rig, options.streams(), options.chunks()));
                case LARGE -> scenarios.add(new LargePrompt(rig));
                case MEMORY, START -> {}
            }
        }
        return scenarios;
    }
}
