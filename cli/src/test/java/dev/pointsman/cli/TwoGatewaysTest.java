package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.ledger.PostgresAddress;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Fork;
import dev.pointsman.testing.PostgresServer;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two processes of {@code serve} on one ledger, with a budget for a tenth of what is asked. */
@Timeout(120)
class TwoGatewaysTest {

    private static final int REQUESTS = 1_000;
    private static final int FIT = 100;

    /** 100 tokens at 10 USD a million. */
    private static final long COST = 1_000_000;

    @TempDir Path folder;

    @Test
    void case45_thousandAtOnce_onAFile_spendTheBudgetAndNoMore() throws Exception {
        Path file = folder.resolve("ledger.db");

        int admitted = admitted(file.toString());

        assertBooks("jdbc:sqlite:" + file, admitted);
    }

    @Test
    void case45_thousandAtOnce_onPostgres_spendTheBudgetAndNoMore() throws Exception {
        try (PostgresServer postgres = PostgresServer.start()) {
            int admitted = admitted(postgres.url());

            assertBooks(
                    PostgresAddress.of(postgres.url()).jdbcUrl() + "?user=postgres&password=x",
                    admitted);
        }
    }

    private int admitted(String ledger) throws Exception {
        try (FakeProvider provider = FakeProvider.start();
                Served one = serve(provider, ledger, "one");
                Served other = serve(provider, ledger, "other")) {
            provider.script(
                    "m", Reaction.answers("ok").tokens(7, 100, 0, 0).after(Duration.ofMillis(200)));
            int admitted = askAtOnce(one, other);
            assertThat(provider.requests()).hasSize(admitted);
            return admitted;
        }
    }

    private static int askAtOnce(Served... gateways) {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            asked.add(
                    client.sendAsync(
                            request(gateways[i % gateways.length]),
                            HttpResponse.BodyHandlers.ofString()));
        }
        int admitted = 0;
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            int status = one.orTimeout(60, TimeUnit.SECONDS).join().statusCode();
            assertThat(status).as(one.join().body()).isIn(200, 429);
            admitted += status == 200 ? 1 : 0;
        }
        return admitted;
    }

    private static HttpRequest request(Served gateway) {
        return HttpRequest.newBuilder(URI.create(gateway.url + "/v1/chat/completions"))
                .POST(
                        HttpRequest.BodyPublishers.ofString(
                                "{\"model\":\"p/m\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .build();
    }

    private static void assertBooks(String jdbc, int admitted) throws SQLException {
        assertThat(admitted).isBetween(FIT, FIT + 1);
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            assertThat(row(statement, "SELECT spent_nanos, reserved_nanos FROM spend"))
                    .containsExactly(admitted * COST, 0L);
            assertThat(row(statement, "SELECT sum(cost_nanos), count(*) FROM request"))
                    .containsExactly(admitted * COST, (long) REQUESTS);
            assertThat(row(statement, "SELECT count(*), 0 FROM reservation"))
                    .containsExactly(0L, 0L);
        }
    }

    private static List<Long> row(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return List.of(result.getLong(1), result.getLong(2));
        }
    }

    private Served serve(FakeProvider provider, String ledger, String name) throws IOException {
        Path policy =
                Files.writeString(
                        folder.resolve(name + ".yaml"),
                        """
                        providers:
                          p: { format: openai-chat, base-url: "%s/v1", api-key: k }
                        prices:
                          p/m: { input: 0, output: 10 }
                        budgets:
                          limits: [{ of: all, limit: %susd/year }]
                        """
                                .formatted(provider.url(), "0.1"));
        return Served.start(policy, ledger, folder.resolve(name));
    }

    /** A process that serves. */
    private static final class Served implements AutoCloseable {
        private final Process process;
        private final String url;

        private Served(Process process, String url) {
            this.process = process;
            this.url = url;
        }

        static Served start(Path policy, String ledger, Path data) throws IOException {
            ProcessBuilder builder =
                    Fork.of(
                            List.of(),
                            PointsmanCommand.class,
                            "serve",
                            "--port=0",
                            "--admin-port=0",
                            "--policy=" + policy,
                            "--ledger=" + ledger);
            builder.environment().put("XDG_DATA_HOME", data.toString());
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            Process process = builder.start();
            BufferedReader out = process.inputReader();
            String first = String.valueOf(out.readLine());
            assertThat(first).startsWith("Pointsman listens on http://");
            return new Served(process, first.split(" ")[3]);
        }

        /** As an operator stops it: it writes down what it knows first. */
        @Override
        public void close() throws Exception {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
