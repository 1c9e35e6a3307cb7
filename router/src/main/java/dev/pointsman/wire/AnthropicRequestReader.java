package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Output;
import dev.pointsman.core.Part;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;
import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

final class AnthropicRequestReader implements RequestReader {

    private static final Set<String> BODY =
            Set.of(
                    "model",
                    "stream",
                    "messages",
                    "system",
                    "max_tokens",
                    "metadata",
                    "output_config",
                    "output_format",
                    "stop_sequences",
                    "temperature",
                    "top_p",
                    "top_k",
                    "thinking",
                    "tool_choice",
                    "tools");
    private static final Set<String> MESSAGE = Set.of("role", "content");
    private static final Set<String> TOOL =
            Set.of("type", "name", "description", "input_schema", "strict");
    private static final Set<String> CHOICE = Set.of("type", "name", "disable_parallel_tool_use");
    private static final Set<String> METADATA = Set.of("user_id");
    private static final Set<String> OUTPUT = Set.of("effort", "format");
    private static final Set<String> FORMAT = Set.of("type", "schema");
    private static final Set<String> ENABLED = Set.of("type", "budget_tokens", "display");

    @Override
    public Conversation read(JsonNode body, Consumer<String> left) throws RequestException {
        AnthropicContentReader content = new AnthropicContentReader(left);
        List<Message> messages = messages(body, content, left);
        Set<String> hosted = new HashSet<>();
        List<Tool> tools = tools(body.path("tools"), hosted, left);
        JsonNode choice = body.path("tool_choice");
        Fields.leave(body, "", BODY, left);
        return new Conversation(
                messages,
                tools,
                toolChoice(choice, hosted, left),
                output(body, left),
                thinking(body, left),
                sampling(body, choice, left));
    }

    private static List<Message> messages(
            JsonNode body, AnthropicContentReader content, Consumer<String> left)
            throws RequestException {
        JsonNode said = body.path("messages");
        if (!said.isArray()) {
            throw new RequestException("messages must be a list");
        }
        List<Message> messages = new ArrayList<>(said.size() + 1);
        add(messages, Role.SYSTEM, content.read(body.path("system"), "system"));
        for (JsonNode message : said) {
            Role role = role(message.path("role").asText());
            add(messages, role, content.read(message.path("content"), "messages.content"));
            Fields.leave(
                    message,
                    Fields.element("messages", role == Role.SYSTEM ? "system" : ""),
                    MESSAGE,
                    left);
        }
        if (!messages.isEmpty() && messages.getLast().role() == Role.ASSISTANT) {
            left.accept("messages(prefill)");
        }
        return messages;
    }

    private static void add(List<Message> messages, Role role, List<Part> parts) {
        if (!parts.isEmpty()) {
            messages.add(new Message(role, parts));
        }
    }

    private static Role role(String name) throws RequestException {
        return switch (name) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            default ->
                    throw new RequestException("messages.role must be user, assistant or system");
        };
    }

    /** Functions; the names of tools of other kinds go to {@code hosted}. */
    private static List<Tool> tools(JsonNode said, Set<String> hosted, Consumer<String> left)
            throws RequestException {
        List<Tool> tools = new ArrayList<>(said.size());
        for (JsonNode tool : said) {
            String kind = tool.path("type").asText("custom");
            if (kind.equals("custom") || tool.path("type").isNull()) {
                tools.add(tool(tool));
                Fields.leave(tool, Fields.element("tools", "custom"), TOOL, left);
            } else {
                hosted.add(tool.path("name").asText());
                left.accept("tools(" + kind + ")");
            }
        }
        if (tools.isEmpty() && !hosted.isEmpty()) {
            left.accept("tools(hosted alone)");
        }
        return tools;
    }

    private static Tool tool(JsonNode tool) throws RequestException {
        String name = tool.path("name").asText();
        JsonNode schema = tool.path("input_schema");
        if (name.isEmpty()) {
            throw new RequestException("tools.name must be a text");
        }
        if (!schema.isObject() && !schema.isMissingNode() && !schema.isNull()) {
            throw new RequestException("tools.input_schema must be an object");
        }
        return new Tool(
                ToolName.of(name),
                tool.path("description").isTextual()
                        ? Optional.of(tool.path("description").textValue())
                        : Optional.empty(),
                schema.isObject() ? Json.text(schema) : "{\"type\":\"object\"}",
                tool.path("strict").isBoolean()
                        ? Optional.of(tool.path("strict").booleanValue())
                        : Optional.empty());
    }

    private static ToolChoice toolChoice(JsonNode choice, Set<String> hosted, Consumer<String> left)
            throws RequestException {
        Fields.leave(choice, "tool_choice", CHOICE, left);
        String name = choice.path("name").asText();
        return switch (choice.path("type").asText()) {
            case "", "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "any" -> new ToolChoice.Required();
            case "tool" -> {
                if (hosted.contains(name)) {
                    left.accept("tool_choice(hosted)");
                    yield new ToolChoice.Auto();
                }
                yield new ToolChoice.Named(ToolName.of(name));
            }
            default ->
                    throw new RequestException("tool_choice.type must be auto, any, tool or none");
        };
    }

    private static Output output(JsonNode body, Consumer<String> left) {
        JsonNode config = body.path("output_config");
        Fields.leave(config, "output_config", OUTPUT, left);
        boolean beta = !config.path("format").isObject();
        JsonNode format = beta ? body.path("output_format") : config.path("format");
        if (!format.isObject()) {
            return new Output.Text();
        }
        String path = beta ? "output_format" : "output_config.format";
        Fields.leave(format, path, FORMAT, left);
        if (!format.path("type").asText().equals("json_schema")
                || !format.path("schema").isObject()) {
            left.accept(path);
            return new Output.Text();
        }
        return new Output.Schema(
                Optional.empty(),
                Optional.empty(),
                Json.text(format.path("schema")),
                Optional.of(true));
    }

    /**
     * Thinking that adapts itself without more being said is that of a high effort. Thinking by a
     * budget is shown unless the caller says otherwise; whether the other is, differs by model.
     */
    private static Thinking thinking(JsonNode body, Consumer<String> left) throws RequestException {
        JsonNode thinking = body.path("thinking");
        String kind = thinking.path("type").asText();
        Fields.leave(thinking, "thinking", ENABLED, left);
        Optional<Effort> effort = effort(body.path("output_config").path("effort"), left);
        OptionalInt unsaid = OptionalInt.empty();
        Optional<Boolean> shown = shown(thinking.path("display").asText());
        return switch (kind) {
            case "" -> new Thinking(effort, unsaid, false, shown);
            case "disabled" -> {
                if (effort.isPresent()) {
                    left.accept("output_config.effort");
                }
                yield new Thinking(Optional.of(Effort.NONE), unsaid, false, shown);
            }
            case "enabled" ->
                    new Thinking(
                            effort,
                            OptionalInt.of(Math.max(0, thinking.path("budget_tokens").asInt())),
                            false,
                            shown.or(() -> Optional.of(true)));
            case "adaptive" ->
                    new Thinking(effort.or(() -> Optional.of(Effort.HIGH)), unsaid, false, shown);
            default -> {
                left.accept("thinking(" + kind + ")");
                yield new Thinking(effort, unsaid, false, shown);
            }
        };
    }

    private static Optional<Boolean> shown(String display) {
        return switch (display) {
            case "summarized" -> Optional.of(true);
            case "omitted" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<Effort> effort(JsonNode said, Consumer<String> left) {
        return switch (said.asText()) {
            case "low" -> Optional.of(Effort.LOW);
            case "medium" -> Optional.of(Effort.MEDIUM);
            case "high" -> Optional.of(Effort.HIGH);
            case "xhigh" -> Optional.of(Effort.XHIGH);
            case "max" -> Optional.of(Effort.MAX);
            default -> {
                if (said.isTextual()) {
                    left.accept("output_config.effort");
                }
                yield Optional.empty();
            }
        };
    }

    private static Sampling sampling(JsonNode body, JsonNode choice, Consumer<String> left)
            throws RequestException {
        Sampling.Draft sampling = new Sampling.Draft();
        if (number(body, "max_tokens")) {
            sampling.maxTokens(Math.max(1, body.path("max_tokens").asInt()));
        }
        if (number(body, "temperature")) {
            sampling.temperature(body.path("temperature").asDouble());
        }
        if (number(body, "top_p")) {
            sampling.topP(body.path("top_p").asDouble());
        }
        if (number(body, "top_k")) {
            sampling.topK(body.path("top_k").asInt());
        }
        List<String> stop = new ArrayList<>();
        body.path("stop_sequences").forEach(text -> stop.add(text.asText()));
        sampling.stop(stop);
        if (choice.path("disable_parallel_tool_use").isBoolean()) {
            sampling.parallelTools(!choice.path("disable_parallel_tool_use").booleanValue());
        }
        JsonNode metadata = body.path("metadata");
        Fields.leave(metadata, "metadata", METADATA, left);
        if (metadata.path("user_id").isTextual()) {
            sampling.user(metadata.path("user_id").textValue());
        }
        return sampling.build();
    }

    private static boolean number(JsonNode body, String name) throws RequestException {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isNumber()) {
            throw new RequestException(name + " must be a number");
        }
        return true;
    }
}
