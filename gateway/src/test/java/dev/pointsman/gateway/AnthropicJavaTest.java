package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.messages.ThinkingConfigAdaptive;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** The official SDK of Anthropic as the client. */
class AnthropicJavaTest {

    private static final String MODEL = "claude-opus-4-6";

    private static final ThinkingConfigAdaptive ADAPTIVE = ThinkingConfigAdaptive.builder().build();

    private final FakeProvider provider = FakeProvider.start();
    private final Door door = Door.to(provider);
    private final AnthropicClient client =
            AnthropicOkHttpClient.builder()
                    .baseUrl(door.anthropic())
                    .apiKey("client-key")
                    .maxRetries(0)
                    .build();

    @AfterEach
    void close() {
        client.close();
        door.close();
        provider.close();
    }

    @Test
    void unary_textAndUsage_arrive() {
        provider.script(MODEL, Canned.body("anthropic/text"));

        Message message = client.messages().create(ask("Hello").build());

        assertThat(text(message)).isEqualTo(Canned.TEXT);
        assertThat(message.stopReason()).contains(StopReason.END_TURN);
        assertUsage(message);
    }

    @Test
    void unary_pathAndHeaders_areTheApis() {
        client.messages().create(ask("Hello").build());

        ProviderRequest request = received();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/messages");
        assertThat(request.credential()).contains(door.keyAtProvider("client-key"));
        assertThat(request.header("anthropic-version").orElseThrow())
                .matches("\\d{4}-\\d{2}-\\d{2}");
        assertThat(request.header("content-type").orElseThrow()).startsWith("application/json");
    }

    @Test
    void request_versionBetaAndUnknownField_arriveUnchanged() {
        client.messages()
                .create(
                        ask("Hello")
                                .replaceAdditionalHeaders("anthropic-version", "2023-06-01")
                                .putAdditionalHeader("anthropic-beta", "context-1m-2025-08-07")
                                .putAdditionalHeader("anthropic-beta", "fast-mode-2026-02-01")
                                .putAdditionalBodyProperty(
                                        "not_yet_known", JsonValue.from(Map.of("a", 1)))
                                .build());

        assertThat(received().header("anthropic-version")).contains("2023-06-01");
        assertThat(received().header("anthropic-beta").orElseThrow().split(",\\s*"))
                .containsExactly("context-1m-2025-08-07", "fast-mode-2026-02-01");
        assertThat(received().body().at("/not_yet_known/a").asInt()).isEqualTo(1);
    }

    @Test
    void request_unicode_arrivesByteForByte() {
        client.messages().create(ask(Canned.TEXT).build());

        assertThat(content(0).asText()).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_textAndUsage_arrive() {
        provider.script(MODEL, Canned.stream("anthropic/text"));

        Message message = streamed(ask("Hello").build());

        assertThat(text(message)).isEqualTo(Canned.TEXT);
        assertThat(message.stopReason()).contains(StopReason.END_TURN);
        assertUsage(message);
        assertThat(received().body().path("stream").asBoolean()).isTrue();
    }

    @Test
    void stream_cutWithinLinesAndCharacters_textIsEqual() {
        provider.script(MODEL, Canned.stream("anthropic/text").inPiecesOf(1));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_withCommentsAndCrlf_textIsEqual() {
        provider.script(MODEL, Canned.commentedStream("anthropic/text"));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void unary_compressed_textIsEqual() {
        provider.script(MODEL, Canned.compressedIfAccepted(Canned.body("anthropic/text")));

        assertThat(text(client.messages().create(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_compressed_textIsEqual() {
        provider.script(MODEL, Canned.compressedIfAccepted(Canned.stream("anthropic/text")));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void tools_unary_callsArriveAndResultsAreAccepted() {
        provider.script(MODEL, Canned.body("anthropic/tools"), Canned.body("anthropic/text"));
        MessageCreateParams first = askWithTools().build();

        assertToolTurns(first, client.messages().create(first));
    }

    @Test
    void tools_stream_callsArriveAndResultsAreAccepted() {
        provider.script(MODEL, Canned.stream("anthropic/tools"), Canned.body("anthropic/text"));
        MessageCreateParams first = askWithTools().build();

        assertToolTurns(first, streamed(first));
    }

    private void assertToolTurns(MessageCreateParams first, Message message) {
        List<ToolUseBlock> calls =
                message.content().stream().flatMap(block -> block.toolUse().stream()).toList();
        JsonNode canned = Canned.json("anthropic/tools");
        assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
        assertThat(calls).extracting(ToolUseBlock::name).containsExactly("weather", "now");
        assertThat(calls)
                .extracting(ToolUseBlock::id)
                .containsExactly(
                        canned.at("/content/1/id").asText(), canned.at("/content/2/id").asText());
        assertThat(calls.get(0)._input().convert(Map.class))
                .isEqualTo(Map.of("city", "Zürich", "days", List.of(1, 2), "metric", true));
        assertThat(received().body().at("/tools/0/name").asText()).isEqualTo("weather");
        assertThat(received().body().at("/tools/0/input_schema/required/0").asText())
                .isEqualTo("city");

        Message answer = client.messages().create(withResults(first, message, calls));

        assertThat(text(answer)).isEqualTo(Canned.TEXT);
        assertThat(content(1)).isEqualTo(canned.path("content"));
        assertThat(content(2).at("/0/type").asText()).isEqualTo("tool_result");
        assertThat(content(2).at("/0/tool_use_id").asText()).isEqualTo(calls.get(0).id());
        assertThat(content(2).at("/1/tool_use_id").asText()).isEqualTo(calls.get(1).id());
    }

    @Test
    void thinking_unary_blocksGoBackUnchanged() {
        provider.script(MODEL, Canned.body("anthropic/thinking"), Canned.body("anthropic/text"));
        MessageCreateParams first = askWithTools().thinking(ADAPTIVE).build();

        assertThinkingTurns(first, client.messages().create(first));
    }

    @Test
    void thinking_stream_blocksGoBackUnchanged() {
        provider.script(MODEL, Canned.stream("anthropic/thinking"), Canned.body("anthropic/text"));
        MessageCreateParams first = askWithTools().thinking(ADAPTIVE).build();

        assertThinkingTurns(first, streamed(first));
    }

    private void assertThinkingTurns(MessageCreateParams first, Message message) {
        JsonNode canned = Canned.json("anthropic/thinking").path("content");
        assertThat(received().body().at("/thinking/type").asText()).isEqualTo("adaptive");
        assertThat(message.content().get(0).asThinking().thinking())
                .isEqualTo(canned.at("/0/thinking").asText());
        assertThat(message.content().get(0).asThinking().signature())
                .isEqualTo(canned.at("/0/signature").asText());
        assertThat(message.content().get(1).asRedactedThinking().data())
                .isEqualTo(canned.at("/1/data").asText());

        ToolUseBlock call = message.content().get(3).asToolUse();
        client.messages().create(withResults(first, message, List.of(call)));

        assertThat(content(1)).isEqualTo(canned);
    }

    @Test
    void structuredOutput_unary_schemaArrivesAndAnswerIsTyped() {
        provider.script(MODEL, Canned.body("anthropic/structured"));

        Report report =
                client
                        .messages()
                        .create(ask("Report.").outputConfig(Report.class).build())
                        .content()
                        .stream()
                        .flatMap(block -> block.text().stream())
                        .findFirst()
                        .orElseThrow()
                        .text();

        assertReport(report);
        assertSchema();
    }

    @Test
    void structuredOutput_stream_schemaArrivesAndAnswerIsTyped() {
        provider.script(MODEL, Canned.stream("anthropic/structured"));
        MessageAccumulator message = MessageAccumulator.create();

        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages()
                        .createStreaming(
                                ask("Report.").outputConfig(Report.class).build().rawParams())) {
            stream.stream().forEach(message::accumulate);
        }

        assertReport(message.message(Report.class).content().get(0).asText().text());
        assertSchema();
    }

    private void assertSchema() {
        JsonNode format = received().body().at("/output_config/format");
        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThat(format.at("/schema/properties/city/type").asText()).isEqualTo("string");
        assertThat(format.at("/schema/properties/celsius/type").asText()).isEqualTo("number");
        assertThat(format.at("/schema/properties/sunny/type").asText()).isEqualTo("boolean");
    }

    private static void assertReport(Report report) {
        assertThat(report.city).isEqualTo("Zürich");
        assertThat(report.celsius).isEqualTo(21.0);
        assertThat(report.sunny).isTrue();
    }

    @Test
    void image_base64_arrivesByteForByte() {
        byte[] image = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', -1, 0, 62, 63};

        client.messages().create(askAbout(image));

        assertThat(receivedImage()).isEqualTo(image);
    }

    @Test
    void image_ofFiveMegabytesInBase64_arrivesByteForByte() {
        byte[] image = new byte[5 * 1024 * 1024 / 4 * 3];
        new Random(7).nextBytes(image);

        client.messages().create(askAbout(image));

        assertThat(receivedImage()).isEqualTo(image);
    }

    private byte[] receivedImage() {
        JsonNode source = content(0).at("/0/source");
        assertThat(source.path("media_type").asText()).isEqualTo("image/png");
        return Base64.getDecoder().decode(source.path("data").asText());
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "404", "429", "500", "529"})
    void error_unary_isTheTypedExceptionOfItsStatus(int status) {
        provider.script(MODEL, Reaction.fails(status, "", Map.of("retry-after", "30")));

        AnthropicServiceException failure =
                catchThrowableOfType(
                        AnthropicServiceException.class,
                        () -> client.messages().create(ask("Hello").build()));

        assertFailure(failure, status);
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "404", "429", "500", "529"})
    void error_stream_isTheTypedExceptionOfItsStatus(int status) {
        provider.script(MODEL, Reaction.fails(status, "", Map.of("retry-after", "30")));

        AnthropicServiceException failure =
                catchThrowableOfType(
                        AnthropicServiceException.class, () -> streamed(ask("Hello").build()));

        assertFailure(failure, status);
    }

    private void assertFailure(AnthropicServiceException failure, int status) {
        assertThat(failure).isInstanceOf(exceptionOf(status));
        assertThat(failure.statusCode()).isEqualTo(status);
        assertThat(failure).hasMessageContaining("scripted " + status);
        if (status == 429) {
            assertThat(failure.headers().values("retry-after")).containsExactly("30");
        }
    }

    private static Class<? extends AnthropicServiceException> exceptionOf(int status) {
        return switch (status) {
            case 400 -> BadRequestException.class;
            case 401 -> UnauthorizedException.class;
            case 404 -> NotFoundException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Reaction.Ending.class,
            names = {"CLOSE", "RESET"})
    void stream_brokenOff_isAnError(Reaction.Ending ending) {
        provider.script(MODEL, Canned.stream("anthropic/text").only(5, ending));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOfAny(AnthropicIoException.class, SseException.class);
    }

    @Test
    void stream_endedBeforeItsLastEvent_isNoMessage() {
        provider.script(MODEL, Canned.stream("anthropic/text").only(5, Reaction.Ending.CLEAN));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOfAny(IllegalStateException.class, SseException.class);
    }

    @Test
    void stream_withErrorAfterText_isAnError() {
        provider.script(
                MODEL,
                Canned.stream("anthropic/text")
                        .only(5, Reaction.Ending.CLEAN)
                        .then(
                                "event: error\n"
                                    + "data:"
                                    + " {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"scripted"
                                    + " 529\"}}\n\n"));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOf(SseException.class)
                .hasMessageContaining("scripted 529");
    }

    @Test
    void countTokens_count_arrives() {
        provider.script(MODEL, Canned.body("anthropic/count"));

        long tokens =
                client.messages()
                        .countTokens(
                                MessageCountTokensParams.builder()
                                        .model(door.model(Door.Format.ANTHROPIC, MODEL))
                                        .addUserMessage("Hello")
                                        .build())
                        .inputTokens();

        assertThat(tokens).isEqualTo(2095);
        assertThat(received().path()).isEqualTo("/v1/messages/count_tokens");
    }

    @Test
    void models_list_isRead() {
        provider.script("", Canned.body("anthropic/models"));

        List<String> ids =
                client.models().list().autoPager().stream().map(model -> model.id()).toList();

        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
    }

    private MessageCreateParams.Builder ask(String text) {
        return MessageCreateParams.builder()
                .model(door.model(Door.Format.ANTHROPIC, MODEL))
                .maxTokens(1024)
                .addUserMessage(text);
    }

    private MessageCreateParams.Builder askWithTools() {
        Tool.InputSchema schema =
                Tool.InputSchema.builder()
                        .properties(JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .addRequired("city")
                        .build();
        return ask("How is the weather in Zürich, and what time is it?")
                .addTool(Tool.builder().name("weather").inputSchema(schema).build());
    }

    private static MessageCreateParams withResults(
            MessageCreateParams first, Message message, List<ToolUseBlock> calls) {
        List<ContentBlockParam> results =
                calls.stream()
                        .map(call -> ToolResultBlockParam.builder().toolUseId(call.id()))
                        .map(result -> result.content("21 °C").build())
                        .map(ContentBlockParam::ofToolResult)
                        .toList();
        return first.toBuilder()
                .addMessage(message)
                .addUserMessageOfContentBlockParams(results)
                .build();
    }

    private MessageCreateParams askAbout(byte[] image) {
        Base64ImageSource source =
                Base64ImageSource.builder()
                        .data(Base64.getEncoder().encodeToString(image))
                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                        .build();
        ContentBlockParam block =
                ContentBlockParam.ofImage(ImageBlockParam.builder().source(source).build());
        return MessageCreateParams.builder()
                .model(door.model(Door.Format.ANTHROPIC, MODEL))
                .maxTokens(1024)
                .addUserMessageOfContentBlockParams(List.of(block))
                .build();
    }

    private Message streamed(MessageCreateParams params) {
        MessageAccumulator message = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(params)) {
            stream.stream().forEach(message::accumulate);
        }
        return message.message();
    }

    private static String text(Message message) {
        return message.content().stream()
                .map(ContentBlock::text)
                .flatMap(block -> block.stream().map(TextBlock::text))
                .collect(Collectors.joining());
    }

    private static void assertUsage(Message message) {
        assertThat(message.usage().inputTokens()).isEqualTo(25);
        assertThat(message.usage().outputTokens()).isEqualTo(15);
        assertThat(message.usage().cacheReadInputTokens()).contains(11L);
        assertThat(message.usage().cacheCreationInputTokens()).contains(7L);
    }

    private ProviderRequest received() {
        return provider.requests(MODEL).getLast();
    }

    private JsonNode content(int message) {
        return received().body().path("messages").path(message).path("content");
    }
}
