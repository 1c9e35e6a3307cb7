package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Message;
import dev.pointsman.core.Model;
import dev.pointsman.core.Output;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes chat requests. Tools that take a plain text are offered as functions of one text, which
 * every provider knows.
 */
final class ChatRequestWriter implements RequestWriter {

    private static final int LONGEST_NAME = 64;

    @Override
    public Optional<String> obstacle(Conversation conversation, Model model) {
        return ChatObstacles.of(conversation);
    }

    @Override
    public String toolName(ToolName name) {
        return ToolNames.fit(name, LONGEST_NAME);
    }

    @Override
    public WireRequest write(Conversation conversation, Model model, boolean stream) {
        Set<String> dropped = new LinkedHashSet<>();
        ChatDialect dialect = ChatDialect.of(model);
        ObjectNode body = Json.object().put("model", model.id());
        messages(conversation.messages(), body.putArray("messages"), dialect, dropped);
        limit(body, conversation, model);
        thinking(body, conversation.thinking(), dialect, dropped);
        new ChatSamplingWriter(body, dialect, dropped).write(conversation.sampling());
        output(body, conversation.output(), dialect, dropped);
        tools(body, conversation, dialect, dropped);
        if (stream) {
            body.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        return new WireRequest(
                "/chat/completions", Map.of(), Body.of(Json.bytes(body)), List.copyOf(dropped));
    }

    /** OpenAI's reasoning models take one name for instructions in a request, not both. */
    private void messages(
            List<Message> messages, ArrayNode out, ChatDialect dialect, Set<String> dropped) {
        boolean developer =
                dialect.reasoner()
                        && messages.stream()
                                .anyMatch(message -> message.role() == Message.Role.DEVELOPER);
        ChatMessageWriter writer =
                new ChatMessageWriter(
                        out, dialect, developer ? "developer" : "system", this::toolName, dropped);
        messages.forEach(writer::write);
    }

    private static void limit(ObjectNode body, Conversation conversation, Model model) {
        if (conversation.sampling().maxTokens().isEmpty()) {
            return;
        }
        long limit = conversation.sampling().maxTokens().getAsInt();
        if (conversation.thinking().least()) {
            limit += LeastReasoning.of(model).allowance();
        }
        if (model.outputTokens() > 0) {
            limit = Math.min(limit, model.outputTokens());
        }
        body.put(
                LeastReasoning.isOpenAiReasoner(model) ? "max_completion_tokens" : "max_tokens",
                limit);
    }

    private static void thinking(
            ObjectNode body, Thinking thinking, ChatDialect dialect, Set<String> dropped) {
        if (thinking.least()) {
            LeastReasoning.of(dialect.model())
                    .effort()
                    .ifPresent(effort -> body.put("reasoning_effort", effort));
            return;
        }
        thinking.level()
                .ifPresent(level ->
                        dialect.effort(level)
                                .ifPresentOrElse(
                                        effort -> body.put("reasoning_effort", effort),
                                        () -> dropped.add("reasoning_effort")));
    }

    private static void output(
            ObjectNode body, Output output, ChatDialect dialect, Set<String> dropped) {
        switch (output) {
            case Output.Text text -> {
                // what it is anyway
            }
            case Output.Json json -> body.putObject("response_format").put("type", "json_object");
            case Output.Schema schema -> {
                ObjectNode format = body.putObject("response_format").put("type", "json_schema");
                ObjectNode json = format.putObject("json_schema");
                json.put("name", name(schema));
                schema.description().ifPresent(words -> json.put("description", words));
                strict(json, schema.strict(), schema.schema(), dialect, dropped);
                json.set("schema", Json.readSchema(schema.schema()));
            }
        }
    }

    private static String name(Output.Schema schema) {
        return schema.name()
                .map(name -> ToolNames.fit(ToolName.of(name), LONGEST_NAME))
                .orElse("answer");
    }

    private static void strict(
            ObjectNode json,
            Optional<Boolean> strict,
            String schema,
            ChatDialect dialect,
            Set<String> dropped) {
        if (!strict.orElse(false)) {
            return;
        }
        if (dialect.openAi() && !OpenAi.canBeStrict(Json.readSchema(schema))) {
            dropped.add("strict");
        } else {
            json.put("strict", true);
        }
    }

    private void tools(
            ObjectNode body, Conversation conversation, ChatDialect dialect, Set<String> dropped) {
        if (conversation.tools().isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        for (Tool tool : conversation.tools()) {
            ObjectNode function =
                    tools.addObject()
                            .put("type", "function")
                            .putObject("function")
                            .put("name", toolName(tool.name()));
            tool.description().ifPresent(words -> function.put("description", words));
            function.putRawValue("parameters", new RawValue(tool.schema()));
            strict(function, tool.strict(), tool.schema(), dialect, dropped);
        }
        choice(body, conversation.toolChoice());
        if (!conversation.sampling().parallelTools().orElse(true)) {
            if (OpenAi.name(dialect.model()).startsWith("o")) {
                dropped.add("parallel_tool_calls");
            } else {
                body.put("parallel_tool_calls", false);
            }
        }
    }

    private void choice(ObjectNode body, ToolChoice choice) {
        switch (choice) {
            case ToolChoice.Auto auto -> {
                // what it is anyway
            }
            case ToolChoice.None none -> body.put("tool_choice", "none");
            case ToolChoice.Required required -> body.put("tool_choice", "required");
            case ToolChoice.Named named ->
                    body.putObject("tool_choice")
                            .put("type", "function")
                            .putObject("function")
                            .put("name", toolName(named.tool()));
        }
    }
}
