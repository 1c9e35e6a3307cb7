package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Output;
import dev.pointsman.core.Part;
import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class AnthropicRequestWriter implements RequestWriter {

    private static final Map<String, String> HEADERS = Map.of("anthropic-version", "2023-06-01");
    private static final int LONGEST_NAME = 128;
    private static final long MOST_UNSAID = 32_000;
    private static final long UNSAID = 8_192;
    private static final String JSON_IN_WORDS =
            "Answer with one JSON object and nothing else: no words around it, no code fence.";

    @Override
    public Optional<String> obstacle(Conversation conversation, Model model) {
        for (Message message : conversation.messages()) {
            for (Part part : message.parts()) {
                Optional<String> obstacle = obstacle(part, message.role(), model);
                if (obstacle.isPresent()) {
                    return obstacle;
                }
            }
        }
        AnthropicModel taker = AnthropicModel.of(model);
        if (AnthropicThinking.begun(conversation) && !taker.goesOn()) {
            return Optional.of("no answer that the request begins");
        }
        return AnthropicThinking.forced(conversation) && !taker.takesForce()
                ? Optional.of("no forced tool calls")
                : Optional.empty();
    }

    private static Optional<String> obstacle(Part part, Role role, Model model) {
        return switch (part) {
            case Part.Picture picture -> {
                if (model.cannot(Ability.IMAGE_INPUT)) {
                    yield Optional.of("no images");
                }
                yield role == Role.USER
                        ? AnthropicMedia.obstacle(picture.image())
                        : Optional.of("images by the user only");
            }
            case Part.File file ->
                    role == Role.USER
                            ? AnthropicMedia.obstacle(file)
                            : Optional.of("files by the user only");
            case Part.ToolResult result -> {
                for (Part inner : result.content()) {
                    Optional<String> obstacle = obstacle(inner, Role.USER, model);
                    if (obstacle.isPresent()) {
                        yield obstacle;
                    }
                }
                yield Optional.empty();
            }
            case Part.Text text -> Optional.empty();
            case Part.ToolCall call -> Optional.empty();
            case Part.Reasoning reasoning -> Optional.empty();
            case Part.Refusal refusal -> Optional.empty();
        };
    }

    @Override
    public WireRequest write(Conversation conversation, Model model, boolean stream) {
        AnthropicModel taker = AnthropicModel.of(model);
        Set<String> dropped = new LinkedHashSet<>();
        AnthropicThinking thinking =
                AnthropicThinking.of(conversation, taker, maxTokens(conversation, taker));
        ObjectNode body = Json.object();
        body.put("model", model.id());
        body.put("max_tokens", thinking.maxTokens());
        messages(body, conversation, taker, dropped);
        tools(body, conversation);
        AnthropicSampling.write(body, conversation.sampling(), taker, thinking.on(), dropped);
        output(body, conversation.output(), dropped);
        thinking.write(body, dropped);
        if (stream) {
            body.put("stream", true);
        }
        return new WireRequest(
                "/v1/messages", HEADERS, Body.of(Json.bytes(body)), List.copyOf(dropped));
    }

    private static long maxTokens(Conversation conversation, AnthropicModel model) {
        if (conversation.sampling().maxTokens().isPresent()) {
            return AnthropicThinking.capped(conversation.sampling().maxTokens().getAsInt(), model);
        }
        return model.outputTokens() > 0 ? Math.min(MOST_UNSAID, model.outputTokens()) : UNSAID;
    }

    private static void messages(
            ObjectNode body, Conversation conversation, AnthropicModel model, Set<String> dropped) {
        List<Message> messages = conversation.messages();
        int first = 0;
        ArrayNode system = Json.array();
        while (first < messages.size() && instructs(messages.get(first))) {
            system(messages.get(first), system);
            first++;
        }
        if (conversation.output() instanceof Output.Json) {
            system.add(AnthropicMedia.text(JSON_IN_WORDS));
            dropped.add("json_mode");
        }
        boolean begun = AnthropicThinking.begun(conversation);
        AnthropicTurns turns =
                new AnthropicTurns(
                        model.systemInside(),
                        model.wording() != AnthropicModel.Wording.NONE && !begun,
                        dropped);
        messages.subList(first, messages.size()).forEach(turns::add);
        ArrayNode said = turns.write();
        if (said.isEmpty() && !system.isEmpty()) {
            said.addObject().put("role", "user").set("content", system.remove(0).path("text"));
        }
        if (begun) {
            withoutLastBlanks(said);
        }
        if (system.size() == 1) {
            body.set("system", system.get(0).path("text"));
        } else if (!system.isEmpty()) {
            body.set("system", system);
        }
        body.set("messages", said);
    }

    private static boolean instructs(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    private static void system(Message message, ArrayNode system) {
        for (Part part : message.parts()) {
            if (part instanceof Part.Text text && !text.text().isBlank()) {
                system.add(AnthropicMedia.text(text.text()));
            }
        }
    }

    /** An answer that the request begins must not end in white space. */
    private static void withoutLastBlanks(ArrayNode messages) {
        if (messages.isEmpty()) {
            return;
        }
        if (!(messages.get(messages.size() - 1) instanceof ObjectNode last)) {
            return;
        }
        JsonNode content = last.path("content");
        if (content.isTextual()) {
            last.put("content", content.textValue().stripTrailing());
        } else if (!content.isEmpty()
                && content.get(content.size() - 1) instanceof ObjectNode block
                && block.path("text").isTextual()) {
            block.put("text", block.path("text").textValue().stripTrailing());
        }
    }

    private static void tools(ObjectNode body, Conversation conversation) {
        if (conversation.tools().isEmpty()) {
            calledBefore(body, conversation);
            return;
        }
        ArrayNode tools = body.putArray("tools");
        for (Tool tool : conversation.tools()) {
            ObjectNode json = tools.addObject().put("name", name(tool.name()));
            tool.description()
                    .filter(text -> !text.isBlank())
                    .ifPresent(text -> json.put("description", text));
            json.set("input_schema", AnthropicSchema.ofInput(tool));
            if (tool.strict().orElse(false)) {
                json.put("strict", true);
            }
        }
        toolChoice(body, conversation);
    }

    /** Where tools were called they must be named, though none is offered any more. */
    private static void calledBefore(ObjectNode body, Conversation conversation) {
        Set<String> names = new LinkedHashSet<>();
        for (Message message : conversation.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    names.add(name(call.tool()));
                }
            }
        }
        if (names.isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        for (String name : names) {
            tools.addObject().put("name", name).putObject("input_schema").put("type", "object");
        }
        body.putObject("tool_choice").put("type", "none");
    }

    private static void toolChoice(ObjectNode body, Conversation conversation) {
        Optional<Boolean> parallel = conversation.sampling().parallelTools();
        if (conversation.toolChoice() instanceof ToolChoice.Auto && parallel.orElse(true)) {
            return;
        }
        ObjectNode choice = body.putObject("tool_choice");
        switch (conversation.toolChoice()) {
            case ToolChoice.Auto auto -> choice.put("type", "auto");
            case ToolChoice.None none -> choice.put("type", "none");
            case ToolChoice.Required required -> choice.put("type", "any");
            case ToolChoice.Named named ->
                    choice.put("type", "tool").put("name", name(named.tool()));
        }
        if (!parallel.orElse(true) && !(conversation.toolChoice() instanceof ToolChoice.None)) {
            choice.put("disable_parallel_tool_use", true);
        }
    }

    private static void output(ObjectNode body, Output output, Set<String> dropped) {
        if (output instanceof Output.Schema schema) {
            schema.name().ifPresent(name -> dropped.add("output name"));
            schema.description().ifPresent(text -> dropped.add("output description"));
            body.putObject("output_config")
                    .putObject("format")
                    .put("type", "json_schema")
                    .set("schema", AnthropicSchema.ofOutput(schema));
        }
    }

    @Override
    public String toolName(ToolName name) {
        return name(name);
    }

    static String name(ToolName name) {
        String plain = name.name();
        if (name.namespace().isPresent() || plain.isEmpty() || plain.length() > LONGEST_NAME) {
            return ToolNames.fit(name, LONGEST_NAME);
        }
        for (int i = 0; i < plain.length(); i++) {
            if (!AnthropicTurns.fits(plain.charAt(i))) {
                return ToolNames.fit(name, LONGEST_NAME);
            }
        }
        return plain;
    }
}
