package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;

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

/** The official SDK of OpenAI as the client: chat completions, embeddings, models. */
class OpenAiJavaTest {

    private static final String MODEL = "gpt-5.4";
    private static final String EMBEDDING_MODEL = "text-embedding-3-small";
    private static final float[] EMBEDDING = {0.0023064255f, -0.009327292f, 1.5f, -0.0028842222f};

    private final FakeProvider provider = FakeProvider.start();
    private final Door door = Door.to(provider);
    private final OpenAIClient client =
            OpenAIOkHttpClient.builder()
                    .baseUrl(door.openAi())
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
        provider.script(MODEL, Canned.body("chat/text"));

        ChatCompletion completion = create(ask("Hello").build());

        assertThat(text(completion)).isEqualTo(Canned.TEXT);
        assertThat(completion.choices().get(0).finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertUsage(completion);
    }

    @Test
    void unary_pathAndHeaders_areTheApis() {
        create(ask("Hello").build());

        ProviderRequest request = received();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        assertThat(request.header("authorization"))
                .contains("Bearer " + door.keyAtProvider("client-key"));
        assertThat(request.header("content-type").orElseThrow()).startsWith("application/json");
    }

    @Test
    void request_unknownField_arrivesUnchanged() {
        create(
                ask("Hello")
                        .putAdditionalBodyProperty("not_yet_known", JsonValue.from(Map.of("a", 1)))
                        .build());

        assertThat(received().body().at("/not_yet_known/a").asInt()).isEqualTo(1);
    }

    @Test
    void request_unicode_arrivesByteForByte() {
        create(ask(Canned.TEXT).build());

        assertThat(message(0).path("content").asText()).isEqualTo(Canned.TEXT);
    }

    @Test
    void unary_compressed_textIsEqual() {
        provider.script(MODEL, Canned.compressedIfAccepted(Canned.body("chat/text")));

        assertThat(text(create(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_textAndUsage_arrive() {
        provider.script(MODEL, Canned.stream("chat/text"));

        ChatCompletion completion = streamed(ask("Hello").build());

        assertThat(text(completion)).isEqualTo(Canned.TEXT);
        assertUsage(completion);
        assertThat(received().body().path("stream").asBoolean()).isTrue();
        assertThat(received().body().at("/stream_options/include_usage").asBoolean()).isTrue();
    }

    @Test
    void stream_cutWithinLinesAndCharacters_textIsEqual() {
        provider.script(MODEL, Canned.stream("chat/text").inPiecesOf(1));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_withCommentsAndCrlf_textIsEqual() {
        provider.script(MODEL, Canned.commentedStream("chat/text"));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_compressed_textIsEqual() {
        provider.script(MODEL, Canned.compressedIfAccepted(Canned.stream("chat/text")));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void tools_unary_callsArriveAndResultsAreAccepted() {
        provider.script(MODEL, Canned.body("chat/tools"), Canned.body("chat/text"));
        ChatCompletionCreateParams first = askWithTools();

        assertToolTurns(first, create(first));
    }

    @Test
    void tools_stream_callsArriveAndResultsAreAccepted() {
        provider.script(MODEL, Canned.stream("chat/tools"), Canned.body("chat/text"));
        ChatCompletionCreateParams first = askWithTools();

        assertToolTurns(first, streamed(first));
    }

    private void assertToolTurns(ChatCompletionCreateParams first, ChatCompletion completion) {
        JsonNode canned = Canned.json("chat/tools").at("/choices/0/message/tool_calls");
        ChatCompletionMessage message = completion.choices().get(0).message();
        List<ChatCompletionMessageFunctionToolCall> calls =
                message.toolCalls().orElseThrow().stream().map(call -> call.asFunction()).toList();
        assertThat(completion.choices().get(0).finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        for (int i = 0; i < canned.size(); i++) {
            assertThat(calls.get(i).id()).isEqualTo(canned.at("/" + i + "/id").asText());
            assertThat(calls.get(i).function().name())
                    .isEqualTo(canned.at("/" + i + "/function/name").asText());
            assertThat(calls.get(i).function().arguments())
                    .isEqualTo(canned.at("/" + i + "/function/arguments").asText());
        }
        assertThat(received().body().at("/tools/0/function/name").asText()).isEqualTo("weather");
        assertThat(received().body().at("/tools/0/function/parameters/required/0").asText())
                .isEqualTo("city");

        ChatCompletionCreateParams.Builder second = first.toBuilder().addMessage(message);
        for (ChatCompletionMessageFunctionToolCall call : calls) {
            second.addMessage(
                    ChatCompletionToolMessageParam.builder()
                            .toolCallId(call.id())
                            .content("21 °C")
                            .build());
        }
        assertThat(text(create(second.build()))).isEqualTo(Canned.TEXT);
        assertThat(message(1).path("tool_calls")).isEqualTo(canned);
        assertThat(message(2).path("role").asText()).isEqualTo("tool");
        assertThat(message(2).path("tool_call_id").asText()).isEqualTo(calls.get(0).id());
        assertThat(message(3).path("tool_call_id").asText()).isEqualTo(calls.get(1).id());
    }

    @Test
    void structuredOutput_unary_schemaArrivesAndAnswerIsTyped() {
        provider.script(MODEL, Canned.body("chat/structured"));

        Report report =
                client.chat()
                        .completions()
                        .create(ask("Report.").responseFormat(Report.class).build())
                        .choices()
                        .get(0)
                        .message()
                        .content()
                        .orElseThrow();

        assertReport(report);
        assertSchema();
    }

    @Test
    void structuredOutput_stream_schemaArrivesAndAnswerIsTyped() {
        provider.script(MODEL, Canned.stream("chat/structured"));
        ChatCompletionAccumulator completion = ChatCompletionAccumulator.create();

        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat()
                        .completions()
                        .createStreaming(ask("Report.").responseFormat(Report.class).build())) {
            stream.stream().forEach(completion::accumulate);
        }

        assertReport(
                completion
                        .chatCompletion(Report.class)
                        .choices()
                        .get(0)
                        .message()
                        .content()
                        .orElseThrow());
        assertSchema();
    }

    private void assertSchema() {
        JsonNode format = received().body().path("response_format");
        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThat(format.at("/json_schema/strict").asBoolean()).isTrue();
        assertThat(format.at("/json_schema/schema/properties/city/type").asText())
                .isEqualTo("string");
        assertThat(format.at("/json_schema/schema/properties/celsius/type").asText())
                .isEqualTo("number");
    }

    private static void assertReport(Report report) {
        assertThat(report.city).isEqualTo("Zürich");
        assertThat(report.celsius).isEqualTo(21.0);
        assertThat(report.sunny).isTrue();
    }

    @Test
    void image_base64_arrivesByteForByte() {
        byte[] image = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', -1, 0, 62, 63};

        create(askAbout(image));

        assertThat(receivedImage()).isEqualTo(image);
    }

    @Test
    void image_ofFiveMegabytesInBase64_arrivesByteForByte() {
        byte[] image = new byte[5 * 1024 * 1024 / 4 * 3];
        new Random(7).nextBytes(image);

        create(askAbout(image));

        assertThat(receivedImage()).isEqualTo(image);
    }

    private byte[] receivedImage() {
        String url = message(0).at("/content/0/image_url/url").asText();
        assertThat(url).startsWith("data:image/png;base64,");
        return Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1));
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "404", "429", "500", "503"})
    void error_unary_isTheTypedExceptionOfItsStatus(int status) {
        provider.script(MODEL, Reaction.fails(status, "", Map.of("retry-after", "30")));

        assertFailure(
                catchThrowableOfType(
                        OpenAIServiceException.class, () -> create(ask("Hello").build())),
                status);
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "404", "429", "500", "503"})
    void error_stream_isTheTypedExceptionOfItsStatus(int status) {
        provider.script(MODEL, Reaction.fails(status, "", Map.of("retry-after", "30")));

        assertFailure(
                catchThrowableOfType(
                        OpenAIServiceException.class, () -> streamed(ask("Hello").build())),
                status);
    }

    private static void assertFailure(OpenAIServiceException failure, int status) {
        assertThat(failure).isInstanceOf(exceptionOf(status));
        assertThat(failure.statusCode()).isEqualTo(status);
        assertThat(failure).hasMessageContaining("scripted " + status);
        if (status == 429) {
            assertThat(failure.headers().values("retry-after")).containsExactly("30");
        }
    }

    private static Class<? extends OpenAIServiceException> exceptionOf(int status) {
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
        provider.script(MODEL, Canned.stream("chat/text").only(5, ending));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOfAny(OpenAIIoException.class, SseException.class);
    }

    @Test
    void stream_endedBeforeItsLastChunk_isNoCompletion() {
        provider.script(MODEL, Canned.stream("chat/text").only(5, Reaction.Ending.CLEAN));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOfAny(IllegalStateException.class, SseException.class);
    }

    @Test
    void stream_withErrorAfterText_isAnError() {
        provider.script(
                MODEL,
                Canned.stream("chat/text")
                        .only(5, Reaction.Ending.CLEAN)
                        .then(
                                "data: {\"error\":{\"message\":\"scripted 503\",\"type\":"
                                        + "\"server_error\",\"param\":null,\"code\":null}}\n\n"));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOf(SseException.class)
                .hasMessageContaining("scripted 503");
    }

    @Test
    void embeddings_byDefault_areAskedForAndReadInBase64() {
        provider.script(EMBEDDING_MODEL, Canned.body("chat/embeddings-base64"));

        assertEmbeddings(client.embeddings().create(embed().build()));

        ProviderRequest request = provider.requests(EMBEDDING_MODEL).getLast();
        assertThat(request.path()).isEqualTo("/v1/embeddings");
        assertThat(request.body().path("encoding_format").asText()).isEqualTo("base64");
    }

    @Test
    void embeddings_asFloats_areRead() {
        provider.script(EMBEDDING_MODEL, Canned.body("chat/embeddings-float"));

        assertEmbeddings(
                client.embeddings()
                        .create(
                                embed().encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                                        .build()));

        assertThat(
                        provider.requests(EMBEDDING_MODEL)
                                .getLast()
                                .body()
                                .path("encoding_format")
                                .asText())
                .isEqualTo("float");
    }

    private static void assertEmbeddings(CreateEmbeddingResponse response) {
        assertThat(response.data()).hasSize(2);
        for (int i = 0; i < EMBEDDING.length; i++) {
            assertThat(response.data().get(0).embedding().get(i)).isEqualTo(EMBEDDING[i]);
            assertThat(response.data().get(1).embedding().get(i)).isEqualTo(-EMBEDDING[i]);
        }
        assertThat(response.usage().promptTokens()).isEqualTo(8);
    }

    @Test
    void models_list_isRead() {
        provider.script("", Canned.body("chat/models"));

        List<String> ids =
                client.models().list().autoPager().stream().map(model -> model.id()).toList();

        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
    }

    private ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder()
                .model(door.model(Door.Format.OPENAI, MODEL))
                .addUserMessage(text);
    }

    private ChatCompletionCreateParams askWithTools() {
        FunctionParameters parameters =
                FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                                "properties",
                                JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                        .build();
        return ask("How is the weather in Zürich, and what time is it?")
                .addFunctionTool(
                        FunctionDefinition.builder().name("weather").parameters(parameters).build())
                .build();
    }

    private ChatCompletionCreateParams askAbout(byte[] image) {
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(image);
        ChatCompletionContentPartImage part =
                ChatCompletionContentPartImage.builder()
                        .imageUrl(
                                ChatCompletionContentPartImage.ImageUrl.builder().url(url).build())
                        .build();
        return ChatCompletionCreateParams.builder()
                .model(door.model(Door.Format.OPENAI, MODEL))
                .addUserMessageOfArrayOfContentParts(
                        List.of(ChatCompletionContentPart.ofImageUrl(part)))
                .build();
    }

    private EmbeddingCreateParams.Builder embed() {
        return EmbeddingCreateParams.builder()
                .model(door.model(Door.Format.OPENAI, EMBEDDING_MODEL))
                .inputOfArrayOfStrings(List.of("one", "two"));
    }

    private ChatCompletion create(ChatCompletionCreateParams params) {
        return client.chat().completions().create(params);
    }

    private ChatCompletion streamed(ChatCompletionCreateParams params) {
        ChatCompletionAccumulator completion = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams withUsage =
                params.toBuilder()
                        .streamOptions(
                                ChatCompletionStreamOptions.builder().includeUsage(true).build())
                        .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(withUsage)) {
            stream.stream().forEach(completion::accumulate);
        }
        return completion.chatCompletion();
    }

    private static String text(ChatCompletion completion) {
        return completion.choices().get(0).message().content().orElseThrow();
    }

    private static void assertUsage(ChatCompletion completion) {
        assertThat(completion.usage().orElseThrow().promptTokens()).isEqualTo(43);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(15);
        assertThat(
                        completion
                                .usage()
                                .orElseThrow()
                                .promptTokensDetails()
                                .orElseThrow()
                                .cachedTokens())
                .contains(11L);
    }

    private ProviderRequest received() {
        return provider.requests(MODEL).getLast();
    }

    private JsonNode message(int index) {
        return received().body().path("messages").path(index);
    }
}
