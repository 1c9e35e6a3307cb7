package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

/** Fields of chat's objects. */
final class ChatFields {

    private ChatFields() {}

    /** The text of a field; empty if it is none. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : "";
    }
}
