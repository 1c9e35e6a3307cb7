package dev.pointsman.cli;

import dev.pointsman.gateway.Gateway;
import dev.pointsman.gateway.GatewayOptions;
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.SqliteLedger;
import dev.pointsman.policy.Policy;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Runs what the other commands run, in one process and with no trace, so that the JDK can write a
 * cache of the classes that all of them load. The launcher calls it once a build.
 */
@Command(name = "warm-up", hidden = true, description = "Trains the start-up cache.")
final class WarmUpCommand implements Callable<Integer> {

    private static final String TEXT = "Summarize this in one sentence: the disk is full.";

    private static final String HOST = "127.0.0.1";
    private static final int LONGEST_WAIT_MILLIS = 10_000;
    private static final String CHAT =
            "{\"model\":\"auto\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("pointsman-warm-up");
        try (Gateway provider = Gateway.start(Policy.builtIn(), local().practice(true))) {
            Path policy = folder.resolve("policy.yaml");
            Files.writeString(policy, behind(provider.port()));
            runAll(policy.toString(), folder.resolve("ledger.db").toString());
            serve(Policy.load(policy), folder.resolve("served.db"));
        } finally {
            delete(folder);
        }
        return ExitCode.OK;
    }

    /** Whatever keys are set, tasks go to no provider but the one in practice. */
    private static void runAll(String policy, String ledger) {
        for (List<String> arguments :
                List.of(
                        List.of("--version"),
                        List.of("explain", TEXT),
                        List.of("explain", "--json", TEXT),
                        List.of("classify", TEXT),
                        List.of("explain", "--policy", policy, TEXT),
                        List.of("route", "--policy", policy, "--ledger", ledger, TEXT),
                        List.of(
                                "route",
                                "--policy",
                                policy,
                                "--ledger",
                                ledger,
                                "--json",
                                "--stream",
                                TEXT),
                        List.of("report", "--ledger", ledger),
                        List.of("report", "--by", "day", "--since", "30d", "--ledger", ledger),
                        List.of("cost", "--model", "haiku", "--input-tokens", "1"),
                        List.of("policy", "check"))) {
            PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
            PointsmanCommand.run(nowhere, nowhere, arguments.toArray(String[]::new));
        }
    }

    private static void serve(Policy policy, Path ledgerFile) throws IOException {
        try (SqliteLedger ledger = SqliteLedger.open(ledgerFile, LedgerOptions.defaults());
                Gateway gateway = Gateway.start(policy, local().recorder(ledger))) {
            for (String stream : List.of("false", "true")) {
                ask(gateway.port(), CHAT.formatted(stream, TEXT));
            }
        }
    }

    private static GatewayOptions local() {
        return GatewayOptions.local().callers(HOST, 0).admin(HOST, 0);
    }

    /** A policy whose one model is a gateway's. */
    private static String behind(int port) {
        return """
        providers:
          warm: { format: openai-chat, base-url: "http://%s:%d/v1", api-key: none }
        categories:
          generation: { models: [warm/auto] }
          triage: { models: [warm/auto] }
        default-category: generation
        baseline: anthropic/claude-sonnet-5
        """
                .formatted(HOST, port);
    }

    private static void ask(int port, String body) throws IOException {
        try (Socket socket = new Socket(HOST, port)) {
            socket.setSoTimeout(LONGEST_WAIT_MILLIS);
            String head =
                    "POST /v1/chat/completions HTTP/1.1\r\nhost: %s\r\nconnection: close\r\n"
                            + "content-type: application/json\r\ncontent-length: %d\r\n\r\n";
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream()
                    .write(head.formatted(HOST, bytes.length).getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("the gateway answered " + answer);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            files.forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Files.delete(folder);
    }
}
