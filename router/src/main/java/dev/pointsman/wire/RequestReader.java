package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Conversation;

import java.util.function.Consumer;

/** Reads the requests of one format. Implementations are stateless and thread-safe. */
interface RequestReader {

    /**
     * Reads a request for an answer.
     *
     * @param body an object
     * @param left takes the path of each field that has no place in a conversation, as {@link
     *     FieldTable} names it
     * @throws RequestException if it is not what the format asks for
     */
    Conversation read(JsonNode body, Consumer<String> left) throws RequestException;
}
