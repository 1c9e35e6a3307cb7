package dev.pointsman.core;

import java.util.Optional;

/** What shape an answer has. */
public sealed interface Output {

    record Text() implements Output {}

    /** JSON, whichever. */
    record Json() implements Output {}

    /**
     * JSON that follows a schema.
     *
     * @param schema JSON Schema, as JSON text of an object
     * @param strict whether to the letter; empty if not said
     */
    record Schema(
            Optional<String> name,
            Optional<String> description,
            String schema,
            Optional<Boolean> strict)
            implements Output {}
}
