package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Output;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;
import dev.pointsman.core.ToolChoice;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** Reads requests to {@code /responses}. */
final class ResponsesRequestReader implements RequestReader {

    private static final Set<String> READ =
            Set.of(
                    "model",
                    "stream",
                    "input",
                    "instructions",
                    "tools",
                    "tool_choice",
                    "text",
                    "reasoning",
                    "include",
                    "max_output_tokens",
                    "temperature",
                    "top_p",
                    "top_logprobs",
                    "parallel_tool_calls",
                    "user",
                    "safety_identifier",
                    "stream_options");

    /** Values that say no more than the field's absence, or what happens anyhow. */
    private static final Map<String, String> USUAL =
            Map.of(
                    "store", "false",
                    "background", "false",
                    "truncation", "disabled",
                    "service_tier", "auto");

    /** Fields in whose place the input may be missing. */
    private static final Set<String> INSTEAD_OF_INPUT =
            Set.of("previous_response_id", "conversation", "prompt");

    private static final String LIKELIHOODS = "message.output_text.logprobs";
    private static final String SEALS = "reasoning.encrypted_content";

    @Override
    public Conversation read(JsonNode body, Consumer<String> left) throws RequestException {
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!READ.contains(field.getKey()) && !isUsual(field.getKey(), field.getValue())) {
                left.accept(field.getKey());
            }
        }
        streamOptions(body.path("stream_options"), left);
        ResponsesToolsReader tools = new ResponsesToolsReader(left);
        tools.read(body.path("tools"), "tools");
        ResponsesInputReader input = new ResponsesInputReader(tools, left);
        input.instructions(body.path("instructions"));
        input.read(body.path("input"));
        if (input.isEmpty()
                && Fields.isAbsent(body.path("input"))
                && INSTEAD_OF_INPUT.stream().noneMatch(body::hasNonNull)) {
            throw new RequestException("input is missing");
        }
        ToolChoice choice = tools.choice(body.path("tool_choice"));
        return new Conversation(
                input.messages(),
                tools.tools(),
                choice,
                output(body, input.settings(), left),
                thinking(body, input.settings(), left),
                sampling(body, left));
    }

    private static boolean isUsual(String field, JsonNode value) {
        return Fields.isAbsent(value)
                || (value.isValueNode() && value.asText().equals(USUAL.get(field)));
    }

    private static void streamOptions(JsonNode options, Consumer<String> left) {
        for (Map.Entry<String, JsonNode> field : options.properties()) {
            boolean usual =
                    field.getKey().equals("include_obfuscation")
                            && !field.getValue().asBoolean(true);
            if (!usual && !Fields.isAbsent(field.getValue())) {
                left.accept("stream_options." + field.getKey());
            }
        }
    }

    private static Output output(JsonNode body, JsonNode later, Consumer<String> left)
            throws RequestException {
        JsonNode text = ResponsesFields.object(body, "text", "text");
        for (Map.Entry<String, JsonNode> field : text.properties()) {
            boolean usual =
                    field.getKey().equals("format") || field.getValue().asText().equals("medium");
            if (!usual && !Fields.isAbsent(field.getValue())) {
                left.accept("text." + field.getKey());
            }
        }
        JsonNode changed = later.path("text").path("format");
        return format(
                changed.isObject()
                        ? changed
                        : ResponsesFields.object(text, "format", "text.format"),
                left);
    }

    private static Output format(JsonNode format, Consumer<String> left) throws RequestException {
        if (Fields.isAbsent(format)) {
            return new Output.Text();
        }
        String type = format.path("type").asText("");
        switch (type) {
            case "text" -> {
                return new Output.Text();
            }
            case "json_object" -> {
                return new Output.Json();
            }
            case "json_schema" -> {
                // below
            }
            default -> {
                left.accept("text.format(" + type + ")");
                return new Output.Text();
            }
        }
        if (!format.path("schema").isObject()) {
            throw new RequestException("text.format.schema must be an object");
        }
        Fields.leave(
                format,
                "text.format(json_schema)",
                Set.of("type", "name", "description", "schema", "strict"),
                left);
        return new Output.Schema(
                ResponsesFields.text(format, "name", "text.format"),
                ResponsesFields.text(format, "description", "text.format"),
                Json.text(format.path("schema")),
                ResponsesToolsReader.strict(format));
    }

    private static Thinking thinking(JsonNode body, JsonNode later, Consumer<String> left)
            throws RequestException {
        JsonNode reasoning = ResponsesFields.object(body, "reasoning", "reasoning");
        Fields.leave(reasoning, "reasoning", Set.of("effort", "summary", "generate_summary"), left);
        Optional<String> changed =
                ResponsesFields.text(later.path("reasoning"), "effort", "reasoning");
        Optional<String> word =
                changed.isPresent()
                        ? changed
                        : ResponsesFields.text(reasoning, "effort", "reasoning");
        Optional<Effort> effort = word.flatMap(ResponsesRequestReader::effort);
        if (word.isPresent() && effort.isEmpty()) {
            left.accept("reasoning.effort");
        }
        Optional<String> summary =
                ResponsesFields.text(reasoning, "summary", "reasoning")
                        .or(() ->
                                Optional.ofNullable(
                                        reasoning.path("generate_summary").textValue()));
        return effort.isEmpty() && summary.isEmpty()
                ? Thinking.UNSAID
                : new Thinking(
                        effort,
                        OptionalInt.empty(),
                        false,
                        summary.map(said -> !said.equals("none")));
    }

    private static Optional<Effort> effort(String word) {
        for (Effort effort : Effort.values()) {
            if (effort.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(effort);
            }
        }
        return Optional.empty();
    }

    private static Sampling sampling(JsonNode body, Consumer<String> left) throws RequestException {
        Sampling.Draft draft = new Sampling.Draft();
        if (isNumber(body, "max_output_tokens")) {
            long most = body.path("max_output_tokens").asLong();
            draft.maxTokens((int) Math.clamp(most, 1, Integer.MAX_VALUE));
        }
        if (isNumber(body, "temperature")) {
            draft.temperature(body.path("temperature").asDouble());
        }
        if (isNumber(body, "top_p")) {
            draft.topP(body.path("top_p").asDouble());
        }
        if (body.path("parallel_tool_calls").isBoolean()) {
            draft.parallelTools(body.path("parallel_tool_calls").booleanValue());
        }
        likelihoods(body, draft, left);
        user(body, draft, left);
        return draft.build();
    }

    private static void likelihoods(JsonNode body, Sampling.Draft draft, Consumer<String> left)
            throws RequestException {
        boolean wanted = false;
        for (JsonNode included : body.path("include")) {
            String what = included.asText();
            if (what.equals(LIKELIHOODS)) {
                wanted = true;
            } else if (!what.equals(SEALS)) {
                left.accept("include(" + what + ")");
            }
        }
        int top = isNumber(body, "top_logprobs") ? body.path("top_logprobs").asInt() : 0;
        if (wanted || top > 0) {
            draft.likelihoods(top);
        }
    }

    private static void user(JsonNode body, Sampling.Draft draft, Consumer<String> left)
            throws RequestException {
        Optional<String> user = ResponsesFields.text(body, "user", "request");
        Optional<String> identifier = ResponsesFields.text(body, "safety_identifier", "request");
        user.or(() -> identifier).ifPresent(draft::user);
        if (user.isPresent() && identifier.isPresent() && !user.equals(identifier)) {
            left.accept("safety_identifier");
        }
    }

    private static boolean isNumber(JsonNode body, String field) throws RequestException {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isNumber()) {
            throw new RequestException(field + " must be a number");
        }
        return true;
    }
}
