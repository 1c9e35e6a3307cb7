package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Names the fields of a request that have no place in a conversation, as {@link FieldTable} does.
 */
final class Fields {

    private Fields() {}

    /** Whether a value says no more than its absence. */
    static boolean isAbsent(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> true;
            case STRING -> value.textValue().isEmpty();
            case ARRAY, OBJECT -> value.isEmpty();
            default -> false;
        };
    }

    /**
     * Names the fields of an object that are not among those read.
     *
     * @param path of the object; empty for the request itself
     */
    static void leave(JsonNode object, String path, Set<String> read, Consumer<String> left) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!read.contains(field.getKey()) && !isAbsent(field.getValue())) {
                left.accept(path.isEmpty() ? field.getKey() : path + "." + field.getKey());
            }
        }
    }

    /** The path of an element of a list; its kind may be empty. */
    static String element(String path, String kind) {
        return kind.isEmpty() ? path : path + "(" + kind + ")";
    }
}
