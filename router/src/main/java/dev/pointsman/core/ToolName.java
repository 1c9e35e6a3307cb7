package dev.pointsman.core;

import java.util.Optional;

/**
 * What a tool is called.
 *
 * @param name within its namespace
 * @param namespace the group it belongs to, in formats that have groups
 * @param freeform whether it takes a plain text in place of JSON; in a conversation that text
 *     stands in an object under {@code input}
 */
public record ToolName(String name, Optional<String> namespace, boolean freeform) {

    /** A function outside of any group. */
    public static ToolName of(String name) {
        return new ToolName(name, Optional.empty(), false);
    }
}
