package dev.pointsman.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The gateway, started by its launcher as a user starts it, with a ledger. */
final class PointsmanProxy {

    static final String NAME = "pointsman";

    /** In place of a ledger. */
    static final String NO_LEDGER = "none";

    private static final String DROPPED = "pointsman_ledger_dropped_entries ";

    /** The launcher may have to build it first. */
    private static final Duration BUILD = Duration.ofMinutes(5);

    private static final String POLICY =
            """
            providers:
              mock: { format: openai-chat, base-url: "http://127.0.0.1:%d/v1", api-key: "sk-of-the-provider" }
            prices:
              mock/gpt-x: { input: 1.25, output: 10, cache-read: 0.125 }
            categories:
              reasoning: { models: [mock/gpt-x] }
              generation: { models: [mock/gpt-x] }
              triage: { models: [mock/gpt-x] }
            default-category: generation
            rules: [%s]
            """;

    private static final String RULE = "{ when: { tokens-over: 0 }, category: generation }";

    private final Path launcher;
    private final Path folder;
    private final int upstreamPort;
    private final String ledger;
    private final String rules;
    private final int adminPort = Program.freePort();

    PointsmanProxy(Path launcher, Path folder, int upstreamPort) {
        this(launcher, folder, upstreamPort, folder.resolve("ledger.db").toString(), "");
    }

    private PointsmanProxy(
            Path launcher, Path folder, int upstreamPort, String ledger, String rules) {
        this.launcher = launcher;
        this.folder = folder;
        this.upstreamPort = upstreamPort;
        this.ledger = ledger;
        this.rules = rules;
    }

    /** The same with another ledger, as {@code --ledger} says it. */
    PointsmanProxy ledger(String other) {
        return new PointsmanProxy(launcher, folder, upstreamPort, other, rules);
    }

    /** The same where a rule says the category of every request. */
    PointsmanProxy ruled() {
        return new PointsmanProxy(launcher, folder, upstreamPort, ledger, RULE);
    }

    Target start() throws IOException {
        return start(NAME);
    }

    Target start(String name) throws IOException {
        int port = Program.freePort();
        Program program = launch(port, name);
        program.awaitPort(port, BUILD);
        return new Target(name, program, port, port);
    }

    /** Without waiting for it to listen. */
    Program launch(int port) throws IOException {
        return launch(port, NAME);
    }

    /** How many entries its ledger has dropped, as its metrics say. */
    long dropped() throws IOException {
        URL metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics").toURL();
        try (InputStream in = metrics.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(DROPPED))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(DROPPED.length())))
                    .sum();
        }
    }

    private Program launch(int port, String name) throws IOException {
        Path policy = folder.resolve("policy.yaml");
        Files.writeString(policy, POLICY.formatted(upstreamPort, rules));
        List<String> command = new ArrayList<>(List.of("env", "XDG_DATA_HOME=" + folder));
        command.addAll(List.of(launcher.toString(), "serve"));
        command.addAll(List.of("--port", Integer.toString(port)));
        command.addAll(List.of("--admin-port", Integer.toString(adminPort)));
        command.addAll(List.of("--policy", policy.toString()));
        command.addAll(List.of("--ledger", ledger));
        return Program.start(command, Target.log(folder, name.replace(' ', '-')));
    }
}
