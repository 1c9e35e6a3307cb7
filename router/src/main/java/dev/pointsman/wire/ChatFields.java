package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Fields of chat requests. */
final class ChatFields {

    private ChatFields() {}

    /** Whether a field says no more than its absence. */
    static boolean isBlank(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> true;
            case STRING -> value.textValue().isEmpty();
            case ARRAY, OBJECT -> value.isEmpty();
            default -> false;
        };
    }

    /** The text of a field; empty if it is none. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : "";
    }

    /** Names the fields of an object that are not among those read. */
    static void leave(JsonNode object, String path, Set<String> read, Consumer<String> left) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!read.contains(field.getKey()) && !isBlank(field.getValue())) {
                left.accept(path + "." + field.getKey());
            }
        }
    }
}
