package dev.pointsman.gateway;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.Content;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.GoogleSearch;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;

import dev.pointsman.gateway.Ask.Call;
import dev.pointsman.gateway.Ask.Heard;
import dev.pointsman.gateway.Ask.Stop;
import dev.pointsman.gateway.Ask.Tokens;
import dev.pointsman.gateway.Ask.With;
import dev.pointsman.wire.Format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

final class GeminiSdk implements Sdk {

    private final Client client;

    GeminiSdk(String url) {
        client =
                Client.builder()
                        .apiKey("client-key")
                        .httpOptions(
                                HttpOptions.builder()
                                        .baseUrl(url)
                                        .timeout((int) Sdk.PATIENCE.toMillis())
                                        .retryOptions(
                                                HttpRetryOptions.builder().attempts(1).build())
                                        .build())
                        .build();
    }

    @Override
    public Format format() {
        return Format.GEMINI;
    }

    @Override
    public Heard ask(Ask ask) {
        return send(ask, List.of(question(ask)));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Heard answer(Ask ask, Heard first) {
        List<Part> results =
                first.calls().stream()
                        .map(call ->
                                FunctionResponse.builder()
                                        .id(call.id())
                                        .name(call.name())
                                        .response(Map.of("output", Ask.RESULT))
                                        .build())
                        .map(result -> Part.builder().functionResponse(result).build())
                        .toList();
        List<Part> turn = (List<Part>) first.turn();
        return send(
                ask,
                List.of(
                        question(ask),
                        Content.builder().role("model").parts(turn).build(),
                        Content.builder().role("user").parts(results).build()));
    }

    private static Content question(Ask ask) {
        List<Part> parts = new ArrayList<>();
        if (ask.has(With.IMAGE)) {
            parts.add(Part.fromBytes(Ask.IMAGE, "image/png"));
        }
        if (ask.has(With.PDF)) {
            parts.add(Part.fromBytes(Ask.PDF, "application/pdf"));
        }
        parts.add(Part.fromText(Ask.QUESTION));
        return Content.builder().role("user").parts(parts).build();
    }

    private static GenerateContentConfig config(Ask ask) {
        GenerateContentConfig.Builder config =
                GenerateContentConfig.builder().shouldReturnHttpResponse(false);
        List<Tool> tools = new ArrayList<>();
        if (ask.has(With.TOOLS)) {
            tools.add(
                    Tool.builder()
                            .functionDeclarations(
                                    FunctionDeclaration.builder()
                                            .name("weather")
                                            .parametersJsonSchema(Ask.CITY)
                                            .build(),
                                    FunctionDeclaration.builder().name("now").build())
                            .build());
        }
        if (ask.has(With.HOSTED_TOOL)) {
            tools.add(Tool.builder().googleSearch(GoogleSearch.builder().build()).build());
        }
        if (!tools.isEmpty()) {
            config.tools(tools);
        }
        if (ask.has(With.SCHEMA)) {
            config.responseMimeType("application/json").responseJsonSchema(Ask.REPORT);
        }
        if (ask.has(With.REASONING)) {
            config.thinkingConfig(
                    ThinkingConfig.builder().includeThoughts(true).thinkingBudget(4_096).build());
        }
        if (ask.has(With.STATE)) {
            config.cachedContent("cachedContents/0gv8bq4i2n5e");
        }
        return config.build();
    }

    private Heard send(Ask ask, List<Content> contents) {
        if (!ask.stream()) {
            return heard(
                    List.of(client.models.generateContent(ask.model(), contents, config(ask))));
        }
        List<GenerateContentResponse> chunks = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(ask.model(), contents, config(ask))) {
            stream.forEach(chunks::add);
        }
        return heard(chunks);
    }

    private static Heard heard(List<GenerateContentResponse> chunks) {
        GenerateContentResponse last = chunks.getLast();
        List<Part> parts = chunks.stream().flatMap(chunk -> parts(chunk).stream()).toList();
        List<Call> calls =
                parts.stream()
                        .flatMap(part -> part.functionCall().stream())
                        .map(call ->
                                new Call(
                                        call.id().orElseThrow(),
                                        call.name().orElseThrow(),
                                        Canned.tree(call.args().orElse(Map.of()))))
                        .toList();
        return new Heard(
                text(parts, false),
                text(parts, true),
                calls,
                stop(last.finishReason(), calls),
                tokens(last.usageMetadata().orElseThrow()),
                dropped(chunks.getFirst()),
                parts);
    }

    private static List<Part> parts(GenerateContentResponse chunk) {
        return chunk.candidates().orElse(List.of()).stream()
                .flatMap(candidate -> candidate.content().stream())
                .flatMap(content -> content.parts().orElse(List.of()).stream())
                .toList();
    }

    private static String text(List<Part> parts, boolean thought) {
        return parts.stream()
                .filter(part -> part.thought().orElse(false) == thought)
                .flatMap(part -> part.text().stream())
                .collect(Collectors.joining());
    }

    private static List<String> dropped(GenerateContentResponse first) {
        Map<String, String> headers =
                first.sdkHttpResponse().flatMap(response -> response.headers()).orElse(Map.of());
        return Sdk.dropped(name ->
                headers.entrySet().stream()
                        .filter(header -> header.getKey().equalsIgnoreCase(name))
                        .map(Map.Entry::getValue)
                        .toList());
    }

    /** The format has no reason of its own for calls. */
    private static Stop stop(FinishReason reason, List<Call> calls) {
        return switch (reason.knownEnum()) {
            case STOP -> calls.isEmpty() ? Stop.END : Stop.TOOLS;
            case MAX_TOKENS -> Stop.LENGTH;
            case SAFETY, PROHIBITED_CONTENT, BLOCKLIST -> Stop.REFUSED;
            default -> Stop.ANOTHER;
        };
    }

    private static Tokens tokens(GenerateContentResponseUsageMetadata usage) {
        int reasoning = usage.thoughtsTokenCount().orElse(0);
        return new Tokens(
                usage.promptTokenCount().orElse(0),
                usage.cachedContentTokenCount().orElse(0),
                usage.candidatesTokenCount().orElse(0) + reasoning,
                reasoning);
    }

    @Override
    public Class<? extends Throwable> exceptionOf(int status) {
        return status < 500 ? ClientException.class : ServerException.class;
    }

    @Override
    public int statusOf(Throwable failure) {
        return ((ApiException) failure).code();
    }

    @Override
    public void close() {
        client.close();
    }
}
