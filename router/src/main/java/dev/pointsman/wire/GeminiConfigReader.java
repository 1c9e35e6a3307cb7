package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Output;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The {@code generationConfig} of a Gemini request. Has state; reads one request. */
final class GeminiConfigReader {

    private static final String PATH = "generationConfig.";

    private final Consumer<String> left;
    private final Sampling.Draft sampling = new Sampling.Draft();
    private Thinking thinking = Thinking.UNSAID;
    private boolean json;
    private @Nullable String schema;
    private boolean likelihoods;
    private int likely;

    GeminiConfigReader(Consumer<String> left) {
        this.left = left;
    }

    void read(JsonNode config) throws RequestException {
        for (Map.Entry<String, JsonNode> field : config.properties()) {
            if (!Gemini.isEmpty(field.getValue())) {
                field(Gemini.camel(field.getKey()), field.getValue());
            }
        }
    }

    private void field(String name, JsonNode value) throws RequestException {
        switch (name) {
            case "temperature" -> sampling.temperature(number(name, value));
            case "topP" -> sampling.topP(number(name, value));
            case "topK" -> sampling.topK(integer(name, value));
            case "maxOutputTokens" -> {
                if (integer(name, value) > 0) {
                    sampling.maxTokens(integer(name, value));
                }
            }
            case "stopSequences" -> sampling.stop(texts(value));
            case "presencePenalty" -> sampling.presencePenalty(number(name, value));
            case "frequencyPenalty" -> sampling.frequencyPenalty(number(name, value));
            case "seed" -> sampling.seed((long) number(name, value));
            case "responseLogprobs" -> likelihoods = value.asBoolean();
            case "logprobs" -> likely = Math.max(0, integer(name, value));
            case "candidateCount" -> {
                if (integer(name, value) > 1) {
                    left.accept(PATH + name);
                }
            }
            case "responseMimeType" -> mediaType(value.asText());
            case "responseSchema" -> schema(value, true);
            case "responseJsonSchema" -> schema(value, false);
            case "responseFormat" -> format(value);
            case "responseModalities" -> modalities(value);
            case "thinkingConfig" -> thinking = thinking(value);
            default -> left.accept(PATH + name);
        }
    }

    private void mediaType(String type) {
        switch (type) {
            case "application/json" -> json = true;
            case "text/plain" -> {
                // as it is by itself
            }
            case "text/x.enum" -> left.accept(PATH + "responseMimeType(text/x.enum)");
            default -> left.accept(PATH + "responseMimeType(other)");
        }
    }

    private void schema(JsonNode value, boolean googles) throws RequestException {
        if (!value.isObject()) {
            throw new RequestException(PATH + "responseSchema must be an object");
        }
        schema = Json.text(googles ? GeminiSchema.json(value) : value);
    }

    private void format(JsonNode formats) throws RequestException {
        for (JsonNode format : Gemini.each(formats)) {
            for (Map.Entry<String, JsonNode> kind : format.properties()) {
                String name = Gemini.camel(kind.getKey());
                if (name.equals("text")) {
                    text(kind.getValue());
                } else if (!kind.getValue().isNull()) {
                    left.accept(PATH + "responseFormat." + name);
                }
            }
        }
    }

    private void text(JsonNode format) throws RequestException {
        for (Map.Entry<String, JsonNode> field : format.properties()) {
            if (Gemini.isEmpty(field.getValue())) {
                continue;
            }
            String name = Gemini.camel(field.getKey());
            switch (name) {
                case "mimeType" -> mediaType(mediaTypeOf(field.getValue().asText()));
                case "schema" -> schema(field.getValue(), false);
                default -> left.accept(PATH + "responseFormat.text." + name);
            }
        }
    }

    private static String mediaTypeOf(String name) {
        return switch (name) {
            case "APPLICATION_JSON" -> "application/json";
            case "TEXT_PLAIN", "MIME_TYPE_UNSPECIFIED" -> "text/plain";
            default -> name;
        };
    }

    private void modalities(JsonNode value) {
        for (JsonNode kind : value) {
            String name = kind.asText().toUpperCase(Locale.ROOT);
            if (!name.equals("TEXT") && !name.equals("MODALITY_UNSPECIFIED")) {
                left.accept(PATH + "responseModalities(" + (known(name) ? name : "other") + ")");
            }
        }
    }

    private static boolean known(String modality) {
        return modality.equals("IMAGE") || modality.equals("AUDIO") || modality.equals("VIDEO");
    }

    /** A budget below zero means that the model decides, as it does by itself. */
    private Thinking thinking(JsonNode config) throws RequestException {
        Optional<Effort> effort = Optional.empty();
        OptionalInt budget = OptionalInt.empty();
        Optional<Boolean> shown = Optional.empty();
        for (Map.Entry<String, JsonNode> field : config.properties()) {
            JsonNode value = field.getValue();
            if (Gemini.isEmpty(value)) {
                continue;
            }
            String name = Gemini.camel(field.getKey());
            switch (name) {
                case "includeThoughts" -> shown = Optional.of(value.asBoolean());
                case "thinkingBudget" -> {
                    int tokens = integer("thinkingConfig.thinkingBudget", value);
                    budget = tokens < 0 ? OptionalInt.empty() : OptionalInt.of(tokens);
                }
                case "thinkingLevel" -> effort = effort(value.asText());
                default -> left.accept(PATH + "thinkingConfig." + name);
            }
        }
        return new Thinking(effort, budget, false, shown);
    }

    private Optional<Effort> effort(String level) {
        return switch (level.toUpperCase(Locale.ROOT)) {
            case "MINIMAL" -> Optional.of(Effort.MINIMAL);
            case "LOW" -> Optional.of(Effort.LOW);
            case "MEDIUM" -> Optional.of(Effort.MEDIUM);
            case "HIGH" -> Optional.of(Effort.HIGH);
            case "THINKING_LEVEL_UNSPECIFIED" -> Optional.empty();
            default -> {
                left.accept(PATH + "thinkingConfig.thinkingLevel(other)");
                yield Optional.empty();
            }
        };
    }

    Output output() {
        if (schema != null) {
            return new Output.Schema(Optional.empty(), Optional.empty(), schema, Optional.empty());
        }
        return json ? new Output.Json() : new Output.Text();
    }

    Thinking thinking() {
        return thinking;
    }

    Sampling sampling() {
        if (likelihoods) {
            sampling.likelihoods(likely);
        }
        return sampling.build();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static int integer(String name, JsonNode value) throws RequestException {
        return (int) number(name, value);
    }

    /** Google takes numbers written as texts too. */
    private static double number(String name, JsonNode value) throws RequestException {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        try {
            return Double.parseDouble(value.asText());
        } catch (NumberFormatException e) {
            throw new RequestException(PATH + name + " must be a number");
        }
    }
}
