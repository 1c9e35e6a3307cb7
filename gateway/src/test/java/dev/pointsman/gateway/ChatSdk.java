package dev.pointsman.gateway;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;

import dev.pointsman.gateway.Ask.Call;
import dev.pointsman.gateway.Ask.Heard;
import dev.pointsman.gateway.Ask.Stop;
import dev.pointsman.gateway.Ask.Tokens;
import dev.pointsman.gateway.Ask.With;
import dev.pointsman.wire.Format;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

final class ChatSdk implements Sdk {

    private final OpenAIClient client;

    ChatSdk(String url) {
        client = client(url);
    }

    static OpenAIClient client(String url) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url + "/v1")
                .apiKey("client-key")
                .maxRetries(0)
                .timeout(Sdk.PATIENCE)
                .responseValidation(true)
                .build();
    }

    @Override
    public Format format() {
        return Format.OPENAI_CHAT;
    }

    @Override
    public Heard ask(Ask ask) {
        return send(params(ask), ask.stream());
    }

    @Override
    public Heard answer(Ask ask, Heard first) {
        ChatCompletionCreateParams.Builder params =
                params(ask).addMessage((ChatCompletionMessage) first.turn());
        for (Call call : first.calls()) {
            params.addMessage(
                    ChatCompletionToolMessageParam.builder()
                            .toolCallId(call.id())
                            .content(Ask.RESULT)
                            .build());
        }
        return send(params, ask.stream());
    }

    private static ChatCompletionCreateParams.Builder params(Ask ask) {
        ChatCompletionCreateParams.Builder params =
                ChatCompletionCreateParams.builder()
                        .model(ask.model())
                        .addUserMessageOfArrayOfContentParts(content(ask));
        if (ask.has(With.TOOLS)) {
            params.addFunctionTool(tool("weather", Ask.CITY))
                    .addFunctionTool(tool("now", Map.of("type", "object", "properties", Map.of())));
        }
        if (ask.has(With.HOSTED_TOOL)) {
            params.webSearchOptions(ChatCompletionCreateParams.WebSearchOptions.builder().build());
        }
        if (ask.has(With.SCHEMA)) {
            ResponseFormatJsonSchema.JsonSchema.Schema.Builder schema =
                    ResponseFormatJsonSchema.JsonSchema.Schema.builder();
            Ask.REPORT.forEach(
                    (key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));
            params.responseFormat(
                    ResponseFormatJsonSchema.builder()
                            .jsonSchema(
                                    ResponseFormatJsonSchema.JsonSchema.builder()
                                            .name("report")
                                            .strict(true)
                                            .schema(schema.build())
                                            .build())
                            .build());
        }
        if (ask.has(With.REASONING)) {
            params.reasoningEffort(ReasoningEffort.MEDIUM);
        }
        if (ask.has(With.STATE)) {
            params.n(2L);
        }
        return params;
    }

    private static FunctionDefinition tool(String name, Map<String, Object> schema) {
        FunctionParameters.Builder parameters = FunctionParameters.builder();
        schema.forEach(
                (key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
        return FunctionDefinition.builder().name(name).parameters(parameters.build()).build();
    }

    private static List<ChatCompletionContentPart> content(Ask ask) {
        List<ChatCompletionContentPart> content = new ArrayList<>();
        if (ask.has(With.IMAGE)) {
            content.add(
                    ChatCompletionContentPart.ofImageUrl(
                            ChatCompletionContentPartImage.builder()
                                    .imageUrl(
                                            ChatCompletionContentPartImage.ImageUrl.builder()
                                                    .url(data("image/png", Ask.IMAGE))
                                                    .build())
                                    .build()));
        }
        if (ask.has(With.PDF)) {
            content.add(
                    ChatCompletionContentPart.ofFile(
                            ChatCompletionContentPart.File.builder()
                                    .file(
                                            ChatCompletionContentPart.File.FileObject.builder()
                                                    .fileData(data("application/pdf", Ask.PDF))
                                                    .filename("paper.pdf")
                                                    .build())
                                    .build()));
        }
        content.add(
                ChatCompletionContentPart.ofText(
                        ChatCompletionContentPartText.builder().text(Ask.QUESTION).build()));
        return content;
    }

    static String data(String type, byte[] bytes) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    private Heard send(ChatCompletionCreateParams.Builder params, boolean stream) {
        if (!stream) {
            HttpResponseFor<ChatCompletion> response =
                    client.chat().completions().withRawResponse().create(params.build());
            return heard(response.parse(), response.headers()::values, "");
        }
        params.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
        ChatCompletionAccumulator completion = ChatCompletionAccumulator.create();
        StringBuilder reasoning = new StringBuilder();
        HttpResponseFor<StreamResponse<ChatCompletionChunk>> response =
                client.chat().completions().withRawResponse().createStreaming(params.build());
        try (StreamResponse<ChatCompletionChunk> chunks = response.parse()) {
            chunks.stream()
                    .map(ChatCompletionChunk::validate)
                    .forEach(chunk -> {
                        completion.accumulate(chunk);
                        chunk.choices().stream()
                                .map(choice -> choice.delta()._additionalProperties())
                                .forEach(more -> reasoning.append(reasoning(more)));
                    });
        }
        return heard(completion.chatCompletion(), response.headers()::values, reasoning.toString());
    }

    /** OpenAI itself shows no reasoning in this format; others do, by this name. */
    private static String reasoning(Map<String, JsonValue> more) {
        JsonValue value = more.get("reasoning_content");
        return value == null ? "" : String.valueOf(value.asString().orElse(""));
    }

    private static Heard heard(
            ChatCompletion completion, Function<String, List<String>> header, String streamed) {
        completion.validate();
        ChatCompletion.Choice choice = completion.choices().get(0);
        ChatCompletionMessage message = choice.message();
        return new Heard(
                message.content().filter(text -> !text.isEmpty()).or(message::refusal).orElse(""),
                streamed.isEmpty() ? reasoning(message._additionalProperties()) : streamed,
                message.toolCalls().orElse(List.of()).stream()
                        .map(call -> call.asFunction())
                        .map(call ->
                                new Call(
                                        call.id(),
                                        call.function().name(),
                                        Canned.parsed(call.function().arguments())))
                        .toList(),
                message.refusal().isPresent() ? Stop.REFUSED : stop(choice.finishReason()),
                tokens(completion.usage().orElseThrow()),
                Sdk.dropped(header),
                message);
    }

    private static Stop stop(ChatCompletion.Choice.FinishReason reason) {
        return switch (reason.known()) {
            case STOP -> Stop.END;
            case LENGTH -> Stop.LENGTH;
            case TOOL_CALLS -> Stop.TOOLS;
            case CONTENT_FILTER -> Stop.REFUSED;
            default -> Stop.ANOTHER;
        };
    }

    private static Tokens tokens(CompletionUsage usage) {
        return new Tokens(
                usage.promptTokens(),
                usage.promptTokensDetails().flatMap(some -> some.cachedTokens()).orElse(0L),
                usage.completionTokens(),
                usage.completionTokensDetails().flatMap(some -> some.reasoningTokens()).orElse(0L));
    }

    @Override
    public Class<? extends Throwable> exceptionOf(int status) {
        return openAiException(status);
    }

    static Class<? extends Throwable> openAiException(int status) {
        return switch (status) {
            case 400 -> BadRequestException.class;
            case 401 -> UnauthorizedException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
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
