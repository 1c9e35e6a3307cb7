package dev.pointsman.gateway;

import static dev.pointsman.gateway.Raw.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.policy.Policy;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;
import dev.pointsman.testing.TlsIdentity;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ServerSocketFactory;

/** What providers refuse, and how often they are asked. Numbers as in docs/reliability.md. */
class ProviderCasesTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Rig rig;

    @BeforeEach
    void start() {
        rig =
                Rig.start(
                        """
                        attempts: { first-content: 500ms }
                        pools:
                          keys: { models: { mock/one: 1000000, mockclaude/two: 1 } }
                        """);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static byte[] asks(String model) {
        return utf8(
                "{\"model\":\""
                        + model
                        + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":"
                        + "\"hi\"}]}");
    }

    private Raw.Answer ask(String model) throws IOException {
        return Raw.post(rig.port(), CHAT, asks(model));
    }

    @Test
    void case37_addressFromTheCaller_isNeverCalled() throws IOException {
        try (FakeProvider other = FakeProvider.start()) {
            String url = other.url();
            byte[] body =
                    utf8(
                            "{\"model\":\"mock/m\",\"messages\":[],\"api_base\":\""
                                    + url
                                    + "\",\"base_url\":\""
                                    + url
                                    + "\",\"api_key\":\"theirs\"}");
            Raw.Answer answer =
                    Raw.post(
                            rig.port(),
                            CHAT + "?base_url=" + url,
                            body,
                            "x-base-url: " + url,
                            "x-portkey-custom-host: " + url,
                            "x-forwarded-host: " + url);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(other.requests()).isEmpty();
            assertThat(rig.provider().requests().getLast().credential()).contains(Rig.KEY);
        }
    }

    @Test
    void case39_quotaSpent_isNotAskedAgainAndAnotherKeyAnswers() throws IOException {
        rig.provider()
                .script(
                        "one",
                        Reaction.sends(
                                429,
                                "{\"error\":{\"type\":\"insufficient_quota\",\"message\":\"You"
                                        + " exceeded your current quota\"}}"));
        Raw.Answer answer = ask("keys");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-pointsman-model")).isEqualTo("mockclaude/two");
        assertThat(rig.provider().requests("one")).hasSize(1);
        assertThat(ask("mock/one").status()).isEqualTo(429);
        assertThat(rig.provider().requests("one")).hasSize(2);
    }

    @Test
    void case40_overload_isA529ForAnthropicsClientsAndA503ForOthers() throws IOException {
        rig.provider().script("one", Reaction.fails(529));
        assertThat(ask("auto").header("x-pointsman-model")).isEqualTo("mock/two");
        Raw.Answer anthropic = Raw.post(rig.port(), "/v1/messages", asks("mockclaude/one"));
        assertThat(anthropic.status()).isEqualTo(529);
        assertThat(JSON.readTree(anthropic.body()).at("/error/type").asText())
                .isEqualTo("overloaded_error");
        assertThat(Raw.post(rig.port(), "/v1/messages", asks("mock/one")).status()).isEqualTo(529);
        Raw.Answer translated = ask("mockclaude/one");
        assertThat(translated.status()).isEqualTo(503);
        assertThat(JSON.readTree(translated.body()).at("/error/message").asText()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 413, 422})
    void case41_requestCalledWrong_isToldAtOnceAndNotTriedElsewhere(int status) throws IOException {
        rig.provider().script("one", Reaction.fails(status));
        assertThat(ask("auto").status()).isEqualTo(status);
        assertThat(rig.provider().requests()).hasSize(1);
    }

    @Test
    void case42_providerThatAlwaysFails_isCalledThreeTimesForARequestAtMost() throws IOException {
        rig.provider().script("one", Reaction.fails(500));
        rig.provider().script("two", Reaction.fails(500));
        assertThat(ask("auto").status()).isBetween(500, 503);
        assertThat(rig.provider().requests()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void case43_providerThatIsSlow_isNotAskedASecondTime() throws IOException {
        rig.provider().script("slow", new Reaction.Hangs());
        assertThat(ask("mock/slow").status()).isEqualTo(504);
        assertThat(rig.provider().requests("slow")).hasSize(1);
    }

    @Test
    void case43_idempotencyKey_isPassedOn() throws IOException {
        Map<String, String> models = Map.of(CHAT, "mock/m", "/v1/messages", "mockclaude/m");
        for (Map.Entry<String, String> one : models.entrySet()) {
            byte[] body = asks(one.getValue());
            Raw.post(rig.port(), one.getKey(), body, "Idempotency-Key: one-of-mine");
            ProviderRequest seen = rig.provider().requests().getLast();
            assertThat(seen.header("idempotency-key")).contains("one-of-mine");
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void case53_connectionClosedWhileIdle_isDialledAgainOnceUnseen(
            boolean reset, boolean tls, @TempDir Path folder) throws Exception {
        TlsIdentity identity = TlsIdentity.make(folder, "localhost");
        ServerSocketFactory sockets =
                tls
                        ? identity.context().getServerSocketFactory()
                        : ServerSocketFactory.getDefault();
        String url = tls ? "https://localhost:" : "http://127.0.0.1:";
        try (Stale provider = Stale.start(sockets, 2, reset);
                Gateway gateway =
                        Gateway.start(
                                policy(url + provider.port(), identity), GatewayOptions.local())) {
            for (int i = 0; i < 12; i++) {
                Raw.Answer answer = Raw.post(gateway.port(), CHAT, asks("stale/m"));
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                assertThat(answer.header("x-pointsman-attempts")).isEqualTo("1");
            }
        }
    }

    @Test
    void case53_connectionThatIsNew_isNotDialledAgain(@TempDir Path folder) throws Exception {
        TlsIdentity identity = TlsIdentity.make(folder, "localhost");
        try (Stale provider = Stale.start(ServerSocketFactory.getDefault(), 1, true);
                Gateway gateway =
                        Gateway.start(
                                policy("http://127.0.0.1:" + provider.port(), identity),
                                GatewayOptions.local())) {
            assertThat(Raw.post(gateway.port(), CHAT, asks("stale/m")).status()).isEqualTo(502);
            assertThat(provider.connections()).isEqualTo(1);
        }
    }

    private static Policy policy(String url, TlsIdentity identity) {
        return Policy.parse(
                """
                providers:
                  stale: { format: openai-chat, base-url: "%s/v1", ca: "%s" }
                categories:
                  work: { description: all there is, models: [stale/m] }
                default-category: work
                attempts: { max: 1 }
                """
                        .formatted(url, identity.certificate()),
                "test");
    }

    /**
     * Answers so many requests less one on a connection, and closes on the next when it has come:
     * what a provider's closing of an idle connection looks like to whoever has just sent on it.
     */
    private static final class Stale implements AutoCloseable {
        private static final byte[] ANSWER =
                utf8(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                                + "content-length: 14\r\n\r\n{\"choices\":[]}");

        private final ServerSocket server;
        private final int closing;
        private final boolean reset;
        private final AtomicInteger connections = new AtomicInteger();

        private Stale(ServerSocket server, int closing, boolean reset) {
            this.server = server;
            this.closing = closing;
            this.reset = reset;
        }

        static Stale start(ServerSocketFactory sockets, int closing, boolean reset)
                throws IOException {
            ServerSocket server =
                    sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Stale stale = new Stale(server, closing, reset);
            Thread.ofPlatform().daemon().start(stale::accept);
            return stale;
        }

        int port() {
            return server.getLocalPort();
        }

        int connections() {
            return connections.get();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                InputStream in = socket.getInputStream();
                for (int request = 1; request < closing; request++) {
                    readRequest(in);
                    socket.getOutputStream().write(ANSWER);
                }
                readRequest(in);
                if (reset) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException e) {
                // whoever hung up
            }
        }

        private static void readRequest(InputStream in) throws IOException {
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().endsWith("]}")) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("closed");
                }
                seen.append((char) b);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
