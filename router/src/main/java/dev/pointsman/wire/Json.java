package dev.pointsman.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON as trees, with limits that fit large images and refuse deep nesting. */
final class Json {

    private static final int MAX_TEXT = 128 << 20;
    private static final int MAX_DEPTH = 1_000;

    /** More tokens than a request can have; sums and costs of so many still fit. */
    private static final long MOST_TOKENS = 1_000_000_000;

    private static final ObjectMapper MAPPER =
            new ObjectMapper(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(MAX_TEXT)
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .build())
                                    .build())
                    .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true))
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final ObjectReader VALUES =
            MAPPER.readerFor(JsonNode.class)
                    .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static byte[] bytes(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can always be written", e);
        }
    }

    /** The JSON text of a string. */
    static byte[] quoted(String text) {
        byte[] bytes = new byte[text.length() + 2];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return bytes(MAPPER.getNodeFactory().textNode(text));
            }
            bytes[i + 1] = (byte) c;
        }
        bytes[0] = '"';
        bytes[bytes.length - 1] = '"';
        return bytes;
    }

    static String text(JsonNode tree) {
        return new String(bytes(tree), StandardCharsets.UTF_8);
    }

    static JsonNode read(byte[] bytes) throws IOException {
        return MAPPER.readTree(bytes);
    }

    /** The value a parser stands at. */
    static JsonNode readValue(JsonParser parser) throws IOException {
        return VALUES.readValue(parser);
    }

    /** A count of tokens; whatever a provider says, it is one that can be. */
    static long count(JsonNode said, long otherwise) {
        return Math.clamp(said.asLong(otherwise), 0, MOST_TOKENS);
    }

    static JsonNode read(String text) throws IOException {
        return MAPPER.readTree(text);
    }

    /**
     * Reads an answer or an event that must be an object; the message of the failure never holds
     * its text.
     */
    static JsonNode readAnswer(byte[] bytes) throws ProtocolException {
        try {
            return requireObject(read(bytes));
        } catch (IOException e) {
            throw ProtocolException.garbled(
                    "the answer is not complete JSON (" + bytes.length + " bytes)");
        }
    }

    static JsonNode readEvent(String data) throws ProtocolException {
        try {
            return requireObject(read(data));
        } catch (IOException e) {
            throw ProtocolException.garbled(
                    "a stream event is not JSON (" + data.length() + " characters)");
        }
    }

    /**
     * @throws IllegalArgumentException if it is not the JSON text of an object
     */
    static JsonNode readSchema(String text) {
        try {
            JsonNode schema = read(text);
            if (schema.isObject()) {
                return schema;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The response schema is not JSON: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("The response schema must be a JSON object");
    }

    private static JsonNode requireObject(JsonNode tree) throws ProtocolException {
        if (!tree.isObject()) {
            throw ProtocolException.garbled("the answer is not a JSON object");
        }
        return tree;
    }
}
