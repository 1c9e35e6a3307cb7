package dev.pointsman.gateway;

import static dev.pointsman.gateway.Raw.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Entry;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.GatewaySettings.Limits;
import dev.pointsman.policy.Policy;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.RandomJson;
import dev.pointsman.testing.Reaction;
import dev.pointsman.testing.Reaction.Chunk;
import dev.pointsman.testing.Reaction.Ending;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What goes through a gateway comes out as it went in. */
class PassthroughTest {

    private static final int CASES = 200;
    private static final String CHAT = "/v1/chat/completions";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.start(Limits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    /** A format's way to ask, and what its streams and answers are like. */
    private enum Kind {
        CHAT(
                "mock/",
                "/v1/chat/completions",
                "messages",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"x\":%s}]}\n\n",
                "data: [DONE]\n\n"),
        RESPONSES(
                "mock/",
                "/v1/responses",
                "input",
                "event: response.output_text.delta\n"
                        + "data:"
                        + " {\"type\":\"response.output_text.delta\",\"delta\":\"a\",\"x\":%s}\n\n",
                "event: response.completed\n"
                        + "data: {\"type\":\"response.completed\",\"response\":{}}\n\n"),
        MESSAGES(
                "mockclaude/",
                "/v1/messages",
                "messages",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                        + "\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"},\"x\":%s}\n\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
        GEMINI(
                "mockgemini/",
                "/v1beta/models/mockgemini%2Fm:",
                "contents",
                "data:"
                    + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}],\"x\":%s}\n\n",
                "data: {\"candidates\":[{\"content\":{},\"finishReason\":\"STOP\"}]}\n\n");

        private final String prefix;
        private final String path;
        private final String talk;
        private final String event;
        private final String end;

        Kind(String prefix, String path, String talk, String event, String end) {
            this.prefix = prefix;
            this.path = path;
            this.talk = talk;
            this.event = event;
            this.end = end;
        }

        String path(boolean stream) {
            if (this != GEMINI) {
                return path;
            }
            return path + (stream ? "streamGenerateContent?alt=sse" : "generateContent");
        }
    }

    @Test
    void anything_throughTheGateway_staysByteForByte() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("PassthroughTest seed " + seed);
        Random random = new Random(seed);
        RandomJson json = new RandomJson(random);
        for (int i = 0; i < CASES; i++) {
            Kind kind = json.any(List.of(Kind.values()));
            boolean stream = random.nextBoolean();
            byte[] answer =
                    utf8(
                            stream
                                    ? stream(kind, json, random)
                                    : "{" + json.space() + "\"x\":" + json.value() + "}");
            rig.provider().script("m", inPieces(answer, stream, random));
            String model = "\"" + kind.prefix + "m\"";
            String[] split = body(kind, json, random, stream);
            String sent = split[0] + (kind == Kind.GEMINI ? "null" : model) + split[1];
            String as = "seed " + seed + " case " + i + ": " + sent;
            Raw.Answer got = Raw.post(rig.port(), kind.path(stream), utf8(sent));
            assertThat(got.status()).as(as + got.text()).isEqualTo(200);
            assertThat(got.body()).as(as).isEqualTo(answer);
            ProviderRequest seen = rig.provider().requests().getLast();
            assertThat(seen.text())
                    .as(as)
                    .isEqualTo(split[0] + (kind == Kind.GEMINI ? "null" : "\"m\"") + split[1]);
        }
    }

    private static String[] body(Kind kind, RandomJson json, Random random, boolean stream) {
        String model = (kind == Kind.GEMINI ? "\"y\":" : "\"model\":") + json.space() + "@";
        List<String> fields = new ArrayList<>();
        fields.add(model);
        fields.add("\"" + kind.talk + "\":[{\"role\":\"user\",\"content\":" + json.value() + "}]");
        fields.add("\"max_tokens\":1");
        fields.add("\"stream\":" + stream);
        if (stream) {
            fields.add("\"stream_options\":{\"include_usage\":true}");
        }
        for (int more = random.nextInt(4); more > 0; more--) {
            fields.add("\"x" + json.characters() + "\"" + json.space() + ":" + json.value());
        }
        java.util.Collections.shuffle(fields, random);
        String all = json.space() + "{" + String.join(json.space() + ",", fields) + "}";
        return all.split("@", 2);
    }

    private static String stream(Kind kind, RandomJson json, Random random) {
        StringBuilder stream = new StringBuilder();
        for (int left = 1 + random.nextInt(5); left > 0; left--) {
            String value = json.value().replaceAll("[\r\n]", " ");
            stream.append(String.format(kind.event, value));
            stream.append(random.nextBoolean() ? ": ping\n\n" : "");
        }
        String end = json.any(List.of("\n", "\n", "\r\n", "\r"));
        return stream.append(kind.end).toString().replace("\n", end);
    }

    private static Reaction inPieces(byte[] bytes, boolean stream, Random random) {
        List<Chunk> chunks = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(60));
            chunks.add(new Chunk(Arrays.copyOfRange(bytes, from, to), Duration.ZERO));
            from = to;
        }
        String type = stream ? "text/event-stream" : "application/json";
        return new Reaction.Streams(200, type, Map.of(), chunks, Ending.CLEAN);
    }

    private static final String CONTENT =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static Raw.Answer streamed(Rig one, String options) throws IOException {
        one.provider().script("u", Reaction.streams(List.of(CONTENT, USAGE, DONE)));
        String body = "{\"model\":\"mock/u\",\"stream\":true,\"messages\":[]" + options + "}";
        return Raw.post(one.port(), CHAT, utf8(body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|false",
                ",\"stream_options\":null|false",
                ",\"stream_options\":{}|false",
                ",\"stream_options\":{\"include_usage\":false}|false",
                ",\"stream_options\":{\"include_usage\":true}|true"
            })
    void usageOfAStream_isAskedForAlwaysAndHandedOnIfWanted(String options, boolean wanted)
            throws Exception {
        rig.entries().clear();
        Raw.Answer answer = streamed(rig, options);
        assertThat(answer.text()).isEqualTo(CONTENT + (wanted ? USAGE : "") + DONE);
        assertThat(
                        rig.provider()
                                .requests()
                                .getLast()
                                .body()
                                .at("/stream_options/include_usage")
                                .asBoolean())
                .isTrue();
        Entry entry = rig.entries().poll(10, TimeUnit.SECONDS);
        assertThat(entry).isNotNull();
        assertThat(entry.attempts().getLast().usage()).isEqualTo(Usage.of(7, 3));
    }

    @Test
    void usageOfAStream_whereThePolicyEstimates_isNotAskedFor() throws Exception {
        BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
        try (FakeProvider provider = FakeProvider.start();
                Gateway gateway =
                        Gateway.start(
                                Policy.parse(
                                        """
                                        providers:
                                          mock:
                                            format: openai-chat
                                            base-url: "%s/v1"
                                            usage: estimate
                                        default-category: work
                                        categories:
                                          work: { description: all, models: [mock/u] }
                                        """
                                                .formatted(provider.url()),
                                        "test"),
                                GatewayOptions.local().recorder(entries::add))) {
            provider.script("u", Reaction.streams(List.of(CONTENT, CONTENT, DONE)));
            String body = "{\"messages\":[],\"stream\":true,\"model\":\"mock/u\"}";
            Raw.Answer answer = Raw.post(gateway.port(), CHAT, utf8(body));
            assertThat(answer.text()).isEqualTo(CONTENT + CONTENT + DONE);
            assertThat(provider.requests().getLast().text()).isEqualTo(body.replace("mock/", ""));
            Entry entry = entries.poll(10, TimeUnit.SECONDS);
            assertThat(entry).isNotNull();
            assertThat(entry.attempts().getLast().usage().estimated()).isTrue();
            assertThat(entry.attempts().getLast().usage().output()).isPositive();
        }
    }

    @Test
    void usage_ofAnAnswerInOnePiece_isNotAskedFor() throws IOException {
        String body = "{\"messages\":[],\"model\":\"mock/w\"}";
        assertThat(Raw.post(rig.port(), CHAT, utf8(body)).status()).isEqualTo(200);
        assertThat(rig.provider().requests().getLast().text()).isEqualTo(body.replace("mock/", ""));
    }
}
