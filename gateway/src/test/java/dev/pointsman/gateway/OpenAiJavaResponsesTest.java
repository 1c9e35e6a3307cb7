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
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponse;

import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** The official SDK of OpenAI as the client: responses. */
class OpenAiJavaResponsesTest {

    private static final String MODEL = "gpt-5.4";

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
        provider.script(MODEL, Canned.body("responses/text"));

        Response response = client.responses().create(ask("Hello").build());

        assertThat(text(response)).isEqualTo(Canned.TEXT);
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        assertUsage(response);
        assertThat(received().path()).isEqualTo("/v1/responses");
        assertThat(received().header("authorization"))
                .contains("Bearer " + door.keyAtProvider("client-key"));
    }

    @Test
    void request_unknownField_arrivesUnchanged() {
        client.responses()
                .create(
                        ask("Hello")
                                .putAdditionalBodyProperty(
                                        "not_yet_known", JsonValue.from(Map.of("a", 1)))
                                .build());

        assertThat(received().body().at("/not_yet_known/a").asInt()).isEqualTo(1);
    }

    @Test
    void request_unicode_arrivesByteForByte() {
        client.responses().create(ask(Canned.TEXT).build());

        assertThat(received().body().path("input").asText()).isEqualTo(Canned.TEXT);
    }

    @Test
    void unary_compressed_textIsEqual() {
        provider.script(MODEL, Canned.compressedIfAccepted(Canned.body("responses/text")));

        assertThat(text(client.responses().create(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_textAndUsage_arrive() {
        provider.script(MODEL, Canned.stream("responses/text"));

        Response response = streamed(ask("Hello").build());

        assertThat(text(response)).isEqualTo(Canned.TEXT);
        assertUsage(response);
        assertThat(received().body().path("stream").asBoolean()).isTrue();
    }

    @Test
    void stream_textOfDeltas_isEqual() {
        provider.script(MODEL, Canned.stream("responses/text"));

        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(ask("Hello").build())) {
            assertThat(
                            stream.stream()
                                    .flatMap(event -> event.outputTextDelta().stream())
                                    .map(delta -> delta.delta())
                                    .collect(Collectors.joining()))
                    .isEqualTo(Canned.TEXT);
        }
    }

    @Test
    void stream_cutWithinLinesAndCharacters_textIsEqual() {
        provider.script(MODEL, Canned.stream("responses/text").inPiecesOf(1));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_withCommentsAndCrlf_textIsEqual() {
        provider.script(MODEL, Canned.commentedStream("responses/text"));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_compressed_textIsEqual() {
        provider.script(MODEL, Canned.compressedIfAccepted(Canned.stream("responses/text")));

        assertThat(text(streamed(ask("Hello").build()))).isEqualTo(Canned.TEXT);
    }

    @Test
    void tools_unary_callsArriveAndResultsAreAccepted() {
        provider.script(MODEL, Canned.body("responses/tools"), Canned.body("responses/text"));
        ResponseCreateParams first = askWithTools();

        assertToolTurns(first, client.responses().create(first), "responses/tools");
    }

    @Test
    void tools_stream_callsArriveAndResultsAreAccepted() {
        provider.script(MODEL, Canned.stream("responses/tools"), Canned.body("responses/text"));
        ResponseCreateParams first = askWithTools();

        assertToolTurns(first, streamed(first), "responses/tools");
    }

    @Test
    void reasoning_unary_itemsGoBackUnchanged() {
        provider.script(MODEL, Canned.body("responses/thinking"), Canned.body("responses/text"));
        ResponseCreateParams first = askWithTools();

        assertReasoning(first, client.responses().create(first));
    }

    @Test
    void reasoning_stream_itemsGoBackUnchanged() {
        provider.script(MODEL, Canned.stream("responses/thinking"), Canned.body("responses/text"));
        ResponseCreateParams first = askWithTools();

        assertReasoning(first, streamed(first));
    }

    private void assertReasoning(ResponseCreateParams first, Response response) {
        JsonNode canned = Canned.json("responses/thinking").at("/output/0");
        assertThat(received().body().at("/include/0").asText())
                .isEqualTo("reasoning.encrypted_content");
        assertThat(response.output().get(0).asReasoning().encryptedContent())
                .contains(canned.path("encrypted_content").asText());
        assertThat(response.output().get(0).asReasoning().summary().get(0).text())
                .isEqualTo(canned.at("/summary/0/text").asText());

        assertToolTurns(first, response, "responses/thinking");
    }

    private void assertToolTurns(ResponseCreateParams first, Response response, String name) {
        JsonNode canned = Canned.json(name).path("output");
        List<ResponseFunctionToolCall> calls =
                response.output().stream().flatMap(item -> item.functionCall().stream()).toList();
        JsonNode call = canned.get(canned.size() - calls.size());
        assertThat(calls.get(0).callId()).isEqualTo(call.path("call_id").asText());
        assertThat(calls.get(0).name()).isEqualTo("weather");
        assertThat(calls.get(0).arguments()).isEqualTo(call.path("arguments").asText());
        assertThat(received().body().at("/tools/0/name").asText()).isEqualTo("weather");

        Response answer = client.responses().create(withResults(first, response, calls));

        assertThat(text(answer)).isEqualTo(Canned.TEXT);
        for (int i = 0; i < canned.size(); i++) {
            assertThat(input(1 + i)).isEqualTo(canned.get(i));
        }
        JsonNode result = input(1 + canned.size());
        assertThat(result.path("type").asText()).isEqualTo("function_call_output");
        assertThat(result.path("call_id").asText()).isEqualTo(calls.get(0).callId());
        assertThat(result.path("output").asText()).isEqualTo("21 °C");
    }

    @Test
    void structuredOutput_unary_schemaArrivesAndAnswerIsTyped() {
        provider.script(MODEL, Canned.body("responses/structured"));

        assertReport(client.responses().create(ask("Report.").text(Report.class).build()));
    }

    @Test
    void structuredOutput_stream_schemaArrivesAndAnswerIsTyped() {
        provider.script(MODEL, Canned.stream("responses/structured"));
        ResponseAccumulator response = ResponseAccumulator.create();

        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(ask("Report.").text(Report.class).build())) {
            stream.stream().forEach(response::accumulate);
        }

        assertReport(response.response(Report.class));
    }

    private void assertReport(StructuredResponse<Report> response) {
        Report report =
                response.output().stream()
                        .flatMap(item -> item.message().stream())
                        .flatMap(message -> message.content().stream())
                        .flatMap(content -> content.outputText().stream())
                        .findFirst()
                        .orElseThrow();
        assertThat(report.city).isEqualTo("Zürich");
        assertThat(report.celsius).isEqualTo(21.0);
        assertThat(report.sunny).isTrue();
        JsonNode format = received().body().at("/text/format");
        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThat(format.at("/schema/properties/sunny/type").asText()).isEqualTo("boolean");
    }

    @Test
    void image_base64_arrivesByteForByte() {
        byte[] image = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', -1, 0, 62, 63};

        client.responses().create(askAbout(image));

        assertThat(receivedImage()).isEqualTo(image);
    }

    @Test
    void image_ofFiveMegabytesInBase64_arrivesByteForByte() {
        byte[] image = new byte[5 * 1024 * 1024 / 4 * 3];
        new Random(7).nextBytes(image);

        client.responses().create(askAbout(image));

        assertThat(receivedImage()).isEqualTo(image);
    }

    private byte[] receivedImage() {
        String url = input(0).at("/content/0/image_url").asText();
        assertThat(url).startsWith("data:image/png;base64,");
        return Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1));
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "404", "429", "500", "503"})
    void error_unary_isTheTypedExceptionOfItsStatus(int status) {
        provider.script(MODEL, Reaction.fails(status, "", Map.of("retry-after", "30")));

        assertFailure(
                catchThrowableOfType(
                        OpenAIServiceException.class,
                        () -> client.responses().create(ask("Hello").build())),
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
        provider.script(MODEL, Canned.stream("responses/text").only(6, ending));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOfAny(OpenAIIoException.class, SseException.class);
    }

    @Test
    void stream_endedBeforeItsLastEvent_isAnError() {
        provider.script(MODEL, Canned.stream("responses/text").only(6, Reaction.Ending.CLEAN));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOfAny(OpenAIIoException.class, SseException.class);
    }

    @Test
    void stream_withFailedEventAfterText_isAFailedResponse() {
        provider.script(
                MODEL,
                Canned.stream("responses/text")
                        .only(6, Reaction.Ending.CLEAN)
                        .then(Canned.event("responses/failed")));

        Response response = streamed(ask("Hello").build());

        assertThat(response.status()).contains(ResponseStatus.FAILED);
        assertThat(response.error().orElseThrow().message()).isEqualTo("scripted");
    }

    @Test
    void stream_withErrorEventAfterText_isNoResponse() {
        provider.script(
                MODEL,
                Canned.stream("responses/text")
                        .only(6, Reaction.Ending.CLEAN)
                        .then(Canned.event("responses/error")));

        assertThatThrownBy(() -> streamed(ask("Hello").build()))
                .isInstanceOfAny(IllegalStateException.class, SseException.class);
    }

    private ResponseCreateParams.Builder ask(String text) {
        return ResponseCreateParams.builder()
                .model(door.model(Door.Format.OPENAI, MODEL))
                .input(text);
    }

    private ResponseCreateParams askWithTools() {
        FunctionTool.Parameters parameters =
                FunctionTool.Parameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                                "properties",
                                JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build();
        return ask("").inputOfResponse(List.of(user("How is the weather in Zürich?")))
                .store(false)
                .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT)
                .addTool(
                        FunctionTool.builder()
                                .name("weather")
                                .parameters(parameters)
                                .strict(false)
                                .build())
                .build();
    }

    private static ResponseInputItem user(String text) {
        return ResponseInputItem.ofMessage(
                ResponseInputItem.Message.builder()
                        .role(ResponseInputItem.Message.Role.USER)
                        .addInputTextContent(text)
                        .build());
    }

    private static ResponseCreateParams withResults(
            ResponseCreateParams first, Response response, List<ResponseFunctionToolCall> calls) {
        List<ResponseInputItem> items = new ArrayList<>(first.input().orElseThrow().asResponse());
        response.output().stream().map(OpenAiJavaResponsesTest::asInput).forEach(items::add);
        for (ResponseFunctionToolCall call : calls) {
            items.add(
                    ResponseInputItem.ofFunctionCallOutput(
                            ResponseInputItem.FunctionCallOutput.builder()
                                    .callId(call.callId())
                                    .output("21 °C")
                                    .build()));
        }
        return first.toBuilder().inputOfResponse(items).build();
    }

    private static ResponseInputItem asInput(ResponseOutputItem item) {
        return item.reasoning()
                .map(ResponseInputItem::ofReasoning)
                .orElseGet(() -> ResponseInputItem.ofFunctionCall(item.asFunctionCall()));
    }

    private ResponseCreateParams askAbout(byte[] image) {
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(image);
        ResponseInputItem item =
                ResponseInputItem.ofMessage(
                        ResponseInputItem.Message.builder()
                                .role(ResponseInputItem.Message.Role.USER)
                                .addContent(
                                        ResponseInputImage.builder()
                                                .imageUrl(url)
                                                .detail(ResponseInputImage.Detail.AUTO)
                                                .build())
                                .build());
        return ask("").inputOfResponse(List.of(item)).build();
    }

    private Response streamed(ResponseCreateParams params) {
        ResponseAccumulator response = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(params)) {
            stream.stream().forEach(response::accumulate);
        }
        return response.response();
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .map(text -> text.text())
                .collect(Collectors.joining());
    }

    private static void assertUsage(Response response) {
        assertThat(response.usage().orElseThrow().inputTokens()).isEqualTo(43);
        assertThat(response.usage().orElseThrow().outputTokens()).isEqualTo(15);
        assertThat(response.usage().orElseThrow().inputTokensDetails().cachedTokens())
                .isEqualTo(11);
    }

    private ProviderRequest received() {
        return provider.requests(MODEL).getLast();
    }

    private JsonNode input(int index) {
        return received().body().path("input").path(index);
    }
}
