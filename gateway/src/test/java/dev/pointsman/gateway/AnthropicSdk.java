package dev.pointsman.gateway;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.HttpResponseFor;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.DocumentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.OutputTokensDetails;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.ThinkingConfigAdaptive;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.Usage;
import com.anthropic.models.messages.WebSearchTool20250305;

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
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

final class AnthropicSdk implements Sdk {

    private final AnthropicClient client;

    AnthropicSdk(String url) {
        client =
                AnthropicOkHttpClient.builder()
                        .baseUrl(url)
                        .apiKey("client-key")
                        .maxRetries(0)
                        .timeout(Sdk.PATIENCE)
                        .responseValidation(true)
                        .build();
    }

    @Override
    public Format format() {
        return Format.ANTHROPIC_MESSAGES;
    }

    @Override
    public Heard ask(Ask ask) {
        return send(params(ask).build(), ask.stream());
    }

    @Override
    public Heard answer(Ask ask, Heard first) {
        List<ContentBlockParam> results =
                first.calls().stream()
                        .map(call ->
                                ToolResultBlockParam.builder()
                                        .toolUseId(call.id())
                                        .content(Ask.RESULT)
                                        .build())
                        .map(ContentBlockParam::ofToolResult)
                        .toList();
        return send(
                params(ask)
                        .addMessage((Message) first.turn())
                        .addUserMessageOfContentBlockParams(results)
                        .build(),
                ask.stream());
    }

    private static MessageCreateParams.Builder params(Ask ask) {
        MessageCreateParams.Builder params =
                MessageCreateParams.builder()
                        .model(ask.model())
                        .maxTokens(20_000)
                        .addUserMessageOfContentBlockParams(content(ask));
        if (ask.has(With.TOOLS)) {
            params.addTool(tool("weather", Ask.CITY)).addTool(tool("now", Map.of()));
        }
        if (ask.has(With.HOSTED_TOOL)) {
            params.addTool(WebSearchTool20250305.builder().build());
        }
        if (ask.has(With.SCHEMA)) {
            JsonOutputFormat.Schema.Builder schema = JsonOutputFormat.Schema.builder();
            Ask.REPORT.forEach(
                    (key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));
            params.outputConfig(
                    OutputConfig.builder()
                            .format(JsonOutputFormat.builder().schema(schema.build()).build())
                            .build());
        }
        if (ask.has(With.REASONING)) {
            params.thinking(
                    ThinkingConfigAdaptive.builder()
                            .display(ThinkingConfigAdaptive.Display.SUMMARIZED)
                            .build());
        }
        if (ask.has(With.STATE)) {
            params.container("container_011CPR5CNjB747bTd36fQLFk");
        }
        return params;
    }

    private static Tool tool(String name, Map<String, Object> schema) {
        Tool.InputSchema.Builder input = Tool.InputSchema.builder();
        input.properties(JsonValue.from(schema.getOrDefault("properties", Map.of())));
        if (schema.containsKey("required")) {
            input.addRequired("city");
        }
        return Tool.builder().name(name).inputSchema(input.build()).build();
    }

    private static List<ContentBlockParam> content(Ask ask) {
        List<ContentBlockParam> content = new ArrayList<>();
        if (ask.has(With.IMAGE)) {
            Base64ImageSource source =
                    Base64ImageSource.builder()
                            .data(Base64.getEncoder().encodeToString(Ask.IMAGE))
                            .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                            .build();
            content.add(
                    ContentBlockParam.ofImage(ImageBlockParam.builder().source(source).build()));
        }
        if (ask.has(With.PDF)) {
            content.add(
                    ContentBlockParam.ofDocument(
                            DocumentBlockParam.builder()
                                    .base64Source(Base64.getEncoder().encodeToString(Ask.PDF))
                                    .title("paper.pdf")
                                    .build()));
        }
        content.add(ContentBlockParam.ofText(TextBlockParam.builder().text(Ask.QUESTION).build()));
        return content;
    }

    private Heard send(MessageCreateParams params, boolean stream) {
        if (!stream) {
            HttpResponseFor<Message> response = client.messages().withRawResponse().create(params);
            return heard(response.parse(), response.headers()::values);
        }
        MessageAccumulator message = MessageAccumulator.create();
        HttpResponseFor<StreamResponse<RawMessageStreamEvent>> response =
                client.messages().withRawResponse().createStreaming(params);
        try (StreamResponse<RawMessageStreamEvent> events = response.parse()) {
            events.stream().map(RawMessageStreamEvent::validate).forEach(message::accumulate);
        }
        return heard(message.message(), response.headers()::values);
    }

    private static Heard heard(Message message, Function<String, List<String>> header) {
        message.validate();
        return new Heard(
                texts(message, block -> block.text().map(text -> text.text())),
                texts(message, block -> block.thinking().map(thought -> thought.thinking())),
                message.content().stream()
                        .flatMap(block -> block.toolUse().stream())
                        .map(call ->
                                new Call(
                                        call.id(),
                                        call.name(),
                                        Canned.tree(call._input().convert(Map.class))))
                        .toList(),
                stop(message.stopReason().orElseThrow()),
                tokens(message.usage()),
                Sdk.dropped(header),
                message);
    }

    private static String texts(Message message, Function<ContentBlock, Optional<String>> of) {
        return message.content().stream()
                .flatMap(block -> of.apply(block).stream())
                .collect(Collectors.joining());
    }

    private static Stop stop(StopReason reason) {
        return switch (reason.known()) {
            case END_TURN -> Stop.END;
            case MAX_TOKENS -> Stop.LENGTH;
            case TOOL_USE -> Stop.TOOLS;
            case REFUSAL -> Stop.REFUSED;
            default -> Stop.ANOTHER;
        };
    }

    private static Tokens tokens(Usage usage) {
        long cached = usage.cacheReadInputTokens().orElse(0L);
        return new Tokens(
                usage.inputTokens() + cached + usage.cacheCreationInputTokens().orElse(0L),
                cached,
                usage.outputTokens(),
                usage.outputTokensDetails().map(OutputTokensDetails::thinkingTokens).orElse(0L));
    }

    @Override
    public Class<? extends Throwable> exceptionOf(int status) {
        return switch (status) {
            case 400 -> BadRequestException.class;
            case 401 -> UnauthorizedException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }

    @Override
    public int statusOf(Throwable failure) {
        return ((AnthropicServiceException) failure).statusCode();
    }

    @Override
    public void close() {
        client.close();
    }
}
