package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.Router;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Task;
import dev.pointsman.gateway.Gateway;
import dev.pointsman.gateway.GatewayOptions;
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.SqliteLedger;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;

/** Budgets at the gateway and in the library, with a ledger in a file. */
class BudgetsTest {

    /** 100 tokens out at most: 1,000,000 nano-dollars at {@code dear}, 100,000 at {@code cheap}. */
    private static final String PROVIDERS =
            """
            providers:
              chat: { format: openai-chat, base-url: "%1$s/v1", api-key: k }
              claude: { format: anthropic-messages, base-url: "%1$s", api-key: k }
              google: { format: gemini, base-url: "%1$s", api-key: k }
            prices:
              chat/dear: { input: 0, output: 10 }
              chat/cheap: { input: 0, output: 1 }
              claude/dear: { input: 0, output: 10 }
              google/dear: { input: 0, output: 10 }
            categories:
              generation: { models: [chat/dear, chat/cheap] }
            rules: []
            classify: { use: [rules] }
            """;

    @TempDir Path folder;
    private FakeProvider provider;
    private SqliteLedger ledger;

    @BeforeEach
    void open() {
        provider = FakeProvider.start();
        for (String model : new String[] {"dear", "cheap", "odd"}) {
            provider.script(model, Reaction.answers("ok").tokens(7, 100, 0, 0));
        }
        ledger = SqliteLedger.open(file(), LedgerOptions.defaults());
    }

    @AfterEach
    void close() {
        ledger.close();
        provider.close();
    }

    private Path file() {
        return folder.resolve("ledger.db");
    }

    @Test
    void hardBudget_spent_refusesInTheWordsOfEachFormat_andAsksNobody() throws Exception {
        try (Gateway gateway =
                gateway("budgets: { limits: [{ of: all, limit: 0.001usd/month }] }")) {
            assertThat(chat(gateway, "chat/dear").statusCode()).isEqualTo(200);

            HttpResponse<String> chat = chat(gateway, "chat/dear");
            HttpResponse<String> messages =
                    post(
                            gateway,
                            "/v1/messages",
                            "{\"model\":\"claude/dear\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            HttpResponse<String> gemini =
                    post(
                            gateway,
                            "/v1beta/models/google/dear:generateContent",
                            "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}");

            assertThat(chat.statusCode()).isEqualTo(429);
            assertThat(json(chat).at("/error/code").asText()).isEqualTo("insufficient_quota");
            assertThat(json(chat).at("/error/message").asText())
                    .startsWith(
                            "No model is asked: the budget of all (0.001usd/month) is spent; it"
                                    + " renews at 20");
            assertThat(chat.headers().firstValue("x-should-retry")).contains("false");
            assertThat(chat.headers().firstValue("x-pointsman-budget").orElseThrow())
                    .matches("all limit=0.001usd/month hard renews=\\d{4}-\\d\\d-01T00:00:00Z");
            assertThat(messages.statusCode()).isEqualTo(402);
            assertThat(json(messages).at("/error/type").asText()).isEqualTo("billing_error");
            assertThat(gemini.statusCode()).isEqualTo(429);
            assertThat(json(gemini).at("/error/status").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        }
        assertThat(provider.requests()).hasSize(1);
        ledger.flush(Duration.ofSeconds(20));
        assertThat(query("SELECT count(*) FROM request WHERE failure_kind = 'budget'"))
                .isEqualTo("3");
        assertThat(query("SELECT spent_nanos || ' ' || reserved_nanos FROM spend"))
                .isEqualTo("1000000 0");
        assertThat(query("SELECT sum(cost_nanos) FROM request")).isEqualTo("1000000");
    }

    @Test
    void softBudget_spent_goesToTheCheaperModelsAndSaysSo() throws Exception {
        try (Gateway gateway =
                gateway("budgets: { limits: [{ of: all, limit: 0.001usd, enforce: soft }] }")) {
            HttpResponse<String> before = chat(gateway, "auto");
            HttpResponse<String> after = chat(gateway, "auto");
            HttpResponse<String> named = chat(gateway, "chat/dear");

            assertThat(before.headers().firstValue("x-pointsman-model")).contains("chat/dear");
            assertThat(before.headers().firstValue("x-pointsman-budget")).isEmpty();
            assertThat(after.headers().firstValue("x-pointsman-model")).contains("chat/cheap");
            assertThat(after.headers().firstValue("x-pointsman-budget"))
                    .contains("all limit=0.001usd soft");
            assertThat(named.headers().firstValue("x-pointsman-model")).contains("chat/dear");
            assertThat(named.headers().firstValue("x-pointsman-budget"))
                    .contains("all limit=0.001usd soft");
        }
    }

    @Test
    void unknownPrice_underAHardBudget_isAskedOnlyWithACeiling() throws Exception {
        String limits = "limits: [{ of: all, limit: 0.002usd }]";
        try (Gateway gateway = gateway("budgets: { %s }".formatted(limits))) {
            HttpResponse<String> refused = chat(gateway, "chat/odd");

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(json(refused).at("/error/message").asText())
                    .contains("its price is unknown, and there is a hard budget: say");
            assertThat(provider.requests()).isEmpty();
        }
        try (Gateway gateway =
                gateway("budgets: { %s, unknown-price: 0.0015usd }".formatted(limits))) {
            assertThat(chat(gateway, "chat/odd").statusCode()).isEqualTo(200);
            assertThat(chat(gateway, "chat/odd").statusCode()).isEqualTo(200);
            assertThat(chat(gateway, "chat/odd").statusCode()).isEqualTo(429);
        }
        ledger.flush(Duration.ofSeconds(20));
        assertThat(query("SELECT spent_nanos || ' ' || unpriced FROM spend"))
                .isEqualTo("3000000 2");
    }

    @Test
    void budgetsOfKeysAndTags_holdEachForItself() throws Exception {
        try (Gateway gateway =
                gateway(
                        """
                        gateway: { keys: [{ name: red, key: r }, { name: blue, key: b }] }
                        budgets:
                          limits:
                            - { of: key, limit: 0.001usd/day }
                            - { of: "key:blue", limit: 1usd/day }
                            - { of: "tag:job=night", limit: 0.001usd/day }
                        """)) {
            assertThat(chat(gateway, "chat/dear", "authorization", "Bearer r").statusCode())
                    .isEqualTo(200);
            assertThat(chat(gateway, "chat/dear", "x-api-key", "r").statusCode()).isEqualTo(429);
            for (int i = 0; i < 2; i++) {
                assertThat(chat(gateway, "chat/dear", "x-api-key", "b").statusCode())
                        .isEqualTo(200);
            }
            String[] tagged = {"x-api-key", "b", "x-pointsman-tag", "job=night, a=1"};
            assertThat(chat(gateway, "chat/dear", tagged).statusCode()).isEqualTo(200);
            assertThat(json(chat(gateway, "chat/dear", tagged)).at("/error/message").asText())
                    .contains("the budget of tag:job=night (0.001usd/day) is spent");
        }
    }

    @Test
    void askedForTheCategory_isPaidOutOfTheBudgetToo() throws Exception {
        provider.script("cheap", Reaction.answers("generation").tokens(7, 50, 0, 0));
        String policy =
                """
                classify: { use: [triage], triage: { model: chat/cheap } }
                budgets: { limits: [{ of: all, limit: 0.001usd }] }
                """;
        try (Gateway gateway = gateway(policy)) {
            assertThat(chat(gateway, "auto").statusCode()).isEqualTo(200);
            assertThat(chat(gateway, "auto").statusCode()).isEqualTo(429);
        }
        assertThat(provider.requests("cheap")).hasSize(1);
        assertThat(provider.requests("dear")).hasSize(1);
        ledger.flush(Duration.ofSeconds(20));
        assertThat(query("SELECT spent_nanos || ' ' || reserved_nanos FROM spend"))
                .isEqualTo("1050000 0");
    }

    @Test
    void library_withALedger_isHeldToBudgets_andWithoutOneFails() {
        Policy policy = policy("budgets: { limits: [{ of: all, limit: 0.001usd/month }] }");
        Task task = Task.of("hi").category("generation").maxTokens(100);
        try (Router router =
                Router.builder()
                        .policy(policy)
                        .recorder(ledger)
                        .budgets(ledger.budgets())
                        .build()) {
            router.route(task);
            assertThatThrownBy(() -> router.route(task))
                    .isInstanceOf(RouteException.class)
                    .hasMessageContaining("the budget of all (0.001usd/month) is spent");
        }
        try (Router router = Router.builder().policy(policy).recorder(ledger).build()) {
            assertThatThrownBy(() -> router.route(task))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("budgets(ledger.budgets())");
        }
        assertThat(provider.requests()).hasSize(1);
    }

    @Test
    void command_showsWhatIsSpentAndLeft_ofKeysToo() throws Exception {
        String budgets =
                "budgets: { limits: [{ of: all, limit: 0.005usd }, { of: key, limit: 1usd/day,"
                        + " enforce: soft }] }";
        Path file =
                Files.writeString(
                        folder.resolve("policy.yaml"),
                        PROVIDERS.formatted(provider.url()) + budgets);
        try (Gateway gateway = gateway(budgets)) {
            chat(gateway, "chat/dear");
        }
        ledger.flush(Duration.ofSeconds(20));
        Shell shell = new Shell(file());
        shell.withLedger("keys", "create", "--name", "ci", "--budget", "2usd/day");

        Shell.Result table = shell.withLedger("budgets", "--policy", file.toString());
        JsonNode json =
                shell.withLedger("budgets", "--json", "--policy", file.toString())
                        .json()
                        .get("budgets");

        assertThat(table.out())
                .containsPattern("all +0.005usd +hard +\\$0.001 +\\$0.00 +\\$0.004 +never");
        assertThat(json).hasSize(3);
        assertThat(json.get(0).get("spent").decimalValue()).isEqualByComparingTo("0.001");
        assertThat(json.get(0).get("left").decimalValue()).isEqualByComparingTo("0.004");
        assertThat(json.get(1).get("of").asText()).isEqualTo("key:ci");
        assertThat(json.get(1).get("limit").asText()).isEqualTo("2usd/day");
        assertThat(json.get(2).get("of").asText()).isEqualTo("key");
        assertThat(json.get(2).get("enforce").asText()).isEqualTo("soft");
    }

    private Gateway gateway(String more) {
        return Gateway.start(
                policy(more), GatewayOptions.local().recorder(ledger).budgets(ledger.budgets()));
    }

    private Policy policy(String more) {
        String usual = PROVIDERS.formatted(provider.url());
        String kept =
                more.contains("classify:") ? usual.replaceAll("(?m)^classify:.*\n", "") : usual;
        return PolicyFile.text(kept + more, "test.yaml").load();
    }

    private static HttpResponse<String> chat(Gateway gateway, String model, String... headers)
            throws Exception {
        return post(
                gateway,
                "/v1/chat/completions",
                "{\"model\":\"%s\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(model),
                headers);
    }

    private static HttpResponse<String> post(
            Gateway gateway, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Shell.parse(response.body());
    }

    private String query(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
