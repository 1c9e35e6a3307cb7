package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Gathers the tools of a request, wherever they stand in it. Has state. */
final class ResponsesToolsReader {

    /** What a freeform tool takes where a function is wanted. */
    static final String FREEFORM =
            "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
                    + "\"required\":[\"input\"]}";

    static final String NO_ARGUMENTS = "{\"type\":\"object\",\"properties\":{}}";

    /** A choice of a tool that runs at the provider, or of a kind we do not know. */
    private static final String HOSTED_CHOICE = "tool_choice(hosted)";

    private static final Set<String> FUNCTION =
            Set.of("type", "name", "description", "parameters", "strict");
    private static final Set<String> CUSTOM = Set.of("type", "name", "description", "format");
    private static final Set<String> NAMESPACE = Set.of("type", "name", "tools");

    private final Consumer<String> left;
    private final Map<ToolName, Tool> tools = new LinkedHashMap<>();
    private boolean hosted;
    private boolean narrowed;
    private final Set<ToolName> allowed = new HashSet<>();

    ResponsesToolsReader(Consumer<String> left) {
        this.left = left;
    }

    /** Those that may be asked for. */
    List<Tool> tools() {
        if (!narrowed) {
            return List.copyOf(tools.values());
        }
        return tools.values().stream().filter(tool -> allowed.contains(tool.name())).toList();
    }

    /**
     * @param path where the list stands
     */
    void read(JsonNode list, String path) throws RequestException {
        if (Fields.isAbsent(list)) {
            return;
        }
        if (!list.isArray()) {
            throw new RequestException(path + " must be an array");
        }
        for (JsonNode tool : list) {
            read(tool, path, Optional.empty());
        }
    }

    private void read(JsonNode tool, String path, Optional<String> namespace)
            throws RequestException {
        if (!tool.isObject()) {
            throw new RequestException(path + " must hold objects");
        }
        String type = tool.path("type").asText("");
        String here = path + "(" + type + ")";
        switch (type) {
            case "function" -> function(tool, here, namespace);
            case "custom" -> custom(tool, here, namespace);
            case "namespace" -> namespace(tool, here);
            default -> {
                hosted = true;
                left.accept(here);
            }
        }
    }

    private void function(JsonNode tool, String path, Optional<String> namespace)
            throws RequestException {
        ToolName name =
                new ToolName(ResponsesFields.required(tool, "name", path), namespace, false);
        JsonNode schema = ResponsesFields.object(tool, "parameters", path + ".parameters");
        Fields.leave(tool, path, FUNCTION, left);
        add(
                new Tool(
                        name,
                        ResponsesFields.text(tool, "description", path),
                        schema.isObject() ? schema(schema) : NO_ARGUMENTS,
                        strict(tool)));
    }

    private static String schema(JsonNode schema) {
        return schema.isEmpty() ? NO_ARGUMENTS : Json.text(schema);
    }

    private void custom(JsonNode tool, String path, Optional<String> namespace)
            throws RequestException {
        ToolName name = new ToolName(ResponsesFields.required(tool, "name", path), namespace, true);
        Fields.leave(tool, path, CUSTOM, left);
        Optional<String> description = ResponsesFields.text(tool, "description", path);
        JsonNode format = tool.path("format");
        if (!Fields.isAbsent(format) && !format.path("type").asText().equals("text")) {
            left.accept(path + ".format");
            description = Optional.of(described(description, format));
        }
        add(new Tool(name, description, FREEFORM, Optional.empty()));
    }

    /** What nobody enforces is at least told to the model. */
    private static String described(Optional<String> description, JsonNode format) {
        JsonNode grammar = format.path("grammar").isObject() ? format.path("grammar") : format;
        return description.map(said -> said + "\n\n").orElse("")
                + "The input follows this grammar ("
                + grammar.path("syntax").asText("lark")
                + "):\n"
                + grammar.path("definition").asText("");
    }

    private void namespace(JsonNode space, String path) throws RequestException {
        Optional<String> name = Optional.of(ResponsesFields.required(space, "name", path));
        Fields.leave(space, path, NAMESPACE, left);
        for (JsonNode tool : space.path("tools")) {
            read(tool, path + ".tools", name);
        }
    }

    private void add(Tool tool) {
        tools.putIfAbsent(tool.name(), tool);
    }

    static Optional<Boolean> strict(JsonNode object) {
        JsonNode strict = object.path("strict");
        return strict.isBoolean() ? Optional.of(strict.booleanValue()) : Optional.empty();
    }

    ToolChoice choice(JsonNode choice) throws RequestException {
        if (Fields.isAbsent(choice)) {
            return new ToolChoice.Auto();
        }
        if (choice.isTextual()) {
            return mode(choice.textValue());
        }
        if (!choice.isObject()) {
            throw new RequestException("tool_choice must be a string or an object");
        }
        return switch (choice.path("type").asText("")) {
            case "function" -> named(choice, false);
            case "custom" -> named(choice, true);
            case "allowed_tools" -> allowed(choice);
            default -> {
                left.accept(HOSTED_CHOICE);
                yield new ToolChoice.Auto();
            }
        };
    }

    private ToolChoice mode(String mode) throws RequestException {
        return switch (mode) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> {
                if (tools().isEmpty() && hosted) {
                    left.accept(HOSTED_CHOICE);
                }
                yield new ToolChoice.Required();
            }
            default ->
                    throw new RequestException(
                            "tool_choice must be auto, none, required or an object");
        };
    }

    private ToolChoice named(JsonNode choice, boolean freeform) throws RequestException {
        String name = ResponsesFields.required(choice, "name", "tool_choice");
        Optional<String> space = ResponsesFields.text(choice, "namespace", "tool_choice");
        Fields.leave(
                choice,
                "tool_choice(" + choice.path("type").asText() + ")",
                Set.of("type", "name", "namespace"),
                left);
        for (ToolName tool : tools.keySet()) {
            if (tool.name().equals(name)
                    && tool.freeform() == freeform
                    && (space.isEmpty() || space.equals(tool.namespace()))) {
                return new ToolChoice.Named(tool);
            }
        }
        return new ToolChoice.Named(new ToolName(name, space, freeform));
    }

    private ToolChoice allowed(JsonNode choice) throws RequestException {
        Fields.leave(choice, "tool_choice(allowed_tools)", Set.of("type", "mode", "tools"), left);
        for (JsonNode tool : choice.path("tools")) {
            allow(tool);
        }
        narrowed = true;
        hosted = allowed.isEmpty();
        return mode(choice.path("mode").asText("auto"));
    }

    private void allow(JsonNode entry) {
        String type = entry.path("type").asText("");
        String name = entry.path("name").asText("");
        List<ToolName> meant = new ArrayList<>();
        for (ToolName tool : tools.keySet()) {
            boolean fits =
                    switch (type) {
                        case "function" -> !tool.freeform() && tool.name().equals(name);
                        case "custom" -> tool.freeform() && tool.name().equals(name);
                        case "namespace" -> tool.namespace().equals(Optional.of(name));
                        default -> false;
                    };
            if (fits) {
                meant.add(tool);
            }
        }
        allowed.addAll(meant);
        if (meant.isEmpty()) {
            left.accept("tool_choice(allowed_tools).tools(hosted)");
        }
    }
}
