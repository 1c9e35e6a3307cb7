package dev.pointsman.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The JSON Schema (2020-12) of policy files, generated from the definitions that the reader uses.
 */
public final class PolicySchema {

    private PolicySchema() {}

    /** The schema as JSON text. */
    public static String json() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Pointsman policy");
        schema.put("description", "A routing policy, laid over the built-in one.");
        schema.putAll(schema(PolicyShape.POLICY));
        return PolicyText.json(schema);
    }

    private static Map<String, Object> schema(Shape shape) {
        return switch (shape) {
            case Shape.Text s -> text();
            case Shape.Choice choice -> map("enum", choice.names());
            case Shape.Flag s -> map("type", "boolean");
            case Shape.Whole whole ->
                    map("type", "integer", "minimum", whole.least(), "maximum", whole.most());
            case Shape.Usd s -> map("type", "number", "minimum", 0);
            case Shape.Share s -> map("type", "number", "minimum", 0, "maximum", 1);
            case Shape.Ratio s -> map("type", "number", "minimum", 0);
            case Shape.Span s -> map("type", "string", "pattern", "^[1-9][0-9]{0,8}(ms|s|m|h|d)$");
            case Shape.SpanOr or ->
                    map(
                            "type",
                            "string",
                            "pattern",
                            "^(" + or.word() + "|[1-9][0-9]{0,8}(ms|s|m|h|d))$");
            case Shape.Size s -> map("type", "string", "pattern", "^[1-9][0-9]{0,6}(KB|MB|GB)$");
            case Shape.ListOf list -> list(list);
            case Shape.OneOrMore one ->
                    map(
                            "oneOf",
                            List.of(schema(one.item()), list(new Shape.ListOf(one.item(), 1))));
            case Shape.MapOf map ->
                    map("type", "object", "additionalProperties", schema(map.value()));
            case Shape.Struct struct -> struct(struct);
        };
    }

    /**
     * YAML reads an unquoted number or truth value in the place of a text as one, and the reader
     * takes it.
     */
    private static Map<String, Object> text() {
        return map("type", List.of("string", "number", "boolean"));
    }

    private static Map<String, Object> list(Shape.ListOf list) {
        Map<String, Object> schema = map("type", "array", "items", schema(list.item()));
        if (list.least() > 0) {
            schema.put("minItems", list.least());
        }
        return schema;
    }

    private static Map<String, Object> struct(Shape.Struct struct) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Shape.Field field : struct.fields()) {
            Map<String, Object> property = map("description", field.doc());
            property.putAll(schema(field.shape()));
            properties.put(field.name(), property);
        }
        Map<String, Object> schema =
                map("type", "object", "additionalProperties", false, "properties", properties);
        List<String> required = required(struct, field -> field.unless().isEmpty());
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        struct.fields().stream()
                .filter(field -> !field.unless().isEmpty())
                .forEach(field ->
                        schema.put(
                                "anyOf",
                                List.of(
                                        map("required", List.of(field.name())),
                                        map("required", List.of(field.unless())))));
        return schema;
    }

    private static List<String> required(Shape.Struct struct, Predicate<Shape.Field> which) {
        return struct.fields().stream()
                .filter(Shape.Field::required)
                .filter(which)
                .map(Shape.Field::name)
                .toList();
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** The same as a page for people, in Markdown: every key, what it takes, what it means. */
    public static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("# The policy file: every key\n\n")
                .append(
                        "Made by `pointsman policy schema --markdown` from the definitions that the"
                                + " reader uses.\n\n")
                .append("| key | takes | what it says |\n|---|---|---|\n");
        rows(PolicyShape.POLICY, "", page);
        return page.toString();
    }

    private static void rows(Shape shape, String path, StringBuilder page) {
        switch (shape) {
            case Shape.Struct struct -> {
                for (Shape.Field field : struct.fields()) {
                    String key = path.isEmpty() ? field.name() : path + "." + field.name();
                    page.append("| `").append(key).append("` | ").append(words(field.shape()));
                    page.append(field.required() ? ", required" : "")
                            .append(field.unless().isEmpty() ? "" : " without " + field.unless())
                            .append(" | ")
                            .append(field.doc())
                            .append(" |\n");
                    rows(field.shape(), key, page);
                }
            }
            case Shape.MapOf map -> rows(map.value(), path + ".<" + map.keyIs() + ">", page);
            case Shape.ListOf list -> rows(list.item(), path + "[]", page);
            case Shape.Text s -> {}
            case Shape.Choice s -> {}
            case Shape.Flag s -> {}
            case Shape.Whole s -> {}
            case Shape.Usd s -> {}
            case Shape.Share s -> {}
            case Shape.Ratio s -> {}
            case Shape.Span s -> {}
            case Shape.SpanOr s -> {}
            case Shape.Size s -> {}
            case Shape.OneOrMore s -> {}
        }
    }

    private static String words(Shape shape) {
        return switch (shape) {
            case Shape.Text s -> "text";
            case Shape.Choice choice -> String.join(", ", choice.names());
            case Shape.Flag s -> "true or false";
            case Shape.Whole whole -> "whole number";
            case Shape.Usd s -> "USD per million tokens";
            case Shape.Share s -> "number from 0 to 1";
            case Shape.Ratio s -> "share, 0 or more";
            case Shape.Span s -> "duration (500ms, 2s, 5m, 1h)";
            case Shape.SpanOr or -> or.word() + ", or a duration (800ms, 2s)";
            case Shape.Size s -> "size (64KB, 64MB)";
            case Shape.ListOf list -> "list of " + words(list.item());
            case Shape.OneOrMore one -> words(one.item()) + ", or a list";
            case Shape.MapOf map -> "mapping by " + map.keyIs();
            case Shape.Struct s -> "mapping";
        };
    }
}
