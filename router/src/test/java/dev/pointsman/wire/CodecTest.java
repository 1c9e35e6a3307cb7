package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Model;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Each format: what is sent for a task, byte for byte as JSON, and what is read back. */
class CodecTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Task TASK =
            Task.of(
                            List.of(
                                    Message.user("Hi"),
                                    Message.assistant("Hello"),
                                    Message.user("What is this?")
                                            .with(Image.ofBase64("image/png", "AAAA"))))
                    .system("Be brief.")
                    .maxTokens(300)
                    .temperature(0.5)
                    .stop("END")
                    .responseSchema("{\"type\":\"object\"}");

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC_MESSAGES, anthropic/claude-haiku-4-5",
        "OPENAI_CHAT, mistral/mistral-large-latest",
        "OPENAI_RESPONSES, openai/gpt-4.1",
        "GEMINI, google/gemini-2.5-flash"
    })
    void request_ofAFullTask_isTheGoldenOne(Format format, String model) throws IOException {
        WireRequest request = format.codec().request(TASK, model(model), true);

        JsonNode golden =
                MAPPER.readTree(
                        getClass()
                                .getResourceAsStream("/wire/" + format.label() + ".request.json"));
        assertThat(MAPPER.readTree(request.body().bytes())).isEqualTo(golden.path("body"));
        assertThat(request.path()).isEqualTo(golden.path("path").asText());
        assertThat(request.dropped())
                .isEqualTo(MAPPER.convertValue(golden.path("dropped"), List.class));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void answer_written_readsBackTheSame(Format format) throws ProtocolException {
        for (Stop stop : List.of(Stop.END, Stop.MAX_TOKENS, Stop.REFUSAL)) {
            Answer answer = new Answer("Grüße \uD83D\uDE80 \"quoted\"\n", usage(format), stop);
            assertThat(format.codec().answer(format.codec().writeAnswer(answer, "m")))
                    .as(stop.name())
                    .isEqualTo(answer);
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void stream_writtenAndSplitAnywhere_readsBackTheSame(Format format) throws ProtocolException {
        Answer answer =
                new Answer(
                        "Grüße \uD83D\uDE80 aus dem Stellwerk, in mehreren Stücken.",
                        usage(format),
                        Stop.END);
        byte[] bytes = format.codec().writeStream(answer, "m");
        for (int split = 0; split < bytes.length; split++) {
            assertThat(read(format, bytes, split)).as("split at " + split).isEqualTo(answer);
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void stream_cutBeforeItsEnd_doesNotEnd(Format format) throws ProtocolException {
        byte[] bytes =
                format.codec()
                        .writeStream(
                                new Answer(
                                        "some text that is long enough", usage(format), Stop.END),
                                "m");
        byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
        assertThat(events(format, half, 0)).noneMatch(AnswerEvent.End.class::isInstance);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void answer_thatIsHtmlOrCut_isAProtocolFailureWithoutItsText(Format format) {
        for (String body : List.of("<html>secret</html>", "{\"secret\":", "[]", "{}", "")) {
            assertThatThrownBy(() -> format.codec().answer(body.getBytes(StandardCharsets.UTF_8)))
                    .as(body)
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            e -> {
                                assertThat(e.failure()).isInstanceOf(Failure.Protocol.class);
                                assertThat(e.failure().message())
                                        .doesNotContain("secret")
                                        .doesNotContain("html");
                            });
        }
    }

    @Test
    void chat_withoutDone_endsAtTheFinishReason() throws ProtocolException {
        String stream =
                "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":null}]}\n\n"
                        + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
        assertThat(events(Format.OPENAI_CHAT, stream.getBytes(StandardCharsets.UTF_8), 0))
                .containsExactly(
                        new AnswerEvent.Text("hi"),
                        new AnswerEvent.Stopped(Stop.END),
                        new AnswerEvent.End());
    }

    @Test
    void surrogates_splitBetweenDeltas_stayWhole() throws ProtocolException {
        String stream =
                "data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n"
                        + "data: {\"choices\":[{\"delta\":{\"content\":\"\\ude80\"}}]}\n\n";
        StringBuilder text = new StringBuilder();
        for (AnswerEvent event :
                events(Format.OPENAI_CHAT, stream.getBytes(StandardCharsets.UTF_8), 0)) {
            text.append(((AnswerEvent.Text) event).delta());
        }
        assertThat(text.toString()).isEqualTo("\uD83D\uDE80");
    }

    @Test
    void unknown_eventsAndFields_meanNothingButThatContentCame() throws ProtocolException {
        String stream =
                "event: message_sparkle\n"
                    + "data: {\"type\":\"message_sparkle\",\"x\":1}\n\n"
                    + "data:"
                    + " {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"hologram_delta\"}}\n\n"
                    + "data:"
                    + " {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}\n\n";
        assertThat(events(Format.ANTHROPIC_MESSAGES, stream.getBytes(StandardCharsets.UTF_8), 0))
                .containsExactly(
                        new AnswerEvent.Other("hologram_delta"), new AnswerEvent.Reasoning("hm"));
    }

    @Test
    void temperature_aModelLacks_isDroppedAndNamed() throws IOException {
        WireRequest request =
                Format.OPENAI_CHAT
                        .codec()
                        .request(
                                Task.of("x").temperature(0.2).stop("a"),
                                model("openai/gpt-5.5"),
                                false);
        JsonNode body = MAPPER.readTree(request.body().bytes());
        assertThat(request.dropped()).containsExactly("temperature", "stop");
        assertThat(body.has("temperature")).isFalse();
        assertThat(body.path("max_completion_tokens").asInt()).isEqualTo(4096);
        assertThat(body.has("max_tokens")).isFalse();
    }

    @Test
    void image_byUrl_isPassedOnInEachFormatsOwnWay() throws IOException {
        Task task = Task.of("x").image(Image.ofUrl("https://example.org/a.png"));
        assertThat(
                        body(Format.ANTHROPIC_MESSAGES, task)
                                .at("/messages/0/content/1/source/url")
                                .asText())
                .isEqualTo("https://example.org/a.png");
        assertThat(
                        body(Format.OPENAI_CHAT, task)
                                .at("/messages/0/content/1/image_url/url")
                                .asText())
                .isEqualTo("https://example.org/a.png");
        assertThat(body(Format.OPENAI_RESPONSES, task).at("/input/0/content/1/image_url").asText())
                .isEqualTo("https://example.org/a.png");
        assertThat(body(Format.GEMINI, task).at("/contents/0/parts/1/fileData/fileUri").asText())
                .isEqualTo("https://example.org/a.png");
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-5-mini, OPENAI_CHAT, /reasoning_effort, minimal, /max_completion_tokens, 50",
        "openai/gpt-5.5, OPENAI_CHAT, /reasoning_effort, none, /max_completion_tokens, 50",
        "openai/o3, OPENAI_CHAT, /reasoning_effort, low, /max_completion_tokens, 1074",
        "openai/gpt-5-mini, OPENAI_RESPONSES, /reasoning/effort, minimal, /max_output_tokens, 50",
        "google/gemini-2.5-flash, GEMINI, /generationConfig/thinkingConfig/thinkingBudget, 0,"
                + " /generationConfig/maxOutputTokens, 50",
        "google/gemini-2.5-pro, GEMINI, /generationConfig/thinkingConfig/thinkingBudget, 128,"
                + " /generationConfig/maxOutputTokens, 178",
        "google/gemini-3.5-flash, GEMINI, /generationConfig/thinkingConfig/thinkingLevel, minimal,"
                + " /generationConfig/maxOutputTokens, 1074",
        "anthropic/claude-haiku-4-5, ANTHROPIC_MESSAGES, /thinking, '', /max_tokens, 50",
        "mistral/mistral-large-latest, OPENAI_CHAT, /reasoning_effort, '', /max_tokens, 50"
    })
    void leastReasoning_ofEachFamily_isAskedForAndLeavesRoomForTheAnswer(
            String model, Format format, String effortAt, String effort, String limitAt, int limit)
            throws IOException {
        Task question = Task.of("x").maxTokens(50).leastReasoning();
        JsonNode body =
                MAPPER.readTree(
                        format.codec().request(question, model(model), false).body().bytes());
        assertThat(body.at(effortAt).asText("")).isEqualTo(effort);
        assertThat(body.at(limitAt).asInt()).isEqualTo(limit);
    }

    private static JsonNode body(Format format, Task task) throws IOException {
        return MAPPER.readTree(
                format.codec().request(task, Model.unknown("p", "m"), false).body().bytes());
    }

    private static Model model(String ref) {
        int slash = ref.indexOf('/');
        return Catalog.builtIn()
                .find(ref.substring(0, slash), ref.substring(slash + 1))
                .orElseThrow();
    }

    /**
     * What each format can tell: only Anthropic and chat count cache writes, Anthropic does not
     * count reasoning.
     */
    private static Usage usage(Format format) {
        return switch (format) {
            case ANTHROPIC_MESSAGES -> new Usage(100, 20, 30, 40, 0, false);
            case OPENAI_CHAT -> new Usage(100, 20, 30, 40, 5, false);
            case OPENAI_RESPONSES, GEMINI -> new Usage(100, 20, 30, 0, 5, false);
        };
    }

    private static Answer read(Format format, byte[] bytes, int split) throws ProtocolException {
        StringBuilder text = new StringBuilder();
        Usage usage = Usage.NONE;
        Stop stop = Stop.OTHER;
        int ends = 0;
        for (AnswerEvent event : events(format, bytes, split)) {
            switch (event) {
                case AnswerEvent.Text delta -> text.append(delta.delta());
                case AnswerEvent.Refusal delta -> text.append(delta.delta());
                case AnswerEvent.Tokens tokens -> usage = tokens.usage();
                case AnswerEvent.Stopped stopped -> stop = stopped.stop();
                case AnswerEvent.End end -> ends++;
                case AnswerEvent.Failed failed -> throw new AssertionError(failed);
                default -> {}
            }
        }
        assertThat(ends).isEqualTo(1);
        return new Answer(text.toString(), usage, stop);
    }

    private static List<AnswerEvent> events(Format format, byte[] bytes, int split)
            throws ProtocolException {
        SseDecoder decoder = new SseDecoder();
        List<ServerSentEvent> events = new ArrayList<>();
        decoder.feed(Arrays.copyOfRange(bytes, 0, split), events::add);
        decoder.feed(Arrays.copyOfRange(bytes, split, bytes.length), events::add);
        StreamReader reader = format.codec().stream();
        List<AnswerEvent> read = new ArrayList<>();
        for (ServerSentEvent event : events) {
            reader.read(event, read::add);
        }
        reader.close(read::add);
        return read;
    }
}
