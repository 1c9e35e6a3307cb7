package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Names the fields of an object that have no place in a conversation. */
final class AnthropicFields {

    private AnthropicFields() {}

    /**
     * @param known those that are read
     * @param path of the object; empty for the request itself
     * @param kind of the object where it is an element of a list; empty for others
     */
    static void leave(
            JsonNode object, Set<String> known, String path, String kind, Consumer<String> left) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!known.contains(field.getKey()) && says(field.getValue())) {
                left.accept(path(path, kind, field.getKey()));
            }
        }
    }

    static String element(String path, String kind) {
        return kind.isEmpty() ? path : path + "(" + kind + ")";
    }

    private static String path(String path, String kind, String name) {
        return path.isEmpty() ? name : element(path, kind) + "." + name;
    }

    /** Whether a value says more than its absence would. */
    private static boolean says(JsonNode value) {
        return !value.isNull()
                && !(value.isContainerNode() && value.isEmpty())
                && !(value.isTextual() && value.textValue().isEmpty());
    }
}
