package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Output;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class GeminiRequestWriter implements RequestWriter {

    private static final int MOST_STOPS = 5;
    private static final double MOST_TEMPERATURE = 2;
    private static final int LONGEST_NAME = 64;
    private static final String JSON = "application/json";

    @Override
    public Optional<String> obstacle(Conversation conversation, Model model) {
        boolean shaped = !(conversation.output() instanceof Output.Text);
        if (shaped && !conversation.tools().isEmpty() && GeminiGeneration.of(model).isOld()) {
            return Optional.of("no answers in JSON beside tools");
        }
        return GeminiObstacles.of(conversation.messages(), model);
    }

    @Override
    public WireRequest write(Conversation conversation, Model model, boolean stream) {
        Set<String> dropped = new LinkedHashSet<>();
        ObjectNode body = Json.object();
        new GeminiContentsWriter(model, dropped).write(conversation.messages(), body);
        if (!conversation.tools().isEmpty()) {
            tools(conversation, body, dropped);
        }
        ObjectNode config = config(conversation, model, dropped);
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        String path = Format.GEMINI.codec().path(Operation.ANSWER, model.id(), stream);
        return new WireRequest(
                path + (stream ? "?alt=sse" : ""),
                Map.of(),
                Body.of(Json.bytes(body)),
                List.copyOf(dropped));
    }

    /** Names begin with a letter or an underscore. */
    @Override
    public String toolName(ToolName name) {
        String fit = ToolNames.fit(name, LONGEST_NAME);
        char first = fit.charAt(0);
        boolean fits = first == '_' || Character.isLetter(first);
        return fits ? fit : "_" + ToolNames.fit(name, LONGEST_NAME - 1);
    }

    private void tools(Conversation conversation, ObjectNode body, Set<String> dropped) {
        ArrayNode functions = body.putArray("tools").addObject().putArray("functionDeclarations");
        int strict = 0;
        for (Tool tool : conversation.tools()) {
            ObjectNode function = functions.addObject().put("name", toolName(tool.name()));
            tool.description()
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> function.put("description", text));
            if (!tool.schema().isBlank()) {
                function.putRawValue("parametersJsonSchema", new RawValue(tool.schema()));
            }
            strict += tool.strict().orElse(false) ? 1 : 0;
        }
        boolean all = strict == conversation.tools().size();
        if (strict > 0 && !all) {
            dropped.add("strict");
        }
        choice(conversation.toolChoice(), all, body);
    }

    /** A choice the model is not free in holds it to the schemas anyway. */
    private void choice(ToolChoice choice, boolean strict, ObjectNode body) {
        switch (choice) {
            case ToolChoice.Auto auto -> {
                if (strict) {
                    calling(body, "VALIDATED");
                }
            }
            case ToolChoice.None none -> calling(body, "NONE");
            case ToolChoice.Required required -> calling(body, "ANY");
            case ToolChoice.Named named ->
                    calling(body, "ANY")
                            .putArray("allowedFunctionNames")
                            .add(toolName(named.tool()));
        }
    }

    private static ObjectNode calling(ObjectNode body, String mode) {
        return body.putObject("toolConfig").putObject("functionCallingConfig").put("mode", mode);
    }

    private static ObjectNode config(Conversation conversation, Model model, Set<String> dropped) {
        ObjectNode config = Json.object();
        Sampling sampling = conversation.sampling();
        sampling.maxTokens()
                .ifPresent(tokens ->
                        config.put("maxOutputTokens", limit(tokens, conversation, model)));
        GeminiGeneration.write(conversation.thinking(), model, config, dropped);
        sampling(sampling, model, config, dropped);
        output(conversation.output(), config);
        return config;
    }

    private static long limit(int tokens, Conversation conversation, Model model) {
        long all = tokens;
        if (conversation.thinking().least()) {
            all += LeastReasoning.of(model).allowance();
        }
        return model.outputTokens() > 0 ? Math.min(all, model.outputTokens()) : all;
    }

    private static void sampling(
            Sampling sampling, Model model, ObjectNode config, Set<String> dropped) {
        temperature(sampling, model, config, dropped);
        sampling.topP().ifPresent(value -> config.put("topP", value));
        sampling.topK().ifPresent(value -> config.put("topK", value));
        sampling.presencePenalty().stream()
                .filter(value -> value != 0)
                .forEach(value -> config.put("presencePenalty", value));
        sampling.frequencyPenalty().stream()
                .filter(value -> value != 0)
                .forEach(value -> config.put("frequencyPenalty", value));
        sampling.seed().ifPresent(value -> seed(value, config, dropped));
        if (sampling.stop().size() > MOST_STOPS) {
            dropped.add("stop beyond the fifth");
        }
        if (!sampling.stop().isEmpty()) {
            sampling.stop().stream()
                    .limit(MOST_STOPS)
                    .forEach(config.putArray("stopSequences")::add);
        }
        sampling.likelihoods()
                .ifPresent(tokens -> {
                    config.put("responseLogprobs", true);
                    if (tokens > 0) {
                        config.put("logprobs", tokens);
                    }
                });
        if (!sampling.parallelTools().orElse(true)) {
            dropped.add("parallel_tool_calls");
        }
        sampling.user().ifPresent(name -> dropped.add("user"));
    }

    private static void temperature(
            Sampling sampling, Model model, ObjectNode config, Set<String> dropped) {
        if (sampling.temperature().isEmpty()) {
            return;
        }
        double value = sampling.temperature().getAsDouble();
        if (model.cannot(Ability.TEMPERATURE)) {
            dropped.add("temperature");
            return;
        }
        if (value > MOST_TEMPERATURE) {
            dropped.add("temperature above 2");
        }
        config.put("temperature", Math.min(value, MOST_TEMPERATURE));
    }

    private static void seed(long value, ObjectNode config, Set<String> dropped) {
        if ((int) value == value) {
            config.put("seed", value);
        } else {
            dropped.add("seed");
        }
    }

    private static void output(Output output, ObjectNode config) {
        switch (output) {
            case Output.Text text -> {
                // as it is by itself
            }
            case Output.Json json -> config.put("responseMimeType", JSON);
            case Output.Schema schema ->
                    config.put("responseMimeType", JSON).set("responseJsonSchema", schema(schema));
        }
    }

    private static JsonNode schema(Output.Schema output) {
        JsonNode schema = Json.readSchema(output.schema());
        if (schema instanceof ObjectNode object && !object.has("description")) {
            output.description().ifPresent(text -> object.put("description", text));
        }
        return schema;
    }
}
