package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads how a chat request wants its answer drawn. Has state; reads one request. */
final class ChatSamplingReader {

    private final JsonNode body;
    private final Sampling.Draft sampling;
    private final Consumer<String> left;

    ChatSamplingReader(JsonNode body, Sampling.Draft sampling, Consumer<String> left) {
        this.body = body;
        this.sampling = sampling;
        this.left = left;
    }

    /** Reads a field of the request that is not blank, or names it. */
    void read(String name, JsonNode value) throws RequestException {
        switch (name) {
            case "max_tokens", "max_completion_tokens" -> {
                // whichever of the two counts
            }
            case "temperature" -> sampling.temperature(number(name, value));
            case "top_p" -> sampling.topP(number(name, value));
            case "top_k" -> sampling.topK(whole(name, value));
            case "presence_penalty" -> sampling.presencePenalty(number(name, value));
            case "frequency_penalty" -> sampling.frequencyPenalty(number(name, value));
            case "seed" -> sampling.seed((long) number(name, value));
            case "stop" -> sampling.stop(stop(value));
            case "logprobs" -> logprobs(value);
            case "top_logprobs" -> whole(name, value);
            case "parallel_tool_calls" -> sampling.parallelTools(value.asBoolean(true));
            case "user" -> user(value);
            case "safety_identifier" -> sampling.user(value.asText());
            default -> leave(name, value);
        }
    }

    /** Reads the limit, which has an old and a new name. */
    void limit() throws RequestException {
        for (String name : List.of("max_completion_tokens", "max_tokens")) {
            JsonNode value = body.path(name);
            if (!Fields.isAbsent(value)) {
                sampling.maxTokens(whole(name, value));
                return;
            }
        }
    }

    private void logprobs(JsonNode value) throws RequestException {
        if (value.asBoolean()) {
            JsonNode top = body.path("top_logprobs");
            sampling.likelihoods(Fields.isAbsent(top) ? 0 : whole("top_logprobs", top));
        }
    }

    private void user(JsonNode value) {
        JsonNode newer = body.path("safety_identifier");
        if (Fields.isAbsent(newer)) {
            sampling.user(value.asText());
        } else if (!newer.equals(value)) {
            left.accept("user");
        }
    }

    private static List<String> stop(JsonNode value) throws RequestException {
        if (!value.isTextual() && !value.isArray()) {
            throw new RequestException("stop must be a text or a list of texts");
        }
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : value) {
            if (!ChatFields.text(text).isEmpty()) {
                texts.add(text.textValue());
            }
        }
        return texts;
    }

    /** Some fields are often said with the value that they have anyway. */
    private void leave(String name, JsonNode value) {
        boolean said =
                switch (name) {
                    case "n" -> value.asInt(1) != 1;
                    case "store" -> value.asBoolean();
                    case "service_tier" -> !value.asText().equals("auto");
                    case "modalities" ->
                            value.size() != 1 || !value.path(0).asText().equals("text");
                    default -> true;
                };
        if (said) {
            left.accept(name);
        }
    }

    static double number(String name, JsonNode value) throws RequestException {
        if (!value.isNumber()) {
            throw new RequestException(name + " must be a number");
        }
        return value.doubleValue();
    }

    static int whole(String name, JsonNode value) throws RequestException {
        return Math.clamp((long) number(name, value), 0, Integer.MAX_VALUE);
    }
}
