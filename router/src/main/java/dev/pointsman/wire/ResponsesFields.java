package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Optional;

/** Reads fields of a request that must be of a type. */
final class ResponsesFields {

    private ResponsesFields() {}

    static String required(JsonNode object, String field, String path) throws RequestException {
        return text(object, field, path)
                .orElseThrow(() -> new RequestException(path + "." + field + " is missing"));
    }

    static Optional<String> text(JsonNode object, String field, String path)
            throws RequestException {
        JsonNode value = object.path(field);
        if (Fields.isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new RequestException(path + "." + field + " must be a string");
        }
        return Optional.of(value.textValue());
    }

    static JsonNode object(JsonNode parent, String field, String path) throws RequestException {
        JsonNode value = parent.path(field);
        if (Fields.isAbsent(value) || value.isObject()) {
            return value;
        }
        throw new RequestException(path + " must be an object");
    }
}
