package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Output;
import dev.pointsman.core.Part;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;
import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes requests to {@code /responses}. Nothing is stored at the provider. */
final class ResponsesRequestWriter implements RequestWriter {

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_USER = 64;
    private static final int LEAST_TOKENS = 16;
    private static final int MOST_LIKELIHOODS = 20;

    @Override
    public Optional<String> obstacle(Conversation conversation, Model model) {
        for (Message message : conversation.messages()) {
            for (Part part : message.parts()) {
                Optional<String> why = obstacle(part, message.role() == Role.ASSISTANT);
                if (why.isPresent()) {
                    return why;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> obstacle(Part part, boolean answer) {
        return switch (part) {
            case Part.Picture picture when answer -> Optional.of("no images in answers");
            case Part.File file when answer -> Optional.of("no files in answers");
            case Part.Picture picture -> image(picture.image());
            case Part.File file -> file(file);
            case Part.ToolResult result -> {
                for (Part piece : result.content()) {
                    Optional<String> why = obstacle(piece, false);
                    if (why.isPresent()) {
                        yield why;
                    }
                }
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private static Optional<String> image(Image image) {
        return image instanceof Image.Url url ? address(url.url()) : Optional.empty();
    }

    private static Optional<String> file(Part.File file) {
        if (file.mediaType().startsWith("audio/")) {
            return Optional.of("no audio");
        }
        if (file.mediaType().startsWith("video/")) {
            return Optional.of("no video");
        }
        return file.source() instanceof Part.File.Url url ? address(url.url()) : Optional.empty();
    }

    private static Optional<String> address(String url) {
        return url.regionMatches(true, 0, "http", 0, "http".length())
                ? Optional.empty()
                : Optional.of("no files at other addresses than https");
    }

    @Override
    public WireRequest write(Conversation conversation, Model model, boolean stream) {
        Set<String> dropped = new LinkedHashSet<>();
        ObjectNode body = Json.object();
        body.put("model", model.id());
        new ResponsesInputWriter(this, conversation, model, dropped).write(body);
        tools(body, conversation);
        Thinking thinking = conversation.thinking();
        Sampling sampling = conversation.sampling();
        if (sampling.maxTokens().isPresent()) {
            int tokens = limit(sampling.maxTokens().getAsInt(), model, dropped);
            int allowance = thinking.least() ? LeastReasoning.of(model).allowance() : 0;
            body.put("max_output_tokens", tokens + allowance);
        }
        body.put("store", false);
        reasoning(body, thinking, model, dropped);
        sampling(body, sampling, model, dropped);
        output(body, conversation.output());
        if (stream) {
            body.put("stream", true);
        }
        return new WireRequest(
                "/responses", Map.of(), Body.of(Json.bytes(body)), List.copyOf(dropped));
    }

    private static int limit(int tokens, Model model, Set<String> dropped) {
        if (tokens < LEAST_TOKENS) {
            dropped.add("max_tokens below " + LEAST_TOKENS);
            return LEAST_TOKENS;
        }
        long most = model.outputTokens();
        return most > 0 && tokens > most ? (int) most : tokens;
    }

    @Override
    public String toolName(ToolName name) {
        return fit(name.name());
    }

    static String fit(String name) {
        return ToolNames.fit(ToolName.of(name), LONGEST_NAME);
    }

    private void tools(ObjectNode body, Conversation conversation) {
        if (conversation.tools().isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        Map<String, ArrayNode> namespaces = new LinkedHashMap<>();
        for (Tool tool : conversation.tools()) {
            ArrayNode place =
                    tool.name()
                            .namespace()
                            .map(space ->
                                    namespaces.computeIfAbsent(
                                            space, name -> namespace(tools, name)))
                            .orElse(tools);
            place.add(tool(tool));
        }
        choice(body, conversation.toolChoice());
        conversation
                .sampling()
                .parallelTools()
                .ifPresent(may -> body.put("parallel_tool_calls", may));
    }

    private static ArrayNode namespace(ArrayNode tools, String name) {
        return tools.addObject()
                .put("type", "namespace")
                .put("name", fit(name))
                .put("description", name)
                .putArray("tools");
    }

    private ObjectNode tool(Tool tool) {
        boolean freeform = tool.name().freeform();
        ObjectNode json =
                Json.object()
                        .put("type", freeform ? "custom" : "function")
                        .put("name", toolName(tool.name()));
        tool.description().ifPresent(text -> json.put("description", text));
        if (!freeform) {
            json.putRawValue("parameters", new RawValue(tool.schema()));
            // what is not said means strict here, and nowhere else
            json.put("strict", tool.strict().orElse(false));
        }
        return json;
    }

    private void choice(ObjectNode body, ToolChoice choice) {
        switch (choice) {
            case ToolChoice.Auto auto -> {
                // by itself
            }
            case ToolChoice.None none -> body.put("tool_choice", "none");
            case ToolChoice.Required required -> body.put("tool_choice", "required");
            case ToolChoice.Named named ->
                    body.putObject("tool_choice")
                            .put("type", named.tool().freeform() ? "custom" : "function")
                            .put("name", toolName(named.tool()));
        }
    }

    private static void reasoning(
            ObjectNode body, Thinking thinking, Model model, Set<String> dropped) {
        if (thinking.least()) {
            LeastReasoning.of(model)
                    .effort()
                    .ifPresent(effort -> body.putObject("reasoning").put("effort", effort));
            return;
        }
        Optional<Effort> level = thinking.level();
        boolean wanted = level.isPresent() && level.get() != Effort.NONE;
        if (!ResponsesEffort.reasons(model, wanted)) {
            if (wanted) {
                dropped.add("reasoning_effort");
            }
            return;
        }
        boolean shown = thinking.shown().orElse(false) && level.orElse(Effort.LOW) != Effort.NONE;
        if (level.isPresent() || shown) {
            ObjectNode reasoning = body.putObject("reasoning");
            level.ifPresent(effort -> reasoning.put("effort", ResponsesEffort.word(model, effort)));
            if (shown) {
                reasoning.put("summary", "auto");
            }
        }
        body.putArray("include").add("reasoning.encrypted_content");
    }

    private static void sampling(
            ObjectNode body, Sampling sampling, Model model, Set<String> dropped) {
        boolean draws = !model.cannot(Ability.TEMPERATURE);
        if (sampling.temperature().isPresent() && said(draws, "temperature", dropped)) {
            body.put("temperature", sampling.temperature().getAsDouble());
        }
        if (sampling.topP().isPresent() && said(draws, "top_p", dropped)) {
            body.put("top_p", sampling.topP().getAsDouble());
        }
        if (sampling.likelihoods().isPresent() && said(draws, "logprobs", dropped)) {
            int top = Math.min(sampling.likelihoods().getAsInt(), MOST_LIKELIHOODS);
            body.withArray("include").add("message.output_text.logprobs");
            body.put("top_logprobs", Math.max(top, 0));
        }
        said(sampling.topK().isEmpty(), "top_k", dropped);
        said(sampling.presencePenalty().isEmpty(), "presence_penalty", dropped);
        said(sampling.frequencyPenalty().isEmpty(), "frequency_penalty", dropped);
        said(sampling.seed().isEmpty(), "seed", dropped);
        said(sampling.stop().isEmpty(), "stop", dropped);
        if (sampling.user().isPresent()
                && said(sampling.user().get().length() <= LONGEST_USER, "user", dropped)) {
            body.put("user", sampling.user().get());
        }
    }

    private static boolean said(boolean can, String what, Set<String> dropped) {
        if (!can) {
            dropped.add(what);
        }
        return can;
    }

    private static void output(ObjectNode body, Output output) {
        switch (output) {
            case Output.Text text -> {
                // by itself
            }
            case Output.Json json ->
                    body.putObject("text").putObject("format").put("type", "json_object");
            case Output.Schema schema -> {
                ObjectNode format =
                        body.putObject("text").putObject("format").put("type", "json_schema");
                format.put("name", fit(schema.name().orElse("answer")));
                schema.description().ifPresent(text -> format.put("description", text));
                format.set("schema", Json.readSchema(schema.schema()));
                schema.strict().ifPresent(strict -> format.put("strict", strict));
            }
        }
    }
}
