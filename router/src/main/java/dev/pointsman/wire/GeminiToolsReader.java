package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The tools of a Gemini request. Those that Google runs itself are left: beside functions as {@code
 * tools.googleSearch}, and where there are no functions, so that the request is about them, as
 * {@code tools(alone).googleSearch}. Has state; reads one request.
 */
final class GeminiToolsReader {

    private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

    private final Consumer<String> left;
    private final List<Tool> functions = new ArrayList<>();
    private final Set<String> hosted = new LinkedHashSet<>();
    private final Set<String> allowed = new LinkedHashSet<>();
    private String mode = "AUTO";

    GeminiToolsReader(Consumer<String> left) {
        this.left = left;
    }

    void tools(JsonNode tools) throws RequestException {
        for (JsonNode tool : Gemini.each(tools)) {
            for (Map.Entry<String, JsonNode> kind : tool.properties()) {
                String name = Gemini.camel(kind.getKey());
                if (name.equals("functionDeclarations")) {
                    for (JsonNode function : Gemini.each(kind.getValue())) {
                        functions.add(function(function));
                    }
                } else if (!kind.getValue().isNull()) {
                    hosted.add(name);
                }
            }
        }
    }

    private Tool function(JsonNode function) throws RequestException {
        String name = "";
        Optional<String> description = Optional.empty();
        String schema = NO_PARAMETERS;
        for (Map.Entry<String, JsonNode> field : function.properties()) {
            JsonNode value = field.getValue();
            if (Gemini.isEmpty(value)) {
                continue;
            }
            String said = Gemini.camel(field.getKey());
            switch (said) {
                case "name" -> name = value.asText();
                case "description" -> description = Optional.of(value.asText());
                case "parameters" -> schema = schema(value, true);
                case "parametersJsonSchema" -> schema = schema(value, false);
                default -> left.accept("tools.functionDeclarations." + said);
            }
        }
        if (name.isEmpty()) {
            throw new RequestException("each of tools.functionDeclarations must have a name");
        }
        return new Tool(ToolName.of(name), description, schema, Optional.empty());
    }

    private static String schema(JsonNode schema, boolean googles) throws RequestException {
        if (!schema.isObject()) {
            throw new RequestException("the parameters of a function must be an object");
        }
        return Json.text(googles ? GeminiSchema.json(schema) : schema);
    }

    void config(JsonNode config) throws RequestException {
        for (Map.Entry<String, JsonNode> field : config.properties()) {
            String name = Gemini.camel(field.getKey());
            if (name.equals("functionCallingConfig")) {
                calling(field.getValue());
            } else if (!Gemini.isEmpty(field.getValue())) {
                left.accept("toolConfig." + name);
            }
        }
    }

    private void calling(JsonNode config) throws RequestException {
        for (Map.Entry<String, JsonNode> field : config.properties()) {
            JsonNode value = field.getValue();
            String name = Gemini.camel(field.getKey());
            switch (name) {
                case "mode" -> mode = mode(value);
                case "allowedFunctionNames" -> value.forEach(one -> allowed.add(one.asText()));
                default -> {
                    if (!Gemini.isEmpty(value)) {
                        left.accept("toolConfig.functionCallingConfig." + name);
                    }
                }
            }
        }
    }

    private static String mode(JsonNode value) throws RequestException {
        return switch (value.asText().toUpperCase(Locale.ROOT)) {
            case "AUTO", "MODE_UNSPECIFIED", "NULL", "" -> "AUTO";
            case "ANY" -> "ANY";
            case "NONE" -> "NONE";
            case "VALIDATED" -> "VALIDATED";
            default ->
                    throw new RequestException(
                            "toolConfig.functionCallingConfig.mode must be AUTO, ANY, NONE or"
                                    + " VALIDATED");
        };
    }

    /** The functions; where several of them are allowed, only those. */
    List<Tool> offered() {
        String beside = functions.isEmpty() ? "tools(alone)." : "tools.";
        hosted.forEach(name -> left.accept(beside + name));
        boolean some = allowed.size() > 1 || mode.equals("VALIDATED") && !allowed.isEmpty();
        List<Tool> offered = new ArrayList<>();
        for (Tool tool : functions) {
            if (!some || mode.equals("NONE") || allowed.contains(tool.name().name())) {
                offered.add(mode.equals("VALIDATED") ? strict(tool) : tool);
            }
        }
        return offered;
    }

    private static Tool strict(Tool tool) {
        return new Tool(tool.name(), tool.description(), tool.schema(), Optional.of(true));
    }

    ToolChoice choice() {
        return switch (mode) {
            case "NONE" -> new ToolChoice.None();
            case "ANY" ->
                    allowed.size() == 1
                            ? new ToolChoice.Named(ToolName.of(allowed.iterator().next()))
                            : new ToolChoice.Required();
            default -> new ToolChoice.Auto();
        };
    }
}
