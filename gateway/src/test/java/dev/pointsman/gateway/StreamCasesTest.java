package dev.pointsman.gateway;

import static dev.pointsman.gateway.Raw.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.testing.Reaction;
import dev.pointsman.testing.Reaction.Chunk;
import dev.pointsman.testing.Reaction.Ending;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/** Streams that break, fall silent or are odd. The numbers are those of docs/reliability.md. */
class StreamCasesTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ROLE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n";
    private static final String PIECE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"é🚀x\"}}]}\n\n";
    private static final String STOP =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                    + "data: [DONE]\n\n";
    private static final String START =
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"a\","
                    + "\"type\":\"message\",\"role\":\"assistant\",\"content\":[],"
                    + "\"model\":\"m\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n";

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start("attempts: { first-content: 500ms, idle: 500ms }\n");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static byte[] asks(String model) {
        return utf8(
                "{\"model\":\""
                        + model
                        + "\",\"stream\":true,\"max_tokens\":9,"
                        + "\"stream_options\":{\"include_usage\":true},"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    private static byte[] asksAnthropic(String model) {
        return utf8(
                "{\"model\":\""
                        + model
                        + "\",\"stream\":true,\"max_tokens\":9,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    /** All that comes until the connection ends, however it ends. */
    private static String untilTheEnd(int port, String path, byte[] body) throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (Raw raw = Raw.to(port)) {
            raw.send(Raw.request("POST " + path, body, "connection: close"));
            for (int b = raw.readByte(); b >= 0; b = raw.readByte()) {
                seen.write(b);
            }
        } catch (java.net.SocketException e) {
            // a reset is as good an end as any
        }
        return unescaped(seen.toString(StandardCharsets.UTF_8));
    }

    /** JSON may say the character in two ways. */
    private static String unescaped(String text) {
        return text.replace("\\uD83D\\uDE80", "🚀");
    }

    private Attempt lastAttempt() throws InterruptedException {
        Entry entry = rig.entries().poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return Objects.requireNonNull(entry).attempts().getLast();
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CLEAN", "CLOSE", "RESET", "SILENCE"})
    void case02_streamBrokenBeforeContent_nextModelAnswers(Ending ending) throws IOException {
        rig.provider().script("one", Reaction.streams(List.of(": hello\n\n")).only(1, ending));
        rig.provider().script("two", Reaction.streams(List.of(PIECE, STOP)));
        Raw.Answer answer = Raw.post(rig.port(), CHAT, asks("auto"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(PIECE + STOP);
        assertThat(answer.header("x-pointsman-model")).isEqualTo("mock/two");
    }

    @Test
    void case04_errorEventAfterContent_passesWithoutAnEndAndIsNotTriedAgain() throws Exception {
        String error = "data: {\"error\":{\"message\":\"too busy\",\"type\":\"overloaded\"}}\n\n";
        rig.provider().script("one", Reaction.streams(List.of(PIECE, error)));
        for (String path : List.of(CHAT, MESSAGES)) {
            byte[] body = path.equals(CHAT) ? asks("auto") : asksAnthropic("auto");
            String seen = untilTheEnd(rig.port(), path, body);
            assertThat(seen).contains("é🚀x").contains("too busy");
            assertThat(seen).doesNotContain("[DONE]", "message_stop", "finish_reason");
            assertThat(lastAttempt().failure()).isPresent();
        }
        assertThat(rig.provider().requests("one")).hasSize(2);
        assertThat(rig.provider().requests("two")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CLEAN", "CLOSE", "RESET"})
    void case05_streamBrokenAfterContent_hasAnErrorAndNoEnd(Ending ending) throws Exception {
        rig.provider().script("m", Reaction.streams(List.of(PIECE, PIECE)).only(2, ending));
        for (String path : List.of(CHAT, MESSAGES)) {
            byte[] body = path.equals(CHAT) ? asks("mock/m") : asksAnthropic("mock/m");
            String seen = untilTheEnd(rig.port(), path, body);
            assertThat(seen).contains("é🚀x").contains("\"error\"");
            assertThat(seen).doesNotContain("[DONE]", "message_stop", "finish_reason");
            assertThat(lastAttempt().failure()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CLEAN", "CLOSE", "RESET", "SILENCE"})
    void case06_streamBrokenAfterContent_isNeverTriedAgain(Ending ending) throws Exception {
        rig.provider().script("one", Reaction.streams(List.of(PIECE)).only(1, ending));
        String seen = untilTheEnd(rig.port(), CHAT, asks("auto"));
        assertThat(count(seen, "é🚀x")).isEqualTo(1);
        assertThat(lastAttempt().failure()).isPresent();
        assertThat(rig.provider().requests()).hasSize(1);
    }

    @Test
    void case07_streamOfNothingButItsOpening_nextModelsOpeningIsTheOnlyOne() throws IOException {
        rig.provider().script("one", Reaction.streams(List.of(ROLE)));
        rig.provider().script("two", Reaction.streams(List.of(ROLE, PIECE, STOP)));
        Raw.Answer chat = Raw.post(rig.port(), CHAT, asks("auto"));
        assertThat(chat.text()).isEqualTo(ROLE + PIECE + STOP);
        rig.provider().script("one", Reaction.streams(List.of(ROLE)));
        Raw.Answer translated = Raw.post(rig.port(), MESSAGES, asksAnthropic("auto"));
        assertThat(count(translated.text(), "event: message_start")).isEqualTo(1);
        assertThat(unescaped(translated.text())).contains("é🚀x").contains("message_stop");
    }

    @Test
    void case07_messageOfNothingButItsStart_nextModelsStartIsTheOnlyOne() throws IOException {
        rig.provider().script("one", Reaction.streams(List.of(START)));
        Raw.Answer answer = Raw.post(rig.port(), MESSAGES, asksAnthropic("auto/claude"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-pointsman-model")).isEqualTo("mockclaude/two");
        assertThat(count(answer.text(), "event: message_start")).isEqualTo(1);
    }

    @Test
    void case12_characterSplitBetweenPieces_staysWhole() throws IOException {
        rig.provider().script("m", Reaction.streams(List.of(ROLE, PIECE, STOP)).inPiecesOf(1));
        assertThat(Raw.post(rig.port(), CHAT, asks("mock/m")).text())
                .isEqualTo(ROLE + PIECE + STOP);
        assertThat(unescaped(Raw.post(rig.port(), MESSAGES, asksAnthropic("mock/m")).text()))
                .contains("é🚀x")
                .doesNotContain("\ufffd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void case14_streamInAnyFraming_isTheSameText(String lineEnd) throws IOException {
        String odd =
                "\ufeff: comment\n\nid: 7\nretry: 10\ndata:{\"choices\":[{\"index\":0,\n"
                        + "data:\"delta\":{\"content\":\"é🚀x\"}}]}\n\n: ping\n\nevent: nothing\n\n"
                        + STOP;
        String sent = odd.replace("\n", lineEnd);
        rig.provider().script("m", Reaction.streams(List.of(sent)).inPiecesOf(3));
        assertThat(Raw.post(rig.port(), CHAT, asks("mock/m")).text()).isEqualTo(sent);
        assertThat(unescaped(Raw.post(rig.port(), MESSAGES, asksAnthropic("mock/m")).text()))
                .contains("é🚀x")
                .contains("event: message_stop");
    }

    @Test
    void case15_eventNobodyKnows_passesToItsFormatAndNotToAnother() throws IOException {
        String unknown = "event: new_thing\ndata: {\"type\":\"new_thing\",\"x\":[1]}\n\n";
        String content =
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                        + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
                        + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\","
                        + "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"yes\"}}\n\n"
                        + "event: content_block_stop\n"
                        + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n";
        String end =
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"
                        + "{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":1}}\n\n"
                        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        List<String> events = List.of(START, unknown, content, unknown, end);
        rig.provider().script("m", Reaction.streams(events));
        assertThat(Raw.post(rig.port(), MESSAGES, asksAnthropic("mockclaude/m")).text())
                .isEqualTo(String.join("", events));
        assertThat(Raw.post(rig.port(), CHAT, asks("mockclaude/m")).text())
                .contains("yes")
                .contains("[DONE]")
                .doesNotContain("new_thing");
    }

    @Test
    void case16_silenceAfterContent_isAnErrorAtTheIdleClock() throws Exception {
        rig.provider().script("m", Reaction.streams(List.of(PIECE)).only(1, Ending.SILENCE));
        String seen = untilTheEnd(rig.port(), CHAT, asks("mock/m"));
        assertThat(seen).contains("é🚀x").contains("\"error\"").doesNotContain("[DONE]");
        assertThat(lastAttempt().failure().orElseThrow().kind()).isEqualTo("timeout");
    }

    @Test
    void case17_providerThatNeverAnswers_isLeftForTheNextModelOrA504() throws IOException {
        rig.provider().script("one", new Reaction.Hangs());
        Raw.Answer answer =
                Raw.post(rig.port(), CHAT, utf8("{\"model\":\"auto\",\"messages\":[]}"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-pointsman-model")).isEqualTo("mock/two");
        byte[] named = utf8("{\"model\":\"mock/one\",\"messages\":[]}");
        assertThat(Raw.post(rig.port(), CHAT, named).status()).isEqualTo(504);
    }

    @Test
    void case18_firstPiece_isThereBeforeTheSecondIsMade() throws Exception {
        rig.provider().script("m", Reaction.streams(List.of(PIECE)).only(1, Ending.SILENCE));
        try (Rig patient = Rig.start("");
                Raw raw = Raw.to(patient.port())) {
            patient.provider()
                    .script("m", Reaction.streams(List.of(PIECE)).only(1, Ending.SILENCE));
            raw.send(Raw.request("POST " + CHAT, asks("mock/m")));
            String line = raw.line();
            while (!line.startsWith("data: ")) {
                line = raw.line();
            }
            assertThat(line).isEqualTo(PIECE.strip());
        }
    }

    @Test
    void case19_twentyThousandPieces_passUnchanged() throws IOException {
        String stream = PIECE.repeat(20_000) + STOP;
        rig.provider().script("m", Reaction.streams(List.of(stream)).inPiecesOf(1_000));
        assertThat(Raw.post(rig.port(), CHAT, asks("mock/m")).text()).isEqualTo(stream);
        assertThat(Raw.post(rig.port(), MESSAGES, asksAnthropic("mock/m")).text())
                .contains("event: message_stop");
    }

    @Test
    void case19_valueOfEightMegabytes_passesUnchanged() throws IOException {
        String large = PIECE.replace("🚀x", "x".repeat(8 << 20)) + STOP;
        rig.provider().script("m", Reaction.streams(List.of(large)).inPiecesOf(16 << 10));
        assertThat(Raw.post(rig.port(), CHAT, asks("mock/m")).text()).isEqualTo(large);
        assertThat(Raw.post(rig.port(), MESSAGES, asksAnthropic("mock/m")).text())
                .contains("x".repeat(8 << 20));
    }

    @Test
    void case32_compressedStream_passesAsItComes() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped, true)) {
            zip.write(utf8(PIECE));
            zip.flush();
        }
        byte[] all = zipped.toByteArray();
        int half = all.length - 8;
        List<Chunk> chunks = List.of(new Chunk(Arrays.copyOf(all, half), Duration.ZERO));
        try (Rig patient = Rig.start("");
                Raw raw = Raw.to(patient.port())) {
            patient.provider()
                    .script(
                            "m",
                            new Reaction.Streams(
                                    200,
                                    "text/event-stream",
                                    Map.of("content-encoding", "gzip"),
                                    chunks,
                                    Ending.SILENCE));
            raw.send(Raw.request("POST " + CHAT, asks("mock/m")));
            while (!raw.line().isEmpty()) {
                // the head
            }
            assertThat(Integer.parseInt(raw.line(), 16)).isEqualTo(half);
            assertThat(raw.readByte()).isEqualTo(all[0] & 0xFF);
        }
    }
}
