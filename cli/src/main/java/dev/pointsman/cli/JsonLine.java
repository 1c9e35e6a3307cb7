package dev.pointsman.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;

import java.io.IOException;

/** A line of a file that is a JSON object. */
final class JsonLine {

    private static final ObjectReader READER =
            new ObjectMapper(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(LineReader.LONGEST)
                                                    .build())
                                    .build())
                    .reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonLine() {}

    /** Reads a line. */
    static JsonNode object(LineReader.Line line) throws BadLineException {
        if (line.tooLong()) {
            throw new BadLineException(
                    "the line is longer than " + (LineReader.LONGEST >> 20) + " MB");
        }
        try {
            JsonNode json = READER.readTree(line.bytes());
            if (!json.isObject()) {
                throw new BadLineException("the line is no JSON object");
            }
            return json;
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw new BadLineException(
                    "no JSON at column " + column + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BadLineException("the line cannot be read: " + e.getMessage());
        }
    }

    /** A field that must be a text. */
    static String text(JsonNode json, String key) throws BadLineException {
        if (!json.path(key).isTextual()) {
            throw new BadLineException("\"" + key + "\" must be a text");
        }
        return json.path(key).asText();
    }
}
