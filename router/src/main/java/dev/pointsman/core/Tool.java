package dev.pointsman.core;

import java.util.Optional;

/**
 * A function that the model may ask for.
 *
 * @param schema the JSON Schema of its arguments, as JSON text of an object
 * @param strict whether the arguments must follow the schema to the letter; empty if not said
 */
public record Tool(
        ToolName name, Optional<String> description, String schema, Optional<Boolean> strict) {}
