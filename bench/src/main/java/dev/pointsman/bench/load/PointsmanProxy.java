package dev.pointsman.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The gateway, started by its launcher as a user starts it, with a ledger. */
final class PointsmanProxy {

    static final String NAME = "pointsman";

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
            rules: []
            """;

    private final Path launcher;
    private final Path folder;
    private final int upstreamPort;

    PointsmanProxy(Path launcher, Path folder, int upstreamPort) {
        this.launcher = launcher;
        this.folder = folder;
        this.upstreamPort = upstreamPort;
    }

    Target start() throws IOException {
        int port = Program.freePort();
        Program program = launch(port);
        program.awaitPort(port, BUILD);
        return new Target(NAME, program, port, port);
    }

    /** Without waiting for it to listen. */
    Program launch(int port) throws IOException {
        Path policy = folder.resolve("policy.yaml");
        Files.writeString(policy, POLICY.formatted(upstreamPort));
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "serve"));
        command.addAll(List.of("--port", Integer.toString(port)));
        command.addAll(List.of("--admin-port", Integer.toString(Program.freePort())));
        command.addAll(List.of("--policy", policy.toString()));
        command.addAll(List.of("--ledger", folder.resolve("ledger.db").toString()));
        return Program.start(command, Target.log(folder, NAME));
    }
}
