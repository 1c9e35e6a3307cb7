package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code keys}, as a user types it, and the gateway that takes them. */
class KeysCommandsTest {

    private static final Pattern PORT = Pattern.compile("listens on http://[^:]+:(\\d+)");

    @TempDir private Path folder;
    private Shell shell = new Shell(Path.of(""));

    @BeforeEach
    void open() {
        shell = new Shell(folder.resolve("ledger.db"));
    }

    @Test
    void key_isShownOnce_listedByItsEnd_andRevoked() throws Exception {
        Shell.Result made =
                shell.withLedger(
                        "keys",
                        "create",
                        "--name",
                        "ci",
                        "--budget",
                        "50usd/month",
                        "--rpm",
                        "60",
                        "--tpm",
                        "100000",
                        "--models",
                        "haiku,openai/*",
                        "--categories",
                        "triage");
        assertThat(made.code()).isZero();
        String text = made.out().strip();
        assertThat(text).matches("pm-[\\w-]{43}");
        assertThat(made.err()).contains("API key").contains("not shown again");

        Shell.Result list = shell.withLedger("keys", "list");
        assertThat(list.out())
                .contains("pm-..." + text.substring(text.length() - 4))
                .contains("50usd/month")
                .contains("60 requests, 100,000 tokens")
                .contains("haiku,openai/*")
                .contains("triage")
                .doesNotContain(text);
        JsonNode json = shell.withLedger("keys", "list", "--json").json().path(0);
        assertThat(json.path("name").asText()).isEqualTo("ci");
        assertThat(json.path("requests_per_minute").asInt()).isEqualTo(60);
        assertThat(json.path("models").path(1).asText()).isEqualTo("openai/*");

        Shell.Result revoked = shell.withLedger("keys", "revoke", "ci");
        assertThat(revoked.code()).isZero();
        assertThat(revoked.err()).startsWith("revoked: ci (pm-...");
        assertThat(shell.withLedger("keys", "list").err())
                .contains("no keys")
                .contains("--all shows 1 revoked");
        assertThat(
                        shell.withLedger("keys", "list", "--all", "--json")
                                .json()
                                .path(0)
                                .has("revoked"))
                .isTrue();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain(text);
            }
        }
    }

    @Test
    void create_json_hasTheKeyAndItsLimits() {
        JsonNode json =
                shell.withLedger("keys", "create", "--name", "ci", "--tpm", "5", "--json").json();

        assertThat(json.path("key").asText())
                .startsWith("pm-")
                .endsWith(json.path("hint").asText());
        assertThat(json.path("tokens_per_minute").asInt()).isEqualTo(5);
        assertThat(json.has("budget")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --models=openai/gpt-5-mni | did you mean "openai/gpt-5-mini"?
                    --models=haiku,opnai/*    | the policy has no provider "opnai"; did you mean "openai"?
                    --models=haikuu           | did you mean "haiku"?
                    --categories=triag        | the policy has no category "triag"; did you mean "triage"?
                    --categories=zzzzzzzzz    | ; there are
                    --budget=50               | the amount is in usd
                    --budget=50usd/fortnight  | the period is one of hour, day, week, month, year, ever
                    --rpm=0                   | --rpm is 1 or more, not 0
                    --tpm=-5                  | --tpm is 1 or more, not -5
                    --rpm=many                | is no whole number in range
                    """)
    void create_withWhatCannotBe_makesNothing(String wrong, String words) {
        Shell.Result result = shell.withLedger("keys", "create", "--name", "ci", wrong);

        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err()).contains(words);
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve("ledger.db")).doesNotExist();
    }

    @Test
    void name_thatIsTaken_isRefused_byTheLedgerAndByThePolicy() throws Exception {
        assertThat(shell.withLedger("keys", "create", "--name", "ci").code()).isZero();
        Shell.Result twice = shell.withLedger("keys", "create", "--name", "ci");
        assertThat(twice.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(twice.err()).contains("there is a key \"ci\" already");

        Path policy = folder.resolve("pointsman.yaml");
        Files.writeString(policy, "gateway: { keys: [{ name: me, key: x }] }\n");
        Shell.Result clash =
                shell.withLedger("keys", "create", "--name", "me", "--policy", policy.toString());
        assertThat(clash.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(clash.err()).contains("gateway.keys of the policy has a key \"me\"");
    }

    @Test
    void revoke_ofWhatIsNotThere_isAnError() {
        Shell.Result none = shell.withLedger("keys", "revoke", "ci");
        assertThat(none.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(none.err()).contains("there is no key \"ci\"");
        assertThat(shell.withLedger("keys", "list").code()).isZero();
        assertThat(folder.resolve("ledger.db")).doesNotExist();
    }

    @Test
    @Timeout(60)
    void serve_onAnotherHost_needsAKey_andAStoredOneWillDo() throws Exception {
        List<String> serve =
                List.of("serve", "--practice", "--host", "0.0.0.0", "--port=0", "--admin-port=0");
        Shell.Result open = shell.withLedger(serve.toArray(String[]::new));
        assertThat(open.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(open.err()).contains("pointsman keys create").contains("--insecure");

        String text = shell.withLedger("keys", "create", "--name", "ci").out().strip();
        StringWriter out = new StringWriter();
        Thread server = new Thread(() -> run(serve, out));
        server.start();
        try {
            String url = "http://127.0.0.1:" + port(out, server) + "/v1/models";
            assertThat(status(url, text)).isEqualTo(200);
            assertThat(status(url, text + "x")).isEqualTo(401);
            assertThat(out.toString()).contains("OPENAI_API_KEY=<your key>");
        } finally {
            server.interrupt();
            server.join();
        }
    }

    private void run(List<String> serve, StringWriter out) {
        String[] all =
                Stream.concat(
                                serve.stream(),
                                Stream.of("--ledger", folder.resolve("ledger.db").toString()))
                        .toArray(String[]::new);
        PointsmanCommand.run(new PrintWriter(out), new PrintWriter(new StringWriter()), all);
    }

    private static String port(StringWriter out, Thread server) {
        Matcher said = PORT.matcher(out.toString());
        while (!said.find()) {
            assertThat(server.isAlive()).isTrue();
            LockSupport.parkNanos(10_000_000);
            said = PORT.matcher(out.toString());
        }
        return said.group(1);
    }

    private static int status(String url, String text) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).header("x-api-key", text).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
