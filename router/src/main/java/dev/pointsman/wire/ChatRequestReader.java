package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Message;
import dev.pointsman.core.Output;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Tool;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads chat requests, with what other providers than OpenAI added: {@code top_k}, {@code
 * reasoning} and {@code thinking}.
 */
final class ChatRequestReader implements RequestReader {

    /**
     * The group of the deprecated {@code functions}, by which an answer tells them from tools: they
     * are called in another place.
     */
    static final String FUNCTIONS = "function_call";

    private static final Set<String> STREAM = Set.of("include_usage");

    /** An empty one, too, asks for a search. */
    private static final String SEARCH = "web_search_options";

    private static final Set<String> FORMAT = Set.of("type", "json_schema");
    private static final Set<String> SCHEMA = Set.of("name", "description", "schema", "strict");

    @Override
    public Conversation read(JsonNode body, Consumer<String> left) throws RequestException {
        Sampling.Draft sampling = new Sampling.Draft();
        ChatSamplingReader drawn = new ChatSamplingReader(body, sampling, left);
        ChatThinkingReader thought = new ChatThinkingReader(left);
        Output output = new Output.Text();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            JsonNode value = field.getValue();
            boolean search = field.getKey().equals(SEARCH) && value.isObject();
            if (Fields.isAbsent(value) && !search) {
                continue;
            }
            switch (field.getKey()) {
                case "model",
                        "messages",
                        "tools",
                        "functions",
                        "tool_choice",
                        "function_call",
                        "stream" -> {
                    // read apart, or none of the conversation's
                }
                case "stream_options" -> Fields.leave(value, "stream_options", STREAM, left);
                case "response_format" -> output = output(value, left);
                case "reasoning_effort" -> thought.effort(value, "reasoning_effort");
                case "reasoning" -> thought.reasoning(value);
                case "thinking" -> thought.thinking(value);
                default -> drawn.read(field.getKey(), value);
            }
        }
        drawn.limit();
        List<Message> messages = new ChatMessageReader(left).read(body.path("messages"));
        ChatToolReader offered = new ChatToolReader(left);
        List<Tool> tools = offered.tools(body);
        if (offered.functions()) {
            sampling.parallelTools(false);
        }
        Thinking thinking = thought.thinking();
        return new Conversation(
                messages, tools, offered.choice(), output, thinking, sampling.build());
    }

    private static Output output(JsonNode format, Consumer<String> left) {
        return switch (format.path("type").asText()) {
            case "text" -> new Output.Text();
            case "json_object" -> new Output.Json();
            case "json_schema" -> {
                Fields.leave(format, "response_format", FORMAT, left);
                yield schema(format.path("json_schema"), left);
            }
            default -> {
                left.accept("response_format(other)");
                yield new Output.Text();
            }
        };
    }

    private static Output schema(JsonNode json, Consumer<String> left) {
        Fields.leave(json, "response_format.json_schema", SCHEMA, left);
        if (!json.path("schema").isObject()) {
            return new Output.Json();
        }
        return new Output.Schema(
                optional(json.path("name")),
                optional(json.path("description")),
                Json.text(json.path("schema")),
                flag(json.path("strict")));
    }

    static Optional<String> optional(JsonNode text) {
        return Optional.of(ChatFields.text(text)).filter(said -> !said.isEmpty());
    }

    static Optional<Boolean> flag(JsonNode value) {
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }
}
