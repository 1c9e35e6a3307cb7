package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Conversation;

import java.util.function.Consumer;

final class ResponsesRequestReader implements RequestReader {

    @Override
    public Conversation read(JsonNode body, Consumer<String> left) throws RequestException {
        throw new UnsupportedOperationException("not written");
    }
}
