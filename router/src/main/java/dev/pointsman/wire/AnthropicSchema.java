package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Output;
import dev.pointsman.core.Tool;

import java.io.IOException;
import java.util.List;

/** Writes JSON Schemas as the format wants them. */
final class AnthropicSchema {

    /** Keywords whose values are schemas in a list or by name. */
    private static final List<String> NAMED =
            List.of("properties", "$defs", "definitions", "anyOf", "allOf", "oneOf", "prefixItems");

    private AnthropicSchema() {}

    /** The schema of a tool's arguments, which must be that of an object. */
    static ObjectNode ofInput(Tool tool) {
        try {
            if (Json.read(tool.schema()) instanceof ObjectNode schema) {
                if (!schema.path("type").asText().equals("object")) {
                    schema.put("type", "object");
                }
                return schema;
            }
        } catch (IOException e) {
            // a schema that cannot be read allows whichever object
        }
        return Json.object().put("type", "object");
    }

    /**
     * The schema of an answer. Objects must be closed; where the caller does not ask for a schema
     * to be kept to the letter they are closed here.
     *
     * @throws IllegalArgumentException if it is not the JSON text of an object
     */
    static JsonNode ofOutput(Output.Schema output) {
        JsonNode schema = Json.readSchema(output.schema());
        if (!output.strict().orElse(false)) {
            close(schema);
        }
        return schema;
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.path("additionalProperties").isBoolean()) {
            object.put("additionalProperties", false);
        }
        for (String name : NAMED) {
            schema.path(name).forEach(AnthropicSchema::close);
        }
        JsonNode items = schema.path("items");
        if (items.isObject()) {
            close(items);
        }
    }
}
