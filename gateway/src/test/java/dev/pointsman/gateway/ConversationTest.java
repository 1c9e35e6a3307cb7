package dev.pointsman.gateway;

import static dev.pointsman.testing.Reaction.answers;
import static dev.pointsman.testing.Reaction.fails;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Entry;
import dev.pointsman.core.SessionStep;
import dev.pointsman.core.SessionStep.Reason;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;
import dev.pointsman.testing.FakeProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A conversation through the gateway stays where it is warm, and only that conversation. */
class ConversationTest {

    private static final String POLICY =
            """
            providers:
              chat: { format: openai-chat, base-url: "%1$s/v1" }
              claude: { format: anthropic-messages, base-url: "%1$s" }
            prices:
              chat/big: { input: 5, output: 25, cache-read: 0.5 }
              chat/small: { input: 1, output: 5, cache-read: 0.1 }
              claude/big: { input: 5, output: 25, cache-read: 0.5, cache-write: 6.25 }
              claude/small: { input: 1, output: 5, cache-read: 0.1, cache-write: 1.25 }
            categories:
              hard: { models: [chat/big], expected-output: 100 }
              easy: { models: [chat/small], expected-output: 100 }
              hard-claude: { models: [claude/big], expected-output: 100 }
              easy-claude: { models: [claude/small], expected-output: 100 }
            default-category: easy
            rules:
              - { when: { contains: prove-claude }, category: hard-claude }
              - { when: { contains: say-claude }, category: easy-claude }
              - { when: { contains: prove }, category: hard }
            classify: { use: [rules] }
            gateway:
              keys: [ { name: ann, key: key-of-ann }, { name: bob, key: key-of-bob } ]
            """;

    private enum Kind {
        CHAT("/v1/chat/completions", ""),
        MESSAGES("/v1/messages", "-claude");

        private final String path;
        private final String suffix;

        Kind(String path, String suffix) {
            this.path = path;
            this.suffix = suffix;
        }

        String provider() {
            return this == CHAT ? "chat" : "claude";
        }

        /** What the user said, with the model's answers between. */
        String body(String system, String... said) {
            StringBuilder turns = new StringBuilder();
            for (String text : said) {
                turns.append(
                        turns.isEmpty() ? "" : ",{\"role\":\"assistant\",\"content\":\"well\"},");
                turns.append("{\"role\":\"user\",\"content\":\"")
                        .append(text)
                        .append(suffix)
                        .append("\"}");
            }
            return whole(system, turns);
        }

        String whole(String system, CharSequence turns) {
            return this == CHAT
                    ? "{\"model\":\"auto\",\"messages\":[{\"role\":\"system\",\"content\":\""
                            + system
                            + "\"},"
                            + turns
                            + "]}"
                    : "{\"model\":\"auto\",\"max_tokens\":50,\"system\":\""
                            + system
                            + "\",\"messages\":["
                            + turns
                            + "]}";
        }
    }

    private final FakeProvider provider = FakeProvider.start();
    private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;

    @BeforeEach
    void start() {
        gateway = start(POLICY);
        provider.script("big", answers("well").tokens(10, 20, 0, 9_990));
        provider.script("small", answers("well").tokens(10, 20, 0, 9_990));
    }

    private Gateway start(String policy) {
        Policy read =
                PolicyFile.text(policy.formatted(provider.url()), "conversation.yaml")
                        .environment(name -> Optional.empty())
                        .load();
        return Gateway.start(read, GatewayOptions.local().recorder(entries::add));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    private HttpResponse<String> send(Kind kind, String key, String body, Map<String, String> more)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + kind.path))
                        .header("authorization", "Bearer " + key)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        more.forEach(request::header);
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response;
    }

    private static String model(HttpResponse<String> response) {
        return response.headers().firstValue("x-pointsman-model").orElse("");
    }

    private static String step(HttpResponse<String> response) {
        return response.headers().firstValue("x-pointsman-session").orElse("");
    }

    private SessionStep last(int count) throws InterruptedException {
        SessionStep step = null;
        for (int i = 0; i < count; i++) {
            Entry entry = entries.poll(10, TimeUnit.SECONDS);
            assertThat(entry).isNotNull();
            step = entry.decision().session().orElse(null);
        }
        assertThat(step).isNotNull();
        return step;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nextTurn_thatWouldCostTheCache_stays(Kind kind) throws Exception {
        var first = send(kind, "key-of-ann", kind.body("s", "say"), Map.of());
        var second = send(kind, "key-of-ann", kind.body("s", "say", "prove"), Map.of());

        String small = kind.provider() + "/small";
        assertThat(model(first)).isEqualTo(small);
        assertThat(step(first)).isEqualTo("free");
        assertThat(model(second)).isEqualTo(small);
        assertThat(step(second)).isEqualTo("stayed");
        assertThat(last(2))
                .isInstanceOfSatisfying(
                        SessionStep.Stayed.class,
                        stayed -> {
                            assertThat(stayed.vetoed()).isEqualTo(kind.provider() + "/big");
                            assertThat(stayed.reason()).isEqualTo(Reason.SWITCH_SPEND);
                        });
        assertThat(metrics()).contains("pointsman_session_stays_total{reason=\"switch_spend\"} 1");
    }

    private String metrics() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + gateway.adminPort() + "/metrics");
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }

    @Test
    void nextTurn_whereNothingIsWarm_isFree() throws Exception {
        provider.script("small", answers("well").tokens(500, 20, 0, 0));
        Kind kind = Kind.CHAT;
        send(kind, "key-of-ann", kind.body("s", "say"), Map.of());

        var second = send(kind, "key-of-ann", kind.body("s", "say", "prove"), Map.of());

        assertThat(model(second)).isEqualTo("chat/big");
        assertThat(step(second)).isEqualTo("free");
    }

    @Test
    void toolsResult_goesToWhoAskedForTheTool() throws Exception {
        provider.script("small", answers("well").tokens(500, 20, 0, 0));
        Kind kind = Kind.CHAT;
        String say = "{\"role\":\"user\",\"content\":\"say\"}";
        String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],";
        String first = kind.whole("s", say).replace("\"messages\"", tools + "\"messages\"");
        send(kind, "key-of-ann", first, Map.of());
        String call =
                say
                        + ",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                        + "{\"role\":\"user\",\"content\":\"prove\"},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"x\"}";

        String second = kind.whole("s", call).replace("\"messages\"", tools + "\"messages\"");
        var answered = send(kind, "key-of-ann", second, Map.of());

        assertThat(model(answered)).isEqualTo("chat/small");
        assertThat(last(2))
                .isInstanceOfSatisfying(
                        SessionStep.Stayed.class,
                        stayed -> assertThat(stayed.reason()).isEqualTo(Reason.TOOL_LOOP));
    }

    @ParameterizedTest
    @CsvSource({
        "x-claude-code-session-id",
        "x-session-id",
        "x-session-affinity",
        "session_id",
        "conversation_id"
    })
    void conversations_ofOneClientsSession_doNotDisturbEachOther(String header) throws Exception {
        Kind kind = Kind.CHAT;
        Map<String, String> session = Map.of(header, "one");
        send(kind, "key-of-ann", kind.body("main", "say"), session);
        send(kind, "key-of-ann", kind.body("titles", "prove"), session);

        assertThat(model(send(kind, "key-of-ann", kind.body("main", "say", "prove"), session)))
                .isEqualTo("chat/small");
        assertThat(model(send(kind, "key-of-ann", kind.body("titles", "prove", "say"), session)))
                .isEqualTo("chat/big");
        assertThat(model(send(kind, "key-of-ann", kind.body("new", "say", "prove"), session)))
                .isEqualTo("chat/big");
    }

    @Test
    void ownHeader_namesTheConversation_howeverItOpens() throws Exception {
        Kind kind = Kind.CHAT;
        Map<String, String> session = Map.of("x-pointsman-session", "one");
        send(kind, "key-of-ann", kind.body("s", "say"), session);

        assertThat(model(send(kind, "key-of-ann", kind.body("other", "prove"), session)))
                .isEqualTo("chat/small");
    }

    @Test
    void callers_ofOneSessionId_doNotMeet() throws Exception {
        Kind kind = Kind.CHAT;
        Map<String, String> session = Map.of("x-pointsman-session", "one");
        send(kind, "key-of-ann", kind.body("s", "say"), session);

        var bobs = send(kind, "key-of-bob", kind.body("s", "say", "prove"), session);

        assertThat(model(bobs)).isEqualTo("chat/big");
        assertThat(step(bobs)).isEqualTo("free");
    }

    @Test
    void conversation_underAnotherPolicy_goesOn() throws Exception {
        Kind kind = Kind.CHAT;
        send(kind, "key-of-ann", kind.body("s", "say"), Map.of());
        gateway.reload(
                PolicyFile.text(
                                POLICY.formatted(provider.url()) + "attempts: { max: 2 }\n",
                                "conversation.yaml")
                        .environment(name -> Optional.empty())
                        .load());

        assertThat(model(send(kind, "key-of-ann", kind.body("s", "say", "prove"), Map.of())))
                .isEqualTo("chat/small");
    }

    @Test
    void namedModel_hasNoSession() throws Exception {
        Kind kind = Kind.CHAT;
        send(kind, "key-of-ann", kind.body("s", "say"), Map.of());
        String named = kind.body("s", "say", "prove").replace("auto", "chat/big");

        var answered = send(kind, "key-of-ann", named, Map.of());

        assertThat(model(answered)).isEqualTo("chat/big");
        assertThat(step(answered)).isEmpty();
    }

    @Test
    void fallback_thatAnswered_keepsTheConversation() throws Exception {
        gateway.close();
        gateway = start(POLICY.replace("[chat/small]", "[chat/other, chat/small]"));
        provider.script("other", fails(503), answers("well").tokens(10, 20, 0, 9_990));
        Kind kind = Kind.CHAT;

        var first = send(kind, "key-of-ann", kind.body("s", "say"), Map.of());
        var second = send(kind, "key-of-ann", kind.body("s", "say", "say"), Map.of());

        assertThat(List.of(model(first), model(second)))
                .containsExactly("chat/small", "chat/small");
    }
}
