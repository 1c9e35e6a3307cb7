package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.Map;

/**
 * Google's own schemas, a dialect of OpenAPI with types in capitals, as JSON Schema. What both
 * spell alike stays.
 */
final class GeminiSchema {

    private GeminiSchema() {}

    static ObjectNode json(JsonNode schema) {
        ObjectNode json = Json.object();
        boolean nullable = false;
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            JsonNode value = field.getValue();
            switch (Gemini.camel(field.getKey())) {
                case "type" -> type(value, json);
                case "format" -> {
                    if (!value.asText().equals("enum")) {
                        json.set("format", value);
                    }
                }
                case "nullable" -> nullable = value.asBoolean();
                case "example" -> json.putArray("examples").add(value);
                case "properties" -> json.set("properties", properties(value, order(schema)));
                case "propertyOrdering" -> {
                    // said by the order of the properties
                }
                case "items" -> json.set("items", value.isObject() ? json(value) : value);
                case "anyOf" -> json.set("anyOf", all(value));
                case "minItems" -> json.set("minItems", number(value));
                case "maxItems" -> json.set("maxItems", number(value));
                case "minLength" -> json.set("minLength", number(value));
                case "maxLength" -> json.set("maxLength", number(value));
                case "minProperties" -> json.set("minProperties", number(value));
                case "maxProperties" -> json.set("maxProperties", number(value));
                case "additionalProperties" ->
                        json.set("additionalProperties", value.isObject() ? json(value) : value);
                default -> json.set(field.getKey(), value);
            }
        }
        return nullable ? orNull(json) : json;
    }

    private static void type(JsonNode value, ObjectNode json) {
        if (!value.isTextual()) {
            json.set("type", value);
        } else if (!value.asText().equals("TYPE_UNSPECIFIED")) {
            json.put("type", value.asText().toLowerCase(Locale.ROOT));
        }
    }

    private static JsonNode order(JsonNode schema) {
        JsonNode order = schema.path("propertyOrdering");
        return order.isArray() ? order : schema.path("property_ordering");
    }

    /** The properties in the order wanted, those it does not name after them. */
    private static ObjectNode properties(JsonNode properties, JsonNode order) {
        ObjectNode json = Json.object();
        for (JsonNode name : order) {
            if (properties.has(name.asText())) {
                json.set(name.asText(), one(properties.path(name.asText())));
            }
        }
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            if (!json.has(property.getKey())) {
                json.set(property.getKey(), one(property.getValue()));
            }
        }
        return json;
    }

    private static ArrayNode all(JsonNode schemas) {
        ArrayNode json = Json.array();
        schemas.forEach(schema -> json.add(one(schema)));
        return json;
    }

    private static JsonNode one(JsonNode schema) {
        return schema.isObject() ? json(schema) : schema;
    }

    /** Counts are 64-bit integers to Google, which may come as texts. */
    private static JsonNode number(JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        try {
            return Json.object().numberNode(Long.parseLong(value.asText()));
        } catch (NumberFormatException e) {
            return value;
        }
    }

    private static ObjectNode orNull(ObjectNode json) {
        if (json.path("type").isTextual()) {
            String type = json.path("type").asText();
            json.putArray("type").add(type).add("null");
        }
        if (json.get("enum") instanceof ArrayNode values) {
            json.set("enum", Json.array().addAll(values).addNull());
        }
        if (json.get("anyOf") instanceof ArrayNode schemas) {
            schemas.addObject().put("type", "null");
        }
        return json;
    }
}
