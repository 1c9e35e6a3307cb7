package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.Grant;
import dev.pointsman.access.KeyRing;
import dev.pointsman.budget.Accounts;
import dev.pointsman.budget.Budget;
import dev.pointsman.budget.BudgetSettings;
import dev.pointsman.budget.Budgets;
import dev.pointsman.budget.Limit;
import dev.pointsman.budget.Reservation;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rejection;
import dev.pointsman.policy.Policy;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** Stored keys, and what they let their holders do. */
class KeysTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "pm-the-text-of-a-key";
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String SECTIONS =
            """
            aliases: { quick: mockclaude/two }
            pools:
              both: { models: { mock/three: 1, mockgemini/three: 1 } }
            rules:
              - when: { tag: { about: claude } }
                category: claude
              - when: { tag: { about: work } }
                category: work
            """;

    private volatile KeyRing ring = KeyRing.EMPTY;
    private final Rig rig = Rig.start(SECTIONS, () -> ring);

    @AfterEach
    void close() {
        rig.close();
    }

    private static AccessKey key(String name, String text, Grant grant) {
        return AccessKey.of(name, text, grant, NOW);
    }

    private void keys(AccessKey... keys) {
        ring = KeyRing.of(List.of(keys));
    }

    private void granted(Grant grant) {
        keys(key("ci", TEXT, grant));
    }

    private Raw.Answer chat(String model, String... headers) throws IOException {
        return with("{\"model\":\"" + model + "\",\"messages\":[]}", headers);
    }

    private Raw.Answer with(String body, String... headers) throws IOException {
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "authorization: Bearer " + TEXT;
        return Raw.post(rig.port(), CHAT, Raw.utf8(body), all);
    }

    private static String words(Raw.Answer answer) {
        return Canned.parsed(answer.text()).at("/error/message").asText();
    }

    private Entry entry() throws InterruptedException {
        return Optional.ofNullable(rig.entries().poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    private List<String> listed() throws IOException {
        Raw.Answer answer =
                Raw.once(
                        rig.port(),
                        Raw.request(
                                "GET /v1/models", new byte[0], "authorization: Bearer " + TEXT));
        JsonNode data = Canned.parsed(answer.text()).path("data");
        return StreamSupport.stream(data.spliterator(), false)
                .map(model -> model.path("id").asText())
                .toList();
    }

    @Test
    void storedKey_asBearerOfTheOpenAiSdk_letsIn() throws Exception {
        granted(Grant.ALL);
        ChatCompletionCreateParams ask =
                ChatCompletionCreateParams.builder().model("mock/m").addUserMessage("hi").build();
        try (AutoCloseableClient client = openAi(TEXT);
                AutoCloseableClient wrong = openAi(TEXT + "x")) {
            assertThat(client.chat(ask)).isEqualTo("ok");
            assertThat(entry().task().key()).contains("ci");

            assertThat(
                            catchThrowableOfType(
                                    com.openai.errors.UnauthorizedException.class,
                                    () -> wrong.chat(ask)))
                    .hasMessageContaining("pointsman keys create");
        }
    }

    private record AutoCloseableClient(OpenAIClient client) implements AutoCloseable {

        String chat(ChatCompletionCreateParams ask) {
            return client.chat()
                    .completions()
                    .create(ask)
                    .choices()
                    .get(0)
                    .message()
                    .content()
                    .orElseThrow();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private AutoCloseableClient openAi(String text) {
        return new AutoCloseableClient(
                OpenAIOkHttpClient.builder()
                        .baseUrl("http://127.0.0.1:" + rig.port() + "/v1")
                        .apiKey(text)
                        .maxRetries(0)
                        .build());
    }

    @Test
    void storedKey_asApiKeyOfTheAnthropicSdk_letsIn_andIsToldOfItsLimit() throws Exception {
        granted(Grant.ALL.perMinute(1, 0));
        AnthropicClient client =
                AnthropicOkHttpClient.builder()
                        .baseUrl("http://127.0.0.1:" + rig.port())
                        .apiKey(TEXT)
                        .maxRetries(0)
                        .build();
        MessageCreateParams ask =
                MessageCreateParams.builder()
                        .model("mockclaude/m")
                        .maxTokens(16)
                        .addUserMessage("hi")
                        .build();

        assertThat(client.messages().create(ask).content()).hasSize(1);
        com.anthropic.errors.RateLimitException limited =
                catchThrowableOfType(
                        com.anthropic.errors.RateLimitException.class,
                        () -> client.messages().create(ask));
        client.close();

        assertThat(limited).hasMessageContaining("1 requests a minute are used up");
        assertThat(Integer.parseInt(limited.headers().values("retry-after").getFirst()))
                .isBetween(55, 61);
        assertThat(limited.headers().values("anthropic-ratelimit-requests-limit"))
                .containsExactly("1");
        assertThat(limited.headers().values("anthropic-ratelimit-requests-remaining"))
                .containsExactly("0");
        assertThat(
                        Instant.parse(
                                limited.headers()
                                        .values("anthropic-ratelimit-requests-reset")
                                        .getFirst()))
                .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(65));
    }

    @Test
    void storedKey_asGoogApiKeyOfTheGeminiSdk_letsIn_andIsToldOfItsModels() throws Exception {
        granted(Grant.ALL.models("mockgemini/*"));
        HttpOptions options =
                HttpOptions.builder()
                        .baseUrl("http://127.0.0.1:" + rig.port())
                        .retryOptions(HttpRetryOptions.builder().attempts(1))
                        .build();
        GenerateContentConfig plain = GenerateContentConfig.builder().build();
        try (Client client = Client.builder().apiKey(TEXT).httpOptions(options).build()) {
            assertThat(client.models.generateContent("mockgemini/m", "hi", plain).text())
                    .isEqualTo("ok");

            ClientException refused =
                    catchThrowableOfType(
                            ClientException.class,
                            () -> client.models.generateContent("mock/m", "hi", plain));
            assertThat(refused.code()).isEqualTo(403);
            assertThat(refused.status()).isEqualTo("PERMISSION_DENIED");
            assertThat(refused)
                    .hasMessageContaining(
                            "the key \"ci\" is not for mock/m: it may ask mockgemini/*");
        }
    }

    @Test
    void door_withoutAnyKey_isOpen_andShutFromTheFirstOn_alsoARevokedOne() throws IOException {
        byte[] body = Raw.utf8("{\"model\":\"mock/m\",\"messages\":[]}");
        assertThat(Raw.post(rig.port(), CHAT, body).status()).isEqualTo(200);

        granted(Grant.ALL);
        assertThat(Raw.post(rig.port(), CHAT, body).status()).isEqualTo(401);
        assertThat(chat("mock/m").status()).isEqualTo(200);

        keys(key("ci", TEXT, Grant.ALL).revokedAt(NOW));
        assertThat(Raw.post(rig.port(), CHAT, body).status()).isEqualTo(401);
        Raw.Answer revoked = chat("mock/m");
        assertThat(revoked.status()).isEqualTo(401);
        assertThat(words(revoked)).isEqualTo("the key \"ci\" has been revoked");

        ring = KeyRing.LOCKED;
        assertThat(chat("mock/m").status()).isEqualTo(401);
        assertThat(rig.provider().requests())
                .hasSize(2)
                .allSatisfy(seen ->
                        assertThat(seen.headers().toString()).doesNotContain("the-text-of"));
    }

    @Test
    void keyOfThePolicy_andStoredOnes_bothLetIn_andThePolicysNameWins() throws IOException {
        AccessKey clash = key("me", "pm-clash", Grant.ALL);
        AccessKey other = key("other", TEXT, Grant.ALL);
        String gateway = "gateway: { keys: [{ name: me, key: policys-key }] }\n";
        byte[] body = Raw.utf8("{\"model\":\"mock/m\",\"messages\":[]}");
        KeyRing both = KeyRing.of(List.of(clash, other));
        try (Rig keyed = Rig.start(SECTIONS + gateway, () -> both)) {
            int port = keyed.port();
            assertThat(Raw.post(port, CHAT, body, "x-api-key: policys-key").status())
                    .isEqualTo(200);
            assertThat(Raw.post(port, CHAT, body, "x-api-key: " + TEXT).status()).isEqualTo(200);
            assertThat(Raw.post(port, CHAT, body, "x-api-key: pm-clash").status()).isEqualTo(401);

            keyed.gateway()
                    .reload(
                            keyed.gateway().policy().toBuilder()
                                    .gateway(Policy.builtIn().gateway())
                                    .build());
            assertThat(Raw.post(port, CHAT, body, "x-api-key: policys-key").status())
                    .isEqualTo(401);
            assertThat(Raw.post(port, CHAT, body, "x-api-key: pm-clash").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mock/one", "quick", "mockclaude/two", "both", "mock/three", "mockgemini/x"})
    void model_thatTheKeyNames_isAsked(String model) throws IOException {
        granted(Grant.ALL.models("mock/one", "quick", "both", "mockgemini/*"));

        assertThat(chat(model).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mock/two", "mockclaude/one", "mock/one2", "unlisted"})
    void model_beyondTheKey_isRefusedWithWhatIsAllowed(String model) throws IOException {
        granted(Grant.ALL.models("mock/one", "quick", "both", "mockgemini/*"));

        Raw.Answer refused = chat(model);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(words(refused))
                .startsWith("the key \"ci\" is not for ")
                .endsWith(": it may ask mock/one, quick, both, mockgemini/*");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
        assertThat(rig.provider().requests()).isEmpty();
    }

    @Test
    void auto_hasAmongItsCandidatesOnlyTheKeysModels() throws Exception {
        granted(Grant.ALL.models("mock/two"));

        assertThat(chat("auto/work").header("x-pointsman-model")).isEqualTo("mock/two");
        assertThat(entry().decision().rejections())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.model()).isEqualTo("mock/one");
                    assertThat(one.reason()).isEqualTo(Rejection.Reason.NOT_ALLOWED);
                    assertThat(one.message()).isEqualTo("the key \"ci\" is not for this model");
                });

        Raw.Answer none = chat("auto/claude");
        assertThat(none.status()).isEqualTo(403);
        assertThat(words(none))
                .isEqualTo(
                        "the key \"ci\" is for no model of the category claude: it may ask"
                                + " mock/two");
    }

    @Test
    void fallback_staysWithinTheKey() throws Exception {
        granted(Grant.ALL.models("mock/one"));
        rig.provider().script("one", Reaction.fails(500));

        assertThat(chat("auto/work").status()).isEqualTo(500);
        assertThat(rig.provider().requests("two")).isEmpty();
    }

    @Test
    void category_beyondTheKey_isRefusedBeforeAnyCall() throws Exception {
        granted(Grant.ALL.categories("work"));
        String words = "the key \"ci\" is not for tasks of the category claude: it is for work";

        for (Raw.Answer refused :
                List.of(
                        chat("auto/claude"),
                        chat("auto", "x-pointsman-category: claude"),
                        chat("auto", "x-pointsman-tag: about=claude"))) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(words(refused)).isEqualTo(words);
        }
        assertThat(rig.provider().requests()).isEmpty();
        assertThat(chat("auto", "x-pointsman-tag: about=work").status()).isEqualTo(200);
        assertThat(chat("auto/work").status()).isEqualTo(200);
    }

    @Test
    void key_forCategoriesAlone_mayNameTheirModels() throws IOException {
        granted(Grant.ALL.categories("work"));

        assertThat(chat("mock/two").status()).isEqualTo(200);
        Raw.Answer refused = chat("mockclaude/one");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(words(refused))
                .isEqualTo(
                        "the key \"ci\" is not for mockclaude/one: it may ask the models of work");
    }

    @Test
    void list_showsWhatTheKeyMayUse() throws IOException {
        granted(Grant.ALL.models("mockclaude/two", "openai/gpt-5-mini"));
        assertThat(listed()).containsExactly("auto", "auto/claude");

        granted(Grant.ALL.models("mock/one", "both"));
        assertThat(listed()).contains("auto", "auto/work", "both").doesNotContain("auto/claude");

        granted(Grant.ALL.categories("claude"));
        assertThat(listed()).contains("auto/claude").doesNotContain("auto/work", "both");
    }

    @Test
    void requestsAMinute_areCountedForEachKey() throws IOException {
        keys(
                key("ci", TEXT, Grant.ALL.perMinute(2, 0)),
                key("other", "pm-other", Grant.ALL.perMinute(2, 0)));
        assertThat(chat("mock/m").status()).isEqualTo(200);
        assertThat(chat("mock/m").status()).isEqualTo(200);

        Raw.Answer limited = chat("mock/m");

        assertThat(limited.status()).isEqualTo(429);
        assertThat(words(limited)).isEqualTo("the key \"ci\": 2 requests a minute are used up");
        assertThat(Integer.parseInt(limited.header("retry-after"))).isBetween(55, 61);
        assertThat(limited.header("x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(limited.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(limited.header("x-ratelimit-reset-requests")).matches("\\d+s");
        assertThat(limited.headers()).doesNotContainKey("x-should-retry");
        byte[] body = Raw.utf8("{\"model\":\"mock/m\",\"messages\":[]}");
        assertThat(Raw.post(rig.port(), CHAT, body, "x-api-key: pm-other").status()).isEqualTo(200);
        assertThat(metrics())
                .contains("pointsman_key_refused_requests_total{key=\"ci\",limit=\"requests\"} 1.0")
                .contains("pointsman_refused_requests_total{status=\"429\"} 1.0");
    }

    private String metrics() throws IOException {
        return Raw.once(rig.gateway().adminPort(), Raw.request("GET /metrics", new byte[0])).text();
    }

    @Test
    @Timeout(20)
    void tokensAMinute_areHeldAsTheMost_andCorrectedByWhatWasUsed() throws Exception {
        granted(Grant.ALL.perMinute(0, 1_000));
        rig.provider().script("m", Reaction.answers("ok").tokens(300, 100, 0, 0));
        String most = "{\"model\":\"mock/m\",\"messages\":[],\"max_tokens\":%d}";

        assertThat(with(most.formatted(900)).status()).isEqualTo(200);
        Raw.Answer limited = with(most.formatted(900));
        // The answer is there a moment before it is settled.
        while (!limited.header("x-ratelimit-remaining-tokens").equals("600")) {
            limited = with(most.formatted(900));
        }
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.header("x-ratelimit-limit-tokens")).isEqualTo("1000");
        assertThat(limited.header("retry-after")).isNotEmpty();
        assertThat(with(most.formatted(500)).status()).isEqualTo(200);

        Raw.Answer never = with(most.formatted(2_000));
        assertThat(never.status()).isEqualTo(429);
        assertThat(never.headers()).doesNotContainKey("retry-after");
        assertThat(never.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void requestThatCannotBeDone_givesItsTokensBack() throws IOException {
        granted(Grant.ALL.perMinute(0, 1_000));
        String wrong =
                "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                        + "\"max_tokens\":900}";
        for (int i = 0; i < 3; i++) {
            assertThat(with(wrong, "x-pointsman-category: none").status()).isEqualTo(400);
        }
        assertThat(with(wrong, "x-pointsman-category: work").status()).isEqualTo(200);
    }

    @Test
    void budgetOfAKey_isReservedFrom() throws IOException {
        granted(Grant.ALL.budget(Limit.of("5usd/month")));
        Queue<Reservation> reserved = new ConcurrentLinkedQueue<>();
        Policy policy =
                rig.gateway().policy().toBuilder()
                        .budgets(
                                new BudgetSettings(List.of(), Optional.of(Limit.amount("0.05usd"))))
                        .build();
        GatewayOptions options =
                GatewayOptions.local().keys(() -> ring).budgets(new Admitting(reserved));
        try (Gateway gateway = Gateway.start(policy, options)) {
            byte[] body = Raw.utf8("{\"model\":\"mock/m\",\"messages\":[]}");
            Raw.Answer answer =
                    Raw.post(gateway.port(), CHAT, body, "authorization: Bearer " + TEXT);
            assertThat(answer.status()).isEqualTo(200);
        }

        assertThat(reserved)
                .singleElement()
                .satisfies(one ->
                        assertThat(one.budgets())
                                .containsExactly(
                                        new Budget(
                                                Accounts.ofKey("ci"),
                                                Limit.of("5usd/month"),
                                                true)));
    }

    @Test
    void reservation_isForAllAnswersAsked_asLongAsTheModelCanMakeThem() throws IOException {
        granted(Grant.ALL.budget(Limit.of("5usd/month")));
        Queue<Reservation> reserved = new ConcurrentLinkedQueue<>();
        String priced =
                """
                models: { mock/m: { context: 100000, output: 1000 } }
                prices: { mock/m: { input: 0, output: 1, priority: { input: 0, output: 2 } } }
                """;
        try (Rig other = Rig.start(priced, () -> ring);
                Gateway gateway =
                        Gateway.start(
                                other.gateway().policy(),
                                GatewayOptions.local()
                                        .keys(() -> ring)
                                        .budgets(new Admitting(reserved)))) {
            for (String said :
                    List.of(
                            "",
                            "\"n\":5,",
                            "\"n\":2,\"max_tokens\":2000000000,",
                            "\"service_tier\":\"priority\",",
                            "\"service_tier\":\"flex\",")) {
                byte[] body = Raw.utf8("{" + said + "\"model\":\"mock/m\",\"messages\":[]}");
                Raw.Answer answer =
                        Raw.post(gateway.port(), CHAT, body, "authorization: Bearer " + TEXT);
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            }
        }

        assertThat(reserved)
                .extracting(one -> one.most().nanos())
                .containsExactly(1_000_000L, 5_000_000L, 2_000_000L, 2_000_000L, 1_000_000L);
    }

    @Test
    void countOfTokens_asksNoModelForACategory() throws IOException {
        String asking =
                "classify: { use: [triage], triage: { model: mock/asked } }\n"
                        + "models: { mock/asked: { context: 100000 } }\n";
        try (Rig other = Rig.start(asking)) {
            byte[] body =
                    Raw.utf8(
                            "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}");
            Raw.Answer counted = Raw.post(other.port(), "/v1/messages/count_tokens", body);
            assertThat(counted.status()).as(counted.text()).isEqualTo(200);
            assertThat(other.provider().requests("asked")).isEmpty();

            assertThat(Raw.post(other.port(), CHAT, body).status()).isEqualTo(200);
            assertThat(other.provider().requests("asked")).isNotEmpty();
        }
    }

    /** Lets everybody spend. */
    private record Admitting(Queue<Reservation> reserved) implements Budgets {

        @Override
        public CompletionStage<Admission> reserve(Reservation reservation) {
            reserved.add(reservation);
            return CompletableFuture.completedStage(new Admission.Admitted(List.of()));
        }

        @Override
        public void settle(String request, Money cost) {}

        @Override
        public void release(String request) {}

        @Override
        public List<Standing> standings() {
            return List.of();
        }
    }
}
