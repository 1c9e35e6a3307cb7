package dev.pointsman.gateway;

import static dev.pointsman.gateway.Raw.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.policy.GatewaySettings.Limits;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Reaction;
import dev.pointsman.testing.Reaction.Ending;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/** Providers that fail in every way, seen by a caller and by the ledger. */
class HostileProviderTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PIECE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";

    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n"
                    + "{\"id\":\"right\"}";

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start(Limits.DEFAULT);
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(ask("well", false).status()).isEqualTo(200);
        rig.close();
    }

    private static byte[] body(String model, boolean stream) {
        return utf8(
                "{\"model\":\"mock/"
                        + model
                        + "\",\"stream\":"
                        + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    private Raw.Answer ask(String model, boolean stream) throws IOException {
        return Raw.post(rig.port(), CHAT, body(model, stream));
    }

    private Raw.Answer asked(Reaction reaction, boolean stream) throws IOException {
        rig.provider().script("m", reaction);
        return ask("m", stream);
    }

    private Attempt lastAttempt() throws InterruptedException {
        Entry entry = rig.entries().poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(entry).isNotNull();
        return entry.attempts().getLast();
    }

    private static void assertError(Raw.Answer answer, int status) throws IOException {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(answer.text()).doesNotContain("<html");
    }

    @Test
    void case33_answer_thatIsNone_isABadGatewayInTheCallersEnvelope() throws IOException {
        String html = "<html>nginx</html>";
        for (boolean stream : new boolean[] {false, true}) {
            assertError(asked(Reaction.fails(502, html, Map.of()), stream), 502);
            assertError(asked(Reaction.sends(500, ""), stream), 502);
            assertError(asked(new Reaction.Says("text/html", html), stream), 502);
            assertError(asked(new Reaction.Says("text/html; charset=utf-8", ""), stream), 502);
            assertError(asked(Reaction.sends(200, "{\"choices\":[{\"mess"), stream), 502);
            assertError(asked(Reaction.sends(200, ""), stream), 502);
            assertError(asked(new Reaction.Resets(), stream), 502);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void case34_redirect_isNotFollowed(int status) throws IOException {
        Reaction elsewhere =
                Reaction.sends(status, "").with("location", rig.provider().url() + "/x");
        for (boolean stream : new boolean[] {false, true}) {
            assertError(asked(elsewhere, stream), 502);
        }
        assertThat(rig.provider().requests()).noneMatch(seen -> seen.path().equals("/x"));
    }

    @Test
    void case02_stream_brokenBeforeContent_isABadGateway() throws IOException {
        for (Ending ending : List.of(Ending.CLEAN, Ending.CLOSE, Ending.RESET)) {
            assertError(
                    asked(Reaction.streams(List.of(": hello\n\n", "x")).only(1, ending), true),
                    502);
        }
    }

    @Test
    void case03_error_firstInAStream_isAnErrorAndTheNextModelAnswers() throws IOException {
        assertThat(asked(new Reaction.ErrorEventFirst(), true).status()).isIn(429, 500, 502, 503);
        rig.provider().script("one", new Reaction.ErrorEventFirst());
        byte[] auto = utf8("{\"model\":\"auto\",\"stream\":true,\"messages\":[]}");
        Raw.Answer answer = Raw.post(rig.port(), CHAT, auto);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-pointsman-model")).isEqualTo("mock/two");
        assertThat(answer.header("x-pointsman-attempts")).isEqualTo("2");
    }

    @Test
    void case01_reset_beforeHeaders_isAnsweredByTheNextModel() throws IOException {
        rig.provider().script("one", new Reaction.Resets());
        Raw.Answer answer =
                Raw.post(rig.port(), CHAT, utf8("{\"model\":\"auto\",\"messages\":[]}"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-pointsman-model")).isEqualTo("mock/two");
    }

    @Test
    void case35_error_thatEchoesAKey_isRedacted() throws Exception {
        String key = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789";
        for (String said :
                List.of(
                        "Incorrect API key provided: " + key,
                        "Bearer " + Rig.KEY,
                        "bad key " + Rig.KEY,
                        "url https://x/y?key=" + Rig.KEY)) {
            Raw.Answer answer =
                    asked(Reaction.sends(401, "{\"error\":{\"message\":\"" + said + "\"}}"), false);
            assertError(answer, 401);
            assertThat(answer.text()).doesNotContain(key).doesNotContain(Rig.KEY);
            assertThat(lastAttempt().failure().orElseThrow().message())
                    .doesNotContain(key)
                    .doesNotContain(Rig.KEY);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry-after|86400|120",
                "retry-after|30|30",
                "retry-after|Infinity|''",
                "retry-after|Wed, 21 Oct 2099 07:28:00 GMT|120",
                "retry-after-ms|86400000|120000"
            })
    void case38_retryAfter_ofADay_isClamped(String name, String said, String passed)
            throws IOException {
        Raw.Answer answer =
                asked(
                        Reaction.sends(429, "{\"error\":{\"message\":\"slow down\"}}")
                                .with(name, said),
                        false);
        assertError(answer, 429);
        assertThat(answer.header(name)).isEqualTo(passed);
    }

    @Test
    void case32_answer_compressed_passesWithItsHeader() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(utf8("{\"choices\":[]}"));
        }
        Raw.Answer answer =
                asked(
                        new Reaction.Sends(
                                200,
                                "application/json",
                                Map.of("content-encoding", "gzip"),
                                zipped.toByteArray()),
                        false);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-encoding")).isEqualTo("gzip");
        assertThat(answer.body()).isEqualTo(zipped.toByteArray());
    }

    @Test
    void usage_thatCannotBe_isAnsweredAllTheSame() throws IOException {
        String body =
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":-7,\"completion_tokens\":1e99}}";
        Raw.Answer answer = asked(Reaction.sends(200, body), false);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(body);
    }

    @Test
    void case05_answer_brokenInTheMiddle_neverLooksWhole() throws Exception {
        rig.provider().script("m", Reaction.streams(List.of(PIECE, PIECE)).only(2, Ending.RESET));
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(Raw.request("POST " + CHAT, body("m", true)));
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            try {
                for (int b = raw.readByte(); b >= 0; b = raw.readByte()) {
                    seen.write(b);
                }
            } catch (IOException e) {
                // a reset is as good an end as any
            }
            String text = seen.toString(StandardCharsets.UTF_8);
            assertThat(text)
                    .contains("\"error\"")
                    .doesNotContain("[DONE]")
                    .doesNotEndWith("0\r\n\r\n");
        }
        Attempt attempt = lastAttempt();
        assertThat(attempt.failure()).isPresent();
        assertThat(attempt.usage().estimated()).isTrue();
        assertThat(attempt.usage().output()).isPositive();
    }

    @Test
    void case05_longAnswer_brokenInTheMiddle_getsNoEventOfAStream() throws Exception {
        byte[] half = utf8("{\"x\":\"" + "y".repeat(200_000));
        rig.provider()
                .script(
                        "m",
                        Reaction.streams(List.of(new String(half, StandardCharsets.UTF_8), "z"))
                                .as("application/json")
                                .only(1, Ending.CLOSE));
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(Raw.request("POST " + CHAT, body("m", false)));
            StringBuilder seen = new StringBuilder();
            try {
                for (int b = raw.readByte(); b >= 0; b = raw.readByte()) {
                    seen.append((char) b);
                }
            } catch (IOException e) {
                // a reset is as good an end as any
            }
            assertThat(seen.toString()).doesNotContain("data: ").doesNotEndWith("0\r\n\r\n");
        }
        assertThat(lastAttempt().failure()).isPresent();
    }

    @Test
    void case09_caller_leavingBeforeContent_isNoticedByTheProvider() throws Exception {
        rig.provider().script("m", new Reaction.Hangs());
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(Raw.request("POST " + CHAT, body("m", true)));
            assertThat(rig.provider().awaitLive(1, PATIENCE)).isTrue();
        }
        assertThat(rig.provider().awaitAbandoned(SOON)).isTrue();
        assertThat(lastAttempt().failure()).isPresent();
    }

    @Test
    void case08_caller_leavingAfterContent_isNoticedAndTheTokensEstimated() throws Exception {
        rig.provider()
                .script(
                        "m",
                        Reaction.streams(List.of(PIECE, PIECE, PIECE)).only(3, Ending.SILENCE));
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(Raw.request("POST " + CHAT, body("m", true)));
            assertThat(raw.line()).contains("200");
        }
        assertThat(rig.provider().awaitAbandoned(SOON)).isTrue();
        Attempt attempt = lastAttempt();
        assertThat(attempt.failure()).isPresent();
        assertThat(attempt.usage().estimated()).isTrue();
        assertThat(attempt.usage().output()).isPositive();
        assertThat(attempt.usage().input()).isPositive();
    }

    @Test
    void case20_reader_slowerThanTheProvider_slowsTheProvider() throws Exception {
        int events = 64 << 10;
        AtomicLong sent = new AtomicLong();
        String event =
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                        + "x".repeat(1_000)
                        + "\"}}]}\n\n";
        try (RawProvider provider =
                        RawProvider.start(out -> {
                            out.write(
                                    utf8(
                                            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                                                    + "connection: close\r\n\r\n"));
                            byte[] bytes = utf8(event);
                            for (int i = 0; i < events; i++) {
                                out.write(bytes);
                                sent.addAndGet(bytes.length);
                            }
                            out.write(utf8("data: [DONE]\n\n"));
                        });
                FakeProvider unused = FakeProvider.start();
                Rig slow = Rig.start(GatewaySettings.DEFAULT, unused, provider.url());
                Raw raw = Raw.to(slow.port())) {
            raw.send(Raw.request("POST " + CHAT, body("m", true), "connection: close"));
            assertThat(raw.line()).contains("200");
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(32L << 20);
            assertThat(raw.drain()).isGreaterThan(64L << 20);
        }
    }

    /** Until nothing was sent for a while: there is no event that says so. */
    private static void awaitStandstill(AtomicLong sent) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long before = -1;
        while (before != sent.get()) {
            before = sent.get();
            assertThat(never.await(300, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "content-length: 500|{\"choices\":[]}",
                "content-length: 500|",
                "transfer-encoding: chunked|zz"
            })
    void case33_wire_broken_isABadGateway(String header, String rest) throws IOException {
        String said = rest == null ? "" : rest;
        try (RawProvider provider =
                        RawProvider.start(out ->
                                out.write(
                                        utf8(
                                                "HTTP/1.1 200 OK\r\n"
                                                        + "content-type: application/json\r\n"
                                                        + header
                                                        + "\r\n\r\n"
                                                        + said)));
                FakeProvider unused = FakeProvider.start();
                Rig broken = Rig.start(GatewaySettings.DEFAULT, unused, provider.url())) {
            for (boolean stream : new boolean[] {false, true}) {
                assertError(Raw.post(broken.port(), CHAT, body("m", stream)), 502);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x-odd: a\u000bb",
        "x-odd: a\u000cb",
        "x-odd: \u00e9",
        "x-odd: a\u0000b",
        "set-cookie: a=b",
        "x: \u007f"
    })
    void header_ofAnyBytes_isPassedOrABadGateway(String header) throws IOException {
        try (RawProvider provider =
                        RawProvider.start(out ->
                                out.write(
                                        utf8(
                                                "HTTP/1.1 200 OK\r\n"
                                                        + "content-type: application/json\r\n"
                                                        + "content-length: 2\r\n"
                                                        + header
                                                        + "\r\n\r\n{}")));
                FakeProvider unused = FakeProvider.start();
                Rig odd = Rig.start(GatewaySettings.DEFAULT, unused, provider.url())) {
            Raw.Answer answer = Raw.post(odd.port(), CHAT, body("m", false));
            assertThat(answer.status()).isIn(200, 502);
            assertThat(answer.headers()).doesNotContainKey("set-cookie");
        }
    }

    @Test
    void answer_afterInterimOnes_isTheOneThatPasses() throws IOException {
        try (RawProvider provider =
                        RawProvider.start(out ->
                                out.write(
                                        utf8(
                                                "HTTP/1.1 100 Continue\r\n\r\n"
                                                        + "HTTP/1.1 103 Early Hints\r\n"
                                                        + "link: a\r\n\r\n"
                                                        + ANSWER)));
                FakeProvider unused = FakeProvider.start();
                Rig hinted = Rig.start(GatewaySettings.DEFAULT, unused, provider.url())) {
            Raw.Answer answer = Raw.post(hinted.port(), CHAT, body("m", false));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).doesNotContainKey("link");
        }
    }

    @Test
    void bytes_afterAnAnswer_areNoAnswerToTheNext() throws IOException {
        String wrong = ANSWER.replace("right", "wrong");
        try (RawProvider provider = RawProvider.start(out -> out.write(utf8(ANSWER + wrong)));
                FakeProvider unused = FakeProvider.start();
                Rig odd = Rig.start(GatewaySettings.DEFAULT, unused, provider.url())) {
            for (int i = 0; i < 5; i++) {
                Raw.Answer answer = Raw.post(odd.port(), CHAT, body("m", false));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("right");
            }
        }
    }

    /** Reads a request's head and says bytes, then closes. */
    private record RawProvider(ServerSocket server) implements AutoCloseable {

        interface Script {
            void say(java.io.OutputStream out) throws IOException;
        }

        static RawProvider start(Script script) throws IOException {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            RawProvider provider = new RawProvider(server);
            Thread.ofPlatform().daemon().start(() -> provider.accept(script));
            return provider;
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort();
        }

        private void accept(Script script) {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    byte[] seen = new byte[1 << 16];
                    int length = 0;
                    while (!new String(seen, 0, length, StandardCharsets.UTF_8).endsWith("]}")) {
                        length += socket.getInputStream().read(seen, length, seen.length - length);
                    }
                    script.say(socket.getOutputStream());
                } catch (IOException | IndexOutOfBoundsException e) {
                    // whoever hung up
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
