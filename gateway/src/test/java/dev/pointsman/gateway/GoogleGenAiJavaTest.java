package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.Content;
import com.google.genai.types.EmbedContentResponse;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Model;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import com.google.genai.types.Type;

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

/** The official SDK of Gemini as the client. */
class GoogleGenAiJavaTest {

    private static final String MODEL = "gemini-3-flash";
    private static final String EMBEDDING_MODEL = "gemini-embedding-001";
    private static final GenerateContentConfig PLAIN = GenerateContentConfig.builder().build();
    private static final GenerateContentConfig REPORT =
            GenerateContentConfig.builder()
                    .responseMimeType("application/json")
                    .responseSchema(
                            Schema.builder()
                                    .type(Type.Known.OBJECT)
                                    .properties(
                                            Map.of(
                                                    "city",
                                                    Schema.builder()
                                                            .type(Type.Known.STRING)
                                                            .build()))
                                    .required("city"))
                    .build();

    private final FakeProvider provider = FakeProvider.start();
    private final Door door = Door.to(provider);
    private final Client client =
            Client.builder()
                    .apiKey("client-key")
                    .httpOptions(
                            HttpOptions.builder()
                                    .baseUrl(door.gemini())
                                    .retryOptions(HttpRetryOptions.builder().attempts(1))
                                    .build())
                    .build();

    @AfterEach
    void close() {
        client.close();
        door.close();
        provider.close();
    }

    @Test
    void unary_textAndUsage_arrive() {
        provider.script(MODEL, Canned.body("gemini/text"));

        GenerateContentResponse response = generate("Hello");

        assertThat(response.text()).isEqualTo(Canned.TEXT);
        assertThat(response.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
        assertUsage(response);
    }

    @Test
    void unary_pathAndHeaders_areTheApis() {
        generate("Hello");

        ProviderRequest request = received();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).matches("/v1(beta)?/models/" + MODEL + ":generateContent");
        assertThat(request.header("x-goog-api-key")).contains(door.keyAtProvider("client-key"));
        assertThat(request.header("content-type").orElseThrow()).startsWith("application/json");
    }

    @Test
    void request_unknownField_arrivesUnchanged() {
        client.models.generateContent(
                model(),
                "Hello",
                GenerateContentConfig.builder()
                        .httpOptions(
                                HttpOptions.builder()
                                        .extraBody(Map.of("not_yet_known", Map.of("a", 1))))
                        .build());

        assertThat(received().body().at("/not_yet_known/a").asInt()).isEqualTo(1);
    }

    @Test
    void request_unicode_arrivesByteForByte() {
        generate(Canned.TEXT);

        assertThat(parts(0).at("/0/text").asText()).isEqualTo(Canned.TEXT);
    }

    @Test
    void unary_compressed_textIsEqual() {
        provider.script(MODEL, Canned.compressedIfAccepted(Canned.body("gemini/text")));

        assertThat(generate("Hello").text()).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_textAndUsage_arrive() {
        provider.script(MODEL, Canned.stream("gemini/text"));

        List<GenerateContentResponse> responses = streamed(user("Hello"), PLAIN);

        assertThat(text(responses)).isEqualTo(Canned.TEXT);
        assertUsage(responses.getLast());
        assertThat(responses.getLast().finishReason().knownEnum())
                .isEqualTo(FinishReason.Known.STOP);
        assertThat(received().path()).endsWith(MODEL + ":streamGenerateContent?alt=sse");
    }

    @Test
    void stream_cutWithinLinesAndCharacters_textIsEqual() {
        provider.script(MODEL, Canned.stream("gemini/text").inPiecesOf(1));

        assertThat(text(streamed(user("Hello"), PLAIN))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_withComments_textIsEqual() {
        provider.script(MODEL, Canned.commentedStream("gemini/text"));

        assertThat(text(streamed(user("Hello"), PLAIN))).isEqualTo(Canned.TEXT);
    }

    @Test
    void stream_compressed_textIsEqual() {
        provider.script(MODEL, Canned.compressedIfAccepted(Canned.stream("gemini/text")));

        assertThat(text(streamed(user("Hello"), PLAIN))).isEqualTo(Canned.TEXT);
    }

    @Test
    void tools_unary_callsArriveAndResultsAreAccepted() {
        provider.script(MODEL, Canned.body("gemini/tools"), Canned.body("gemini/text"));
        Content question = user("How is the weather in Zürich, and what time is it?");

        GenerateContentResponse response =
                client.models.generateContent(model(), question, withTools().build());

        assertToolTurns(question, List.of(response), "gemini/tools");
    }

    @Test
    void tools_stream_callsArriveAndResultsAreAccepted() {
        provider.script(MODEL, Canned.stream("gemini/tools"), Canned.body("gemini/text"));
        Content question = user("How is the weather in Zürich, and what time is it?");

        assertToolTurns(question, streamed(question, withTools().build()), "gemini/tools");
    }

    @Test
    void thinking_unary_partsGoBackUnchanged() {
        provider.script(MODEL, Canned.body("gemini/thinking"), Canned.body("gemini/text"));
        Content question = user("How is the weather in Zürich?");

        GenerateContentResponse response =
                client.models.generateContent(model(), question, thinking());

        assertThat(response.parts().get(0).thought()).contains(true);
        assertThat(response.text()).isEqualTo("I will look.");
        assertThoughts();
        assertToolTurns(question, List.of(response), "gemini/thinking");
    }

    @Test
    void thinking_stream_partsGoBackUnchanged() {
        provider.script(MODEL, Canned.stream("gemini/thinking"), Canned.body("gemini/text"));
        Content question = user("How is the weather in Zürich?");

        List<GenerateContentResponse> responses = streamed(question, thinking());

        assertThat(responses.get(0).parts().get(0).thought()).contains(true);
        assertThat(text(responses)).isEqualTo("I will look.");
        assertThoughts();
        assertToolTurns(question, responses, "gemini/thinking");
    }

    private void assertThoughts() {
        assertThat(
                        received()
                                .body()
                                .at("/generationConfig/thinkingConfig/includeThoughts")
                                .asBoolean())
                .isTrue();
    }

    private void assertToolTurns(
            Content question, List<GenerateContentResponse> responses, String name) {
        List<Part> parts = responses.stream().flatMap(some -> some.parts().stream()).toList();
        List<FunctionCall> calls =
                parts.stream().flatMap(part -> part.functionCall().stream()).toList();
        assertThat(calls.get(0).id()).contains("fc-1");
        assertThat(calls.get(0).name()).contains("weather");
        assertThat(calls.get(0).args().orElseThrow())
                .isEqualTo(Map.of("city", "Zürich", "days", List.of(1, 2), "metric", true));
        assertThat(received().body().at("/tools/0/functionDeclarations/0/name").asText())
                .isEqualTo("weather");

        GenerateContentResponse answer =
                client.models.generateContent(
                        model(),
                        List.of(
                                question,
                                Content.builder().role("model").parts(parts).build(),
                                results(calls)),
                        withTools().build());

        assertThat(answer.text()).isEqualTo(Canned.TEXT);
        assertThat(parts(1)).isEqualTo(cannedParts(name, responses.size() > 1));
        assertThat(parts(2).at("/0/functionResponse/id").asText()).isEqualTo("fc-1");
        assertThat(parts(2).at("/0/functionResponse/response/output").asText()).isEqualTo("21 °C");
    }

    private static JsonNode cannedParts(String name, boolean streamed) {
        return streamed
                ? Canned.streamedParts(name)
                : Canned.json(name).at("/candidates/0/content/parts");
    }

    @Test
    void structuredOutput_unary_schemaArrivesAndAnswerIsJson() {
        provider.script(MODEL, Canned.body("gemini/structured"));

        assertReport(client.models.generateContent(model(), "Report.", REPORT).text());
    }

    @Test
    void structuredOutput_stream_schemaArrivesAndAnswerIsJson() {
        provider.script(MODEL, Canned.stream("gemini/structured"));

        assertReport(text(streamed(user("Report."), REPORT)));
    }

    private void assertReport(String answer) {
        assertThat(Canned.parsed(answer).path("city").asText()).isEqualTo("Zürich");
        JsonNode config = received().body().path("generationConfig");
        assertThat(config.path("responseMimeType").asText()).isEqualTo("application/json");
        assertThat(config.at("/responseSchema/properties/city/type").asText()).isEqualTo("STRING");
        assertThat(config.at("/responseSchema/required/0").asText()).isEqualTo("city");
    }

    @Test
    void image_base64_arrivesByteForByte() {
        byte[] image = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', -1, 0, 62, 63};

        client.models.generateContent(model(), about(image), PLAIN);

        assertThat(receivedImage()).isEqualTo(image);
    }

    @Test
    void image_ofFiveMegabytesInBase64_arrivesByteForByte() {
        byte[] image = new byte[5 * 1024 * 1024 / 4 * 3];
        new Random(7).nextBytes(image);

        client.models.generateContent(model(), about(image), PLAIN);

        assertThat(receivedImage()).isEqualTo(image);
    }

    private byte[] receivedImage() {
        JsonNode data = parts(0).at("/0/inlineData");
        assertThat(data.path("mimeType").asText()).isEqualTo("image/png");
        return Base64.getDecoder().decode(data.path("data").asText());
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "404", "429", "500", "503"})
    void error_unary_isTheTypedExceptionOfItsStatus(int status) {
        provider.script(MODEL, Reaction.fails(status, "", Map.of("retry-after", "30")));

        assertFailure(catchThrowableOfType(ApiException.class, () -> generate("Hello")), status);
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "404", "429", "500", "503"})
    void error_stream_isTheTypedExceptionOfItsStatus(int status) {
        provider.script(MODEL, Reaction.fails(status, "", Map.of("retry-after", "30")));

        assertFailure(
                catchThrowableOfType(ApiException.class, () -> streamed(user("Hello"), PLAIN)),
                status);
    }

    private static void assertFailure(ApiException failure, int status) {
        assertThat(failure)
                .isInstanceOf(status < 500 ? ClientException.class : ServerException.class);
        assertThat(failure.code()).isEqualTo(status);
        assertThat(failure.message()).contains("scripted " + status);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reaction.Ending.class,
            names = {"CLOSE", "RESET"})
    void stream_brokenOff_isAnError(Reaction.Ending ending) {
        provider.script(MODEL, Canned.stream("gemini/text").only(3, ending));

        assertThatThrownBy(() -> streamed(user("Hello"), PLAIN))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void stream_endedBeforeItsLastChunk_hasNoFinishReason() {
        provider.script(MODEL, Canned.stream("gemini/text").only(3, Reaction.Ending.CLEAN));
        List<GenerateContentResponse> responses = new ArrayList<>();

        try {
            responses.addAll(streamed(user("Hello"), PLAIN));
        } catch (ApiException told) {
            return; // a gateway knows better than the SDK that the answer is cut
        }

        assertThat(responses)
                .allMatch(some -> some.candidates().orElseThrow().get(0).finishReason().isEmpty());
    }

    @Test
    void stream_withErrorAfterText_isAnError() {
        provider.script(
                MODEL,
                Canned.stream("gemini/text")
                        .only(3, Reaction.Ending.CLEAN)
                        .then(
                                "data: {\"error\":{\"code\":503,\"message\":\"scripted 503\","
                                        + "\"status\":\"UNAVAILABLE\"}}\r\n\r\n"));

        assertThatThrownBy(() -> streamed(user("Hello"), PLAIN))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("scripted 503");
    }

    @Test
    void embedContent_oneText_vectorArrives() {
        provider.script(EMBEDDING_MODEL, Canned.body("gemini/batch-embed"));

        assertVector(client.models.embedContent(embeddingModel(), "one", null));
    }

    @Test
    void embedContent_manyTexts_vectorsArrive() {
        provider.script(EMBEDDING_MODEL, Canned.body("gemini/batch-embed"));

        EmbedContentResponse response =
                client.models.embedContent(embeddingModel(), List.of("one", "two"), null);

        assertVector(response);
        assertThat(response.embeddings().orElseThrow()).hasSize(2);
        JsonNode requests = provider.requests(EMBEDDING_MODEL).getLast().body().path("requests");
        assertThat(requests).hasSize(2);
        assertThat(requests.at("/1/model").asText()).isEqualTo("models/" + EMBEDDING_MODEL);
    }

    private static void assertVector(EmbedContentResponse response) {
        assertThat(response.embeddings().orElseThrow().get(0).values().orElseThrow())
                .containsExactly(0.0023064255f, -0.009327292f, 1.5f, -0.0028842222f);
    }

    @Test
    void countTokens_count_arrives() {
        provider.script(MODEL, Canned.body("gemini/count"));

        assertThat(client.models.countTokens(model(), "Hello", null).totalTokens()).contains(31);
        assertThat(received().path()).endsWith(":countTokens");
    }

    @Test
    void models_list_isRead() {
        provider.script("", Canned.body("gemini/models"));
        List<String> names = new ArrayList<>();

        for (Model model : client.models.list(null)) {
            names.add(model.name().orElseThrow());
        }

        assertThat(names)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("models/"));
    }

    private String model() {
        return door.model(Door.Format.GEMINI, MODEL);
    }

    private String embeddingModel() {
        return door.model(Door.Format.GEMINI, EMBEDDING_MODEL);
    }

    private GenerateContentResponse generate(String text) {
        return client.models.generateContent(model(), text, PLAIN);
    }

    private static GenerateContentConfig.Builder withTools() {
        Schema city = Schema.builder().type(Type.Known.STRING).build();
        FunctionDeclaration weather =
                FunctionDeclaration.builder()
                        .name("weather")
                        .parameters(
                                Schema.builder()
                                        .type(Type.Known.OBJECT)
                                        .properties(Map.of("city", city))
                                        .required("city"))
                        .build();
        return GenerateContentConfig.builder()
                .tools(Tool.builder().functionDeclarations(weather).build());
    }

    private static GenerateContentConfig thinking() {
        return withTools().thinkingConfig(ThinkingConfig.builder().includeThoughts(true)).build();
    }

    private static Content user(String text) {
        return Content.builder().role("user").parts(Part.fromText(text)).build();
    }

    private static Content about(byte[] image) {
        return Content.builder().role("user").parts(Part.fromBytes(image, "image/png")).build();
    }

    private static Content results(List<FunctionCall> calls) {
        List<Part> parts =
                calls.stream()
                        .map(call ->
                                FunctionResponse.builder()
                                        .id(call.id().orElseThrow())
                                        .name(call.name().orElseThrow())
                                        .response(Map.of("output", "21 °C"))
                                        .build())
                        .map(result -> Part.builder().functionResponse(result).build())
                        .toList();
        return Content.builder().role("user").parts(parts).build();
    }

    private List<GenerateContentResponse> streamed(Content question, GenerateContentConfig config) {
        List<GenerateContentResponse> responses = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(model(), question, config)) {
            stream.forEach(responses::add);
        }
        return responses;
    }

    private static String text(List<GenerateContentResponse> responses) {
        return responses.stream()
                .flatMap(response -> response.parts().stream())
                .filter(part -> !part.thought().orElse(false))
                .flatMap(part -> part.text().stream())
                .collect(Collectors.joining());
    }

    private static void assertUsage(GenerateContentResponse response) {
        GenerateContentResponseUsageMetadata usage = response.usageMetadata().orElseThrow();
        assertThat(usage.promptTokenCount()).contains(43);
        assertThat(usage.candidatesTokenCount()).contains(10);
        assertThat(usage.thoughtsTokenCount()).contains(5);
        assertThat(usage.cachedContentTokenCount()).contains(11);
    }

    private ProviderRequest received() {
        return provider.requests(MODEL).getLast();
    }

    private JsonNode parts(int content) {
        return received().body().path("contents").path(content).path("parts");
    }
}
