package dev.pointsman.gateway;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputFile;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextConfig;
import com.openai.models.responses.ResponseUsage;
import com.openai.models.responses.WebSearchTool;

import dev.pointsman.gateway.Ask.Call;
import dev.pointsman.gateway.Ask.Heard;
import dev.pointsman.gateway.Ask.Stop;
import dev.pointsman.gateway.Ask.Tokens;
import dev.pointsman.gateway.Ask.With;
import dev.pointsman.wire.Format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

final class ResponsesSdk implements Sdk {

    private final OpenAIClient client;

    ResponsesSdk(String url) {
        client = ChatSdk.client(url);
    }

    @Override
    public Format format() {
        return Format.OPENAI_RESPONSES;
    }

    @Override
    public Heard ask(Ask ask) {
        return send(params(ask, List.of()), ask.stream());
    }

    @Override
    public Heard answer(Ask ask, Heard first) {
        List<ResponseInputItem> turn = new ArrayList<>();
        ((Response) first.turn()).output().stream().map(ResponsesSdk::asInput).forEach(turn::add);
        for (Call call : first.calls()) {
            turn.add(
                    ResponseInputItem.ofFunctionCallOutput(
                            ResponseInputItem.FunctionCallOutput.builder()
                                    .callId(call.id())
                                    .output(Ask.RESULT)
                                    .build()));
        }
        return send(params(ask, turn), ask.stream());
    }

    private static ResponseInputItem asInput(ResponseOutputItem item) {
        return item.reasoning()
                .map(ResponseInputItem::ofReasoning)
                .or(() -> item.message().map(ResponseInputItem::ofResponseOutputMessage))
                .orElseGet(() -> ResponseInputItem.ofFunctionCall(item.asFunctionCall()));
    }

    private static ResponseCreateParams params(Ask ask, List<ResponseInputItem> turn) {
        List<ResponseInputItem> input = new ArrayList<>(List.of(question(ask)));
        input.addAll(turn);
        ResponseCreateParams.Builder params =
                ResponseCreateParams.builder()
                        .model(ask.model())
                        .inputOfResponse(input)
                        .store(false)
                        .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT);
        if (ask.has(With.TOOLS)) {
            params.addTool(tool("weather", Ask.CITY))
                    .addTool(tool("now", Map.of("type", "object", "properties", Map.of())));
        }
        if (ask.has(With.HOSTED_TOOL)) {
            params.addTool(WebSearchTool.builder().type(WebSearchTool.Type.WEB_SEARCH).build());
        }
        if (ask.has(With.SCHEMA)) {
            ResponseFormatTextJsonSchemaConfig.Schema.Builder schema =
                    ResponseFormatTextJsonSchemaConfig.Schema.builder();
            Ask.REPORT.forEach(
                    (key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));
            params.text(
                    ResponseTextConfig.builder()
                            .format(
                                    ResponseFormatTextJsonSchemaConfig.builder()
                                            .name("report")
                                            .strict(true)
                                            .schema(schema.build())
                                            .build())
                            .build());
        }
        if (ask.has(With.REASONING)) {
            params.reasoning(
                    Reasoning.builder()
                            .effort(ReasoningEffort.MEDIUM)
                            .summary(Reasoning.Summary.AUTO)
                            .build());
        }
        if (ask.has(With.STATE)) {
            params.previousResponseId("resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b");
        }
        return params.build();
    }

    private static FunctionTool tool(String name, Map<String, Object> schema) {
        FunctionTool.Parameters.Builder parameters = FunctionTool.Parameters.builder();
        schema.forEach(
                (key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
        return FunctionTool.builder()
                .name(name)
                .parameters(parameters.build())
                .strict(false)
                .build();
    }

    private static ResponseInputItem question(Ask ask) {
        ResponseInputItem.Message.Builder message =
                ResponseInputItem.Message.builder().role(ResponseInputItem.Message.Role.USER);
        if (ask.has(With.IMAGE)) {
            message.addContent(
                    ResponseInputImage.builder()
                            .imageUrl(ChatSdk.data("image/png", Ask.IMAGE))
                            .detail(ResponseInputImage.Detail.AUTO)
                            .build());
        }
        if (ask.has(With.PDF)) {
            message.addContent(
                    ResponseInputFile.builder()
                            .fileData(ChatSdk.data("application/pdf", Ask.PDF))
                            .filename("paper.pdf")
                            .build());
        }
        return ResponseInputItem.ofMessage(message.addInputTextContent(Ask.QUESTION).build());
    }

    private Heard send(ResponseCreateParams params, boolean stream) {
        if (!stream) {
            HttpResponseFor<Response> response =
                    client.responses().withRawResponse().create(params);
            return heard(response.parse(), response.headers()::values);
        }
        ResponseAccumulator answer = ResponseAccumulator.create();
        StringBuilder text = new StringBuilder();
        HttpResponseFor<StreamResponse<ResponseStreamEvent>> response =
                client.responses().withRawResponse().createStreaming(params);
        try (StreamResponse<ResponseStreamEvent> events = response.parse()) {
            events.stream()
                    .map(ResponseStreamEvent::validate)
                    .forEach(event -> {
                        answer.accumulate(event);
                        event.outputTextDelta().ifPresent(delta -> text.append(delta.delta()));
                        event.refusalDelta().ifPresent(delta -> text.append(delta.delta()));
                    });
        }
        Heard heard = heard(answer.response(), response.headers()::values);
        if (!heard.text().contentEquals(text)) {
            throw new AssertionError("the deltas say something else: " + text);
        }
        return heard;
    }

    private static Heard heard(Response response, Function<String, List<String>> header) {
        response.validate();
        if (response.error().isPresent()) {
            throw new IllegalStateException(response.error().get().message());
        }
        List<Call> calls =
                response.output().stream()
                        .flatMap(item -> item.functionCall().stream())
                        .map(call ->
                                new Call(
                                        call.callId(),
                                        call.name(),
                                        Canned.parsed(call.arguments())))
                        .toList();
        return new Heard(
                response.output().stream()
                        .flatMap(item -> item.message().stream())
                        .flatMap(message -> message.content().stream())
                        .map(ResponsesSdk::text)
                        .collect(Collectors.joining()),
                response.output().stream()
                        .flatMap(item -> item.reasoning().stream())
                        .flatMap(reasoning -> reasoning.summary().stream())
                        .map(ResponseReasoningItem.Summary::text)
                        .collect(Collectors.joining("\n")),
                calls,
                stop(response, calls),
                tokens(response.usage().orElseThrow()),
                Sdk.dropped(header),
                response);
    }

    private static String text(ResponseOutputMessage.Content content) {
        return content.outputText()
                .map(some -> some.text())
                .orElseGet(() -> content.asRefusal().refusal());
    }

    private static Stop stop(Response response, List<Call> calls) {
        if (response.status().orElseThrow().equals(ResponseStatus.INCOMPLETE)) {
            Response.IncompleteDetails.Reason reason =
                    response.incompleteDetails().orElseThrow().reason().orElseThrow();
            return reason.equals(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS)
                    ? Stop.LENGTH
                    : Stop.REFUSED;
        }
        boolean refused =
                response.output().stream()
                        .flatMap(item -> item.message().stream())
                        .flatMap(message -> message.content().stream())
                        .anyMatch(content -> content.isRefusal());
        if (refused) {
            return Stop.REFUSED;
        }
        return calls.isEmpty() ? Stop.END : Stop.TOOLS;
    }

    private static Tokens tokens(ResponseUsage usage) {
        return new Tokens(
                usage.inputTokens(),
                usage.inputTokensDetails().cachedTokens(),
                usage.outputTokens(),
                usage.outputTokensDetails().reasoningTokens());
    }

    @Override
    public Class<? extends Throwable> exceptionOf(int status) {
        return ChatSdk.openAiException(status);
    }

    @Override
    public int statusOf(Throwable failure) {
        return ((OpenAIServiceException) failure).statusCode();
    }

    @Override
    public void close() {
        client.close();
    }
}
