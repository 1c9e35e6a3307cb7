package dev.pointsman.cli;

import dev.pointsman.gateway.Gateway;
import dev.pointsman.gateway.GatewayOptions;
import dev.pointsman.ledger.Ledger;
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.PostgresAddress;
import dev.pointsman.ledger.PostgresLedger;
import dev.pointsman.ledger.SqliteLedger;
import dev.pointsman.policy.Policy;
import dev.pointsman.testing.Fork;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A gateway with a ledger in a process of its own, so that the disk can be full for it alone. */
final class RecordingServer implements AutoCloseable {

    private static final String DROPPED = "pointsman_ledger_dropped_entries ";
    private static final String POLICY =
            """
            providers:
              mock: { format: openai-chat, base-url: "%s/v1", api-key: "sk-of-the-provider" }
            categories:
              work: { description: all there is, models: [mock/one] }
            default-category: work
            prices:
              mock/one: { input: 1, output: 5 }
            budgets:
              limits:
                - { of: all, limit: 1000usd/month }
            """;

    private static final HttpRequest.BodyPublisher QUESTION =
            HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"mock/one\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}");

    private final Process process;
    private final BufferedReader out;
    private final Path log;
    private final int port;
    private final int adminPort;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RecordingServer(Process process, Path log) throws IOException {
        this.process = process;
        this.log = log;
        this.out = process.inputReader();
        this.port = Integer.parseInt(out.readLine());
        this.adminPort = Integer.parseInt(out.readLine());
    }

    /**
     * @param ledger a file, or the address of a database
     * @param folder of the spool, for a database
     * @param queue how many entries wait in its memory before more are dropped
     */
    static RecordingServer start(
            String ledger, Path folder, int queue, Path log, String providerUrl)
            throws IOException {
        return new RecordingServer(
                Fork.of(
                                Fork.SHORT_LIVED,
                                Main.class,
                                ledger,
                                folder.toString(),
                                Integer.toString(queue),
                                providerUrl)
                        .redirectError(log.toFile())
                        .start(),
                log);
    }

    /** Asks it something; completes with the status. */
    CompletableFuture<Integer> ask() {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                        .header("content-type", "application/json")
                        .POST(QUESTION)
                        .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    /** As its metrics say. */
    long dropped() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith(DROPPED))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(DROPPED.length())))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Lets no file of the process grow beyond that: writing more fails, as it does on a full disk.
     * What is larger already stays.
     */
    void limitFiles(long bytes) throws Exception {
        prlimit(bytes + ":unlimited");
    }

    void liftLimit() throws Exception {
        prlimit("unlimited:unlimited");
    }

    private void prlimit(String limit) throws Exception {
        String pid = Long.toString(process.pid());
        int code =
                new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + limit)
                        .inheritIO()
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new IllegalStateException("prlimit ended with " + code);
        }
    }

    /** What it has warned of. */
    String warnings() throws IOException {
        return Files.readString(log);
    }

    /** Ends it as a signal would; what waits is written, for a bounded time. */
    @Override
    public void close() {
        client.close();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("it did not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static final class Main {

        public static void main(String[] args) throws IOException {
            Policy policy = Policy.parse(POLICY.formatted(args[3]), "test");
            try (Ledger ledger = open(args[0], Path.of(args[1]), Integer.parseInt(args[2]));
                    Gateway gateway =
                            Gateway.start(
                                    policy,
                                    GatewayOptions.local()
                                            .recorder(ledger)
                                            .budgets(ledger.budgets())
                                            .dropped(ledger::dropped))) {
                System.out.println(gateway.port() + "\n" + gateway.adminPort());
                while (System.in.read() >= 0) {
                    // Until whoever started it ends it.
                }
            }
        }

        private static Ledger open(String ledger, Path folder, int queue) {
            LedgerOptions options = LedgerOptions.defaults().withQueueBound(queue);
            return PostgresAddress.isMeantBy(ledger)
                    ? PostgresLedger.open(PostgresAddress.of(ledger), folder, options)
                    : SqliteLedger.open(Path.of(ledger), options);
        }
    }
}
