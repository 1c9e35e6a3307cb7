package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads fields of a request and tells what was not read. */
final class ResponsesFields {

    private ResponsesFields() {}

    /** Whether a field says no more than its absence. */
    static boolean isAbsent(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.textValue().isEmpty());
    }

    /** Names the fields of an object that are not among those read. */
    static void rest(JsonNode object, Set<String> read, String path, Consumer<String> left) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!read.contains(field.getKey()) && !isAbsent(field.getValue())) {
                left.accept(path + "." + field.getKey());
            }
        }
    }

    static String required(JsonNode object, String field, String path) throws RequestException {
        return text(object, field, path)
                .orElseThrow(() -> new RequestException(path + "." + field + " is missing"));
    }

    static Optional<String> text(JsonNode object, String field, String path)
            throws RequestException {
        JsonNode value = object.path(field);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new RequestException(path + "." + field + " must be a string");
        }
        return Optional.of(value.textValue());
    }

    static JsonNode object(JsonNode parent, String field, String path) throws RequestException {
        JsonNode value = parent.path(field);
        if (isAbsent(value) || value.isObject()) {
            return value;
        }
        throw new RequestException(path + " must be an object");
    }
}
