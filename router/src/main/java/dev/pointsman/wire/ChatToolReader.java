package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the tools that a chat request offers, and its choice. Has state; reads one request. */
final class ChatToolReader {

    private static final Set<String> FUNCTION_TOOL = Set.of("type", "function");
    private static final Set<String> FUNCTION =
            Set.of("name", "description", "parameters", "strict");
    private static final Set<String> CUSTOM_TOOL = Set.of("type", "custom");
    private static final Set<String> CUSTOM = Set.of("name", "description", "format");
    private static final String NO_ARGUMENTS = "{\"type\":\"object\",\"properties\":{}}";
    private static final String ONE_TEXT =
            "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
                    + "\"required\":[\"input\"],\"additionalProperties\":false}";

    private final Consumer<String> left;
    private final List<Tool> tools = new ArrayList<>();
    private ToolChoice choice = new ToolChoice.Auto();
    private boolean functions;
    private boolean others;

    ChatToolReader(Consumer<String> left) {
        this.left = left;
    }

    /** The tools that the model may choose from. */
    List<Tool> tools(JsonNode body) throws RequestException {
        for (JsonNode tool : body.path("tools")) {
            tool(tool);
        }
        for (JsonNode function : body.path("functions")) {
            functions = true;
            function(function, "functions", Optional.of(ChatRequestReader.FUNCTIONS));
        }
        JsonNode said = body.path("tool_choice");
        if (!Fields.isAbsent(said)) {
            choice(said);
        } else if (!Fields.isAbsent(body.path("function_call"))) {
            functionCall(body.path("function_call"));
        }
        return tools;
    }

    ToolChoice choice() {
        return choice;
    }

    /** Whether any of the deprecated kind is offered. */
    boolean functions() {
        return functions;
    }

    private void tool(JsonNode tool) throws RequestException {
        String type = tool.path("type").asText(tool.has("custom") ? "custom" : "function");
        switch (type) {
            case "function" -> {
                Fields.leave(tool, "tools(function)", FUNCTION_TOOL, left);
                function(tool.path("function"), "tools(function).function", Optional.empty());
            }
            case "custom" -> custom(tool);
            default -> {
                others = true;
                left.accept("tools(" + type + ")");
            }
        }
    }

    private void function(JsonNode function, String path, Optional<String> namespace)
            throws RequestException {
        Fields.leave(function, path, FUNCTION, left);
        JsonNode schema = function.path("parameters");
        tools.add(
                new Tool(
                        new ToolName(name(function, path), namespace, false),
                        ChatRequestReader.optional(function.path("description")),
                        schema.isObject() && !schema.isEmpty() ? Json.text(schema) : NO_ARGUMENTS,
                        ChatRequestReader.flag(function.path("strict"))));
    }

    private static String name(JsonNode named, String path) throws RequestException {
        String name = ChatFields.text(named.path("name"));
        if (name.isEmpty()) {
            throw new RequestException(path + ".name is missing");
        }
        return name;
    }

    /** A grammar is told in words: no other format can enforce it. */
    private void custom(JsonNode tool) throws RequestException {
        JsonNode custom = tool.path("custom");
        Fields.leave(tool, "tools(custom)", CUSTOM_TOOL, left);
        Fields.leave(custom, "tools(custom).custom", CUSTOM, left);
        StringBuilder description = new StringBuilder(ChatFields.text(custom.path("description")));
        JsonNode format = custom.path("format");
        JsonNode grammar = format.has("grammar") ? format.path("grammar") : format;
        if (grammar.path("definition").isTextual()) {
            left.accept("tools(custom).custom.format");
            description
                    .append(description.isEmpty() ? "" : "\n\n")
                    .append("The input follows this grammar (")
                    .append(grammar.path("syntax").asText("lark"))
                    .append("):\n")
                    .append(grammar.path("definition").textValue());
        }
        tools.add(
                new Tool(
                        new ToolName(name(custom, "tools(custom).custom"), Optional.empty(), true),
                        Optional.of(description.toString()).filter(text -> !text.isEmpty()),
                        ONE_TEXT,
                        Optional.empty()));
    }

    private void choice(JsonNode said) {
        if (said.isTextual()) {
            choice = word(said.textValue(), "tool_choice");
            return;
        }
        switch (said.path("type").asText()) {
            case "function" -> named(said.path("function").path("name").asText());
            case "custom" -> named(said.path("custom").path("name").asText());
            case "allowed_tools" -> allowed(said.path("allowed_tools"));
            default -> left.accept("tool_choice(other)");
        }
    }

    private ToolChoice word(String word, String path) {
        return switch (word) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required", "any" -> new ToolChoice.Required();
            default -> {
                left.accept(path + "(other)");
                yield new ToolChoice.Auto();
            }
        };
    }

    private void named(String name) {
        Optional<ToolName> found = find(name);
        if (found.isEmpty() && others) {
            left.accept("tool_choice(other)");
        } else {
            choice = new ToolChoice.Named(found.orElseGet(() -> ToolName.of(name)));
        }
    }

    private Optional<ToolName> find(String name) {
        for (Tool tool : tools) {
            if (tool.name().name().equals(name)) {
                return Optional.of(tool.name());
            }
        }
        return Optional.empty();
    }

    /** The others are not offered. */
    private void allowed(JsonNode said) {
        Set<String> names = new HashSet<>();
        for (JsonNode tool : said.path("tools")) {
            JsonNode of = tool.has("custom") ? tool.path("custom") : tool.path("function");
            names.add(of.path("name").asText(tool.path("name").asText()));
        }
        boolean required = said.path("mode").asText().equals("required");
        if (tools.stream().noneMatch(tool -> names.contains(tool.name().name()))) {
            choice = new ToolChoice.None();
            if (required) {
                left.accept("tool_choice(other)");
            }
            return;
        }
        tools.removeIf(tool -> !names.contains(tool.name().name()));
        choice = required ? new ToolChoice.Required() : new ToolChoice.Auto();
    }

    private void functionCall(JsonNode said) {
        if (said.isTextual()) {
            choice = word(said.textValue(), "function_call");
        } else {
            named(said.path("name").asText());
        }
    }
}
