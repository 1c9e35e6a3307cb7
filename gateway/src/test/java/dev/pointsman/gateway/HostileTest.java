package dev.pointsman.gateway;

import static dev.pointsman.gateway.Raw.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.core.Secret;
import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.policy.GatewaySettings.Limits;
import dev.pointsman.policy.Setting;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Callers who say what no client says: each is told so, and nobody else notices. */
class HostileTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final int BODY = 1 << 20;
    private static final int HEADER = 8 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Limits LIMITS =
            new Limits(
                    BODY, HEADER, Duration.ofSeconds(1), Duration.ofSeconds(30), 1_000, 100, 0.25);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.start(LIMITS);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @AfterEach
    void others_areServed() throws IOException {
        assertServes(rig);
    }

    private static void assertServes(Rig one) throws IOException {
        assertThat(Raw.post(one.port(), CHAT, good()).status()).isEqualTo(200);
    }

    private static byte[] good() {
        return with("");
    }

    private static byte[] with(String more) {
        return utf8("{\"model\":\"mock/m\",\"messages\":[]" + more + "}");
    }

    private static void assertRefused(Raw.Answer answer, int status) throws IOException {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("message").asText()).isNotBlank();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] raw(int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return joined(
                utf8("{\"model\":\"mock/m\",\"messages\":[{\"role\":\"user\",\"content\":\""),
                all,
                utf8("\"}]}"));
    }

    static Stream<byte[]> refusedBodies() {
        String text = new String(good(), StandardCharsets.UTF_8);
        return Stream.of(
                new byte[0],
                utf8("{"),
                utf8("not json"),
                utf8("[]"),
                utf8("null"),
                utf8("5"),
                utf8("{}"),
                with(",\"stream\":\"yes\""),
                with(",\"max_tokens\":{}"),
                with(",\"x\":\"\t\""),
                utf8("{\"model\":[],\"messages\":[]}"),
                utf8("{\"model\":\"mock/m\",\"messages\":5}"),
                utf8("{\"model\":\"mock/m\"}"),
                utf8("{\"messages\":[]}"),
                utf8("\ufeff" + text));
    }

    static Stream<byte[]> badUtf8() {
        String text = new String(good(), StandardCharsets.UTF_8);
        return Stream.of(
                text.getBytes(StandardCharsets.UTF_16),
                text.getBytes(StandardCharsets.UTF_16LE),
                raw(0xFF),
                raw(0xC3),
                raw(0xE4, 0xB8),
                raw(0xF0, 0x9F, 0x9A),
                raw(0x80));
    }

    @ParameterizedTest
    @MethodSource("refusedBodies")
    void case23_body_notAsAsked_isRefused(byte[] body) throws IOException {
        assertRefused(Raw.post(rig.port(), CHAT, body), 400);
    }

    @ParameterizedTest
    @MethodSource("badUtf8")
    void case24_body_thatIsNotUtf8_isRefused(byte[] body) throws IOException {
        assertRefused(Raw.post(rig.port(), CHAT, body), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void case25_body_nestedTooDeep_isRefused(String opening) throws IOException {
        byte[] body = with(",\"x\":" + opening.repeat(100_000));
        assertRefused(Raw.post(rig.port(), CHAT, body), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "\\u006dodel"})
    void case26_model_saidTwice_isRefused(String key) throws IOException {
        byte[] body = with(",\"" + key + "\":\"mock/n\"");
        assertRefused(Raw.post(rig.port(), CHAT, body), 400);
    }

    @Test
    void case27_number_ofAMillionDigits_isRefused() throws IOException {
        byte[] body = with(",\"x\":" + "1".repeat(1_000_000));
        assertRefused(Raw.post(rig.port(), CHAT, body), 400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions|/error/type|invalid_request_error",
                "/v1/responses|/error/type|invalid_request_error",
                "/v1/embeddings|/error/type|invalid_request_error",
                "/v1/messages|/type|error",
                "/v1/messages/count_tokens|/error/type|invalid_request_error",
                "/v1beta/models/m:generateContent|/error/status|INVALID_ARGUMENT",
                "/v1beta/models/m:batchEmbedContents|/error/code|400"
            })
    void case23_refusal_isInTheCallersEnvelope(String path, String pointer, String value)
            throws IOException {
        Raw.Answer answer = Raw.post(rig.port(), path, utf8("[]"));
        assertRefused(answer, 400);
        assertThat(JSON.readTree(answer.body()).at(pointer).asText()).isEqualTo(value);
    }

    static Stream<byte[]> passedBodies() {
        return Stream.of(
                utf8(
                        "{\"model\":\"mock/m\",\"messages\":[{\"role\":\"user\",\"content\":"
                                + "\"\\ud800 \\udc00\"}]}"),
                raw(0xED, 0xA0, 0x80),
                raw(0xF4, 0x90, 0x80, 0x80),
                raw(0xC0, 0x80),
                with(",\"x\":[1e400,-0,9223372036854775809,1.0e5]"),
                utf8(
                        "{\"model\":\"mock/m\",\"messages\":[{\"role\":5,\"content\":{\"a\":[]}},{}]}"));
    }

    @ParameterizedTest
    @MethodSource("passedBodies")
    void case27_body_oddButReadable_passesUnchanged(byte[] body) throws IOException {
        assertThat(Raw.post(rig.port(), CHAT, body).status()).isEqualTo(200);
        byte[] expected =
                new String(body, StandardCharsets.ISO_8859_1)
                        .replace("mock/m", "m")
                        .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(last().bytes()).isEqualTo(expected);
    }

    private static ProviderRequest last() {
        return rig.provider().requests().getLast();
    }

    @Test
    void longText_inAnyScript_isServed() throws IOException {
        Limits large = new Limits(16 << 20, HEADER, PATIENCE, PATIENCE, 1_000, 100, 0.25);
        try (Rig roomy = Rig.start(large)) {
            for (String piece : List.of("\u00e9", "\u4e2d", "\uD83D\uDE80")) {
                String text =
                        "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"x"
                                + piece.repeat(1 << 20)
                                + "\"}]}";
                assertThat(Raw.post(roomy.port(), CHAT, utf8(text)).status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\r\\nx-evil: 1",
                "mock/a\\r\\nx-evil: 1",
                "mock/\\ud800",
                "\\ud800",
                "mock/\\u0000",
                "auto/\\r\\nx-evil: 1",
                "auto/nothing",
                "mock/\ud83d\ude80\u4e2d",
                "../../etc"
            })
    void case29_model_withAnything_neverReachesAHeaderLine(String model) throws IOException {
        String named = "{\"model\":\"" + model + "\",\"messages\":[]}";
        rig.provider().script("a\r\nx-evil: 1", Reaction.sends(200, "{}"));
        rig.provider().script("\r\nx-evil: 1", Reaction.sends(200, "{}"));
        rig.provider().script("\u0000", Reaction.sends(200, "{}"));
        Raw.Answer answer = Raw.post(rig.port(), CHAT, utf8(named));
        assertThat(answer.status()).as(answer.text()).isIn(200, 400, 404);
        assertThat(answer.headers()).doesNotContainKey("x-evil");
        assertThat(last().headers()).doesNotContainKey("x-evil");
    }

    @Test
    void unknownModel_longAndOfEmoji_isToldCutBetweenCharacters() throws IOException {
        for (int shift = 0; shift < 2; shift++) {
            String name = "mockgemini/" + "x".repeat(shift) + "\uD83D\uDE80".repeat(200);
            assertThat(
                            Raw.post(
                                            rig.port(),
                                            "/v1/embeddings",
                                            utf8("{\"input\":\"\",\"model\":\"" + name + "\"}"))
                                    .status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2F..%2Fadmin",
                "%2e%2e",
                "a%3Fkey=stolen",
                "a%0d%0ax-evil:%201",
                "a%00",
                "a%23b",
                "%ff",
                "a%20b",
                "a;b"
            })
    void case29_geminiModel_withAnything_staysOnePartOfThePath(String model) throws IOException {
        int before = rig.provider().requests().size();
        Raw.Answer answer =
                Raw.post(
                        rig.port(),
                        "/v1beta/models/mockgemini%2F" + model + ":generateContent",
                        utf8("{\"contents\":[]}"));
        assertThat(answer.status()).as(answer.text()).isIn(200, 400, 404);
        for (ProviderRequest seen :
                rig.provider().requests().subList(before, rig.provider().requests().size())) {
            assertThat(seen.path()).startsWith("/v1beta/models/").endsWith(":generateContent");
            assertThat(seen.path().substring("/v1beta/models/".length()))
                    .doesNotContain("?", "#", " ", "../");
            assertThat(seen.headers()).doesNotContainKey("x-evil");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: 5\r\ncontent-length: 6\r\n\r\nhello",
                "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
                "content-length: -5\r\n\r\n",
                "content-length: +5\r\n\r\nhello",
                "content-length: 5x\r\n\r\nhello",
                "content-length: 99999999999999999999\r\n\r\nhello",
                "bad header\r\n\r\n",
                "x : y\r\n\r\n",
                "x\u0000y: z\r\n\r\n",
                "x: a\u0000b\r\ncontent-length: 0\r\n\r\n",
                "transfer-encoding: identity\r\ncontent-length: 5\r\n\r\nhello",
            })
    void case28_framing_thatIsNotClear_isRefusedAndTheConnectionClosed(String rest)
            throws IOException {
        int before = rig.provider().requests().size();
        try (Raw raw = Raw.to(rig.port())) {
            raw.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\n" + rest);
            raw.send("GET /v1/models HTTP/1.1\r\nhost: smuggled\r\n\r\n");
            assertThat(raw.read().status()).isIn(400, 411, 413, 501);
            assertThat(raw.drain()).isLessThanOrEqualTo(0);
        }
        assertThat(rig.provider().requests()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-1\r\n"})
    void case28_chunk_ofNoLength_isRefusedAndTheConnectionClosed(String chunk) throws IOException {
        int before = rig.provider().requests().size();
        try (Raw raw = Raw.to(rig.port())) {
            raw.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
            raw.send(chunk);
            assertRefused(raw.read(), 400);
            assertThat(raw.drain()).isLessThanOrEqualTo(0);
        }
        assertThat(rig.provider().requests()).hasSize(before);
    }

    @Test
    void contentLength_saidTwiceAlike_isServedOnceOrRefused() throws IOException {
        byte[] body = good();
        Raw.Answer answer = Raw.post(rig.port(), CHAT, body, "content-length: " + body.length);
        assertThat(answer.status()).isIn(200, 400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /v1/chat/completions|405",
                "PUT /v1/messages|405",
                "POST /v1/models|405",
                "DELETE /v1beta/models/m:generateContent|405",
                "GET /v1/nothing|404",
                "POST /v1/files|404",
                "GET /%2e%2e/%2e%2e/etc/passwd|404",
                "GET /../../etc/passwd|404",
                "GET /v1/models/%zz|404",
                "GET //|404",
                "GET /v1/models?x=%zz&a=1|200",
                "OPTIONS *|404",
                "GET /|200",
                "GET /?beta=true|200",
                "POST http://elsewhere/v1/nothing|404",
                "GET /v1/models/auto|200"
            })
    void case60_path_anyOther_hasItsStatus(String line, int status) throws IOException {
        Raw.Answer answer = Raw.once(rig.port(), Raw.request(line, new byte[0]));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    }

    @Test
    void case60_query_onAnAsk_reachesTheProviderWithoutCredentials() throws IOException {
        assertThat(
                        Raw.post(
                                        rig.port(),
                                        CHAT + "?beta=true&key=stolen&k%65y=stolen&z=%zz",
                                        good())
                                .status())
                .isEqualTo(200);
        assertThat(last().path()).contains("beta=true").doesNotContain("stolen");
    }

    @Test
    void case60_head_ofAnyPath_hasNoBodyAndTheConnectionGoesOn() throws IOException {
        try (Raw raw = Raw.to(rig.port())) {
            for (String path : List.of("/", "/v1/models", "/nothing", CHAT)) {
                raw.send("HEAD " + path + " HTTP/1.1\r\nhost: x\r\n\r\n");
                assertThat(raw.read(true).status()).isLessThan(500);
            }
            raw.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
            assertThat(raw.read().text()).isEqualTo("Pointsman\n");
        }
    }

    @Test
    void requests_pipelined_areAnsweredInOrder() throws IOException {
        rig.provider().script("p1", Reaction.answers("first").after(Duration.ofMillis(1_500)));
        rig.provider().script("p2", Reaction.answers("second").after(Duration.ofMillis(1_500)));
        try (Raw raw = Raw.to(rig.port())) {
            byte[] one = utf8("{\"model\":\"mock/p1\",\"messages\":[]}");
            byte[] two = utf8("{\"model\":\"mock/p2\",\"messages\":[]}");
            raw.send(
                    joined(
                            Raw.request("POST " + CHAT, one),
                            Raw.request("POST " + CHAT, two),
                            Raw.request("GET /", new byte[0])));
            assertThat(raw.read().text()).contains("first");
            assertThat(raw.read().text()).contains("second");
            assertThat(raw.read().text()).isEqualTo("Pointsman\n");
        }
    }

    @Test
    void connection_keptAlivePastTheHeadsTime_isStillThere() throws Exception {
        try (Raw raw = Raw.to(rig.port());
                Raw other = Raw.to(rig.port())) {
            // A refusal before its body came, and then quiet.
            raw.send(Raw.request("POST /v1/nothing", new byte[0])).read();
            raw.send("POST /v1/nothing HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n");
            assertThat(raw.read().status()).isEqualTo(404);
            raw.send("abc");
            // Another connection's head runs out of its time meanwhile.
            other.send("GET");
            assertThat(other.read().status()).isEqualTo(408);
            raw.send(Raw.request("GET /", new byte[0]));
            assertThat(raw.read().status()).isEqualTo(200);
        }
    }

    @Test
    void case31_expectContinue_isAsked_isContinued() throws IOException {
        byte[] body = good();
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(
                    "POST "
                            + CHAT
                            + " HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n"
                            + "content-length: "
                            + body.length
                            + "\r\n\r\n");
            assertThat(raw.read().status()).isEqualTo(100);
            assertThat(raw.send(body).read().status()).isEqualTo(200);
        }
        assertThat(last().header("expect")).isEmpty();
    }

    @Test
    void case31_upload_chunked_isServed() throws IOException {
        byte[] body = good();
        try (Raw raw = Raw.to(rig.port())) {
            raw.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
            for (byte b : body) {
                raw.send(joined(utf8("1;ext=1\r\n"), new byte[] {b}, utf8("\r\n")));
            }
            assertThat(raw.send("0\r\ntrailer: 1\r\n\r\n").read().status()).isEqualTo(200);
        }
        assertThat(last().text()).isEqualTo("{\"model\":\"m\",\"messages\":[]}");
    }

    @Test
    void case31_body_compressed_isRefused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
            zip.write(new byte[64 << 20]);
        }
        for (byte[] body : List.of(bomb.toByteArray(), good())) {
            assertRefused(Raw.post(rig.port(), CHAT, body, "content-encoding: gzip"), 415);
        }
    }

    @Test
    void case22_body_tooLarge_isRefused() throws IOException {
        assertRefused(Raw.post(rig.port(), CHAT, new byte[BODY + 1]), 413);
        assertRefused(Raw.post(rig.port(), CHAT, new byte[16 * BODY]), 413);
        try (Raw raw = Raw.to(rig.port())) {
            raw.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
            byte[] chunk = joined(utf8("10000\r\n"), new byte[0x10000], utf8("\r\n"));
            for (int i = 0; i < 3 * BODY / 0x10000; i++) {
                raw.send(chunk);
            }
            assertRefused(raw.read(), 413);
        }
    }

    @Test
    void head_tooLong_isRefused() throws IOException {
        String[] many = new String[200];
        java.util.Arrays.setAll(many, i -> "x-" + i + ": " + "y".repeat(100));
        for (String[] headers : List.of(new String[] {"x: " + "y".repeat(2 * HEADER)}, many)) {
            assertRefused(Raw.once(rig.port(), Raw.request("GET /", new byte[0], headers)), 431);
        }
        assertRefused(
                Raw.once(rig.port(), Raw.request("GET /" + "a".repeat(2 * HEADER), new byte[0])),
                414);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-odd: a\u000bb",
                "x-odd: a\u000cb",
                "x-odd: \u00e9\u4e2d",
                "x-odd;x: 1",
                "x-odd: \u007f"
            })
    void header_ofAnyBytes_isPassedOrRefused(String header) throws IOException {
        assertThat(Raw.post(rig.port(), CHAT, good(), header).status()).isIn(200, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-pointsman-tag: a=b,,=,c",
                "x-pointsman-category: nothing",
                "x-pointsman-category: \u00e9",
                "x-pointsman-session: ",
                "x-pointsman-caller: ",
                "x-pointsman-caller: a b"
            })
    void ownHeader_withAnything_isTakenOrRefused(String header) throws IOException {
        assertThat(Raw.post(rig.port(), CHAT, good(), header).status()).isIn(200, 400, 404);
    }

    @Test
    void case30_slowHeads_manyOfThem_areEndedAndOthersServed() throws IOException {
        List<Raw> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                slow.add(Raw.to(rig.port()).send("POST " + CHAT + " HTTP/1.1\r\nhost: "));
            }
            assertServes(rig);
            for (Raw one : slow) {
                assertRefused(one.read(), 408);
                assertThat(one.readByte()).isNegative();
            }
        } finally {
            for (Raw one : slow) {
                one.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example, 403",
        "evil.example:8484, 403",
        "127.0.0.1.evil.example, 403",
        "localhost.evil.example, 403",
        "x.localhost.evil, 403",
        "evilinternal.example, 403",
        "[::1].evil.example, 403",
        "localhost, 200",
        "LOCALHOST:8484, 200",
        "app.localhost, 200",
        "127.0.0.1:8484, 200",
        "'[::1]:8484', 200",
        "10.0.0.7, 200",
        "host.docker.internal:8484, 200",
        "gateway, 200"
    })
    void host_thatASiteOfTheWebCouldHave_isRefusedWhereNoKeyIsNeeded(String host, int status)
            throws IOException {
        byte[] body = good();
        String head = "POST " + CHAT + " HTTP/1.1\r\nhost: " + host + "\r\ncontent-length: ";
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(joined(utf8(head + body.length + "\r\n\r\n"), body));
            assertThat(raw.read().status()).isEqualTo(status);
        }
    }

    @Test
    void host_listedOrWithKeys_isServed() throws IOException {
        byte[] list = utf8("GET /v1/models HTTP/1.1\r\nhost: AI.example.org.:80\r\n\r\n");
        assertRefused(Raw.once(rig.port(), list), 403);
        GatewaySettings listing = GatewaySettings.DEFAULT.hosts("ai.example.org");
        try (Rig listed = Rig.start(listing)) {
            assertThat(Raw.once(listed.port(), list).status()).isEqualTo(200);
        }
        GatewaySettings.Key key =
                new GatewaySettings.Key("me", Setting.secret(Secret.of("caller-key")));
        try (Rig locked = Rig.start(GatewaySettings.DEFAULT.keys(key))) {
            assertRefused(Raw.once(locked.port(), list), 401);
        }
    }

    @Test
    void page_ofAnotherSite_isKeptOutWhereNoKeyIsNeeded() throws IOException {
        for (String foreign : List.of("origin: https://evil.example", "origin: null")) {
            assertRefused(Raw.post(rig.port(), CHAT, good(), foreign), 401);
        }
        for (String own : List.of("origin: http://localhost:3000", "origin: http://127.0.0.1")) {
            assertThat(Raw.post(rig.port(), CHAT, good(), own).status()).isEqualTo(200);
        }
    }

    @Test
    void keys_ofThePolicy_letInAndStayHere() throws IOException {
        GatewaySettings settings =
                GatewaySettings.DEFAULT
                        .keys(
                                new GatewaySettings.Key(
                                        "me", Setting.secret(Secret.of("caller-key"))))
                        .limits(LIMITS);
        try (Rig locked = Rig.start(settings)) {
            for (String wrong :
                    List.of(
                            "a: b",
                            "authorization: Bearer x",
                            "x-api-key: caller-kez",
                            "authorization: Bearer ",
                            "x-api-key:")) {
                assertRefused(Raw.post(locked.port(), CHAT, good(), wrong), 401);
            }
            assertThat(Raw.post(locked.port(), CHAT + "?key=%zz", good()).status()).isIn(400, 401);
            assertThat(Raw.once(locked.port(), Raw.request("HEAD /", new byte[0])).status())
                    .isEqualTo(200);
            for (String right :
                    List.of(
                            "authorization: Bearer caller-key",
                            "Authorization: bearer caller-key",
                            "x-api-key: caller-key",
                            "x-goog-api-key: caller-key")) {
                Raw.Answer answer =
                        Raw.post(locked.port(), CHAT, good(), right, "cookie: s=caller-key");
                assertThat(answer.status()).isEqualTo(200);
            }
            assertThat(Raw.post(locked.port(), CHAT + "?k%65y=caller-key", good()).status())
                    .isEqualTo(200);
            assertThat(locked.provider().requests()).hasSize(5);
            for (ProviderRequest seen : locked.provider().requests()) {
                assertThat(seen.headers().toString() + seen.path()).doesNotContain("caller-key");
                assertThat(seen.credential()).contains(Rig.KEY);
            }
        }
    }

    @Test
    void connections_beyondTheLimit_areTurnedAway() throws Exception {
        try (Rig small = Rig.start(limits(2, 100, 0.25))) {
            try (Raw one = Raw.to(small.port());
                    Raw two = Raw.to(small.port())) {
                byte[] get = Raw.request("GET /", new byte[0]);
                assertThat(one.send(get).read().status()).isEqualTo(200);
                assertThat(two.send(get).read().status()).isEqualTo(200);
                try (Raw three = Raw.to(small.port())) {
                    assertRefused(three.send(get).read(), 503);
                    assertThat(three.readByte()).isNegative();
                }
                assertThat(one.send(get).read().status()).isEqualTo(200);
            }
            int status = 503;
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (status == 503 && System.nanoTime() - end < 0) {
                status = Raw.post(small.port(), CHAT, good()).status();
            }
            assertThat(status).isEqualTo(200);
        }
    }

    private static Limits limits(int connections, int upstream, double bodies) {
        return new Limits(BODY, HEADER, PATIENCE, PATIENCE, connections, upstream, bodies);
    }

    @Test
    void upstreamRequests_beyondTheLimit_areTurnedAway() throws Exception {
        try (Rig small = Rig.start(limits(100, 1, 0.25))) {
            small.provider().script("slow", new Reaction.Hangs());
            try (Raw one = Raw.to(small.port())) {
                one.send(
                        Raw.request(
                                "POST " + CHAT, utf8("{\"model\":\"mock/slow\",\"messages\":[]}")));
                assertThat(small.provider().awaitLive(1, PATIENCE)).isTrue();
                Raw.Answer turnedAway = Raw.post(small.port(), CHAT, good());
                assertRefused(turnedAway, 429);
                assertThat(turnedAway.header("retry-after")).isEqualTo("1");
            }
            assertThat(small.provider().awaitLive(0, PATIENCE)).isTrue();
            assertServes(small);
        }
    }

    @Test
    void bodies_beyondTheHeapsShare_areTurnedAway() throws Exception {
        double share = 1_000_000.0 / Runtime.getRuntime().maxMemory();
        try (Rig small = Rig.start(limits(100, 100, share))) {
            String head = "POST " + CHAT + " HTTP/1.1\r\nhost: x\r\n";
            try (Raw one = Raw.to(small.port())) {
                one.send(head + "expect: 100-continue\r\ncontent-length: 900000\r\n\r\n");
                assertThat(one.read().status()).isEqualTo(100);
                assertRefused(
                        Raw.post(
                                small.port(), CHAT, with(",\"x\":\"" + "y".repeat(200_000) + "\"")),
                        503);
                assertServes(small);
            }
            int status = 503;
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (status == 503 && System.nanoTime() - end < 0) {
                status =
                        Raw.post(small.port(), CHAT, with(",\"x\":\"" + "y".repeat(200_000) + "\""))
                                .status();
            }
            assertThat(status).isEqualTo(200);
        }
    }
}
