package dev.pointsman.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small JSON that goes into statements and comes out of columns. */
final class JsonText {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    /** An array of texts. */
    static String array(Collection<String> texts) {
        StringWriter written = new StringWriter();
        try (JsonGenerator to = JSON.createGenerator(written)) {
            to.writeStartArray();
            for (String text : texts) {
                to.writeString(text);
            }
            to.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written.toString();
    }

    /** The texts of an object that has nothing else, by their keys. */
    static Map<String, String> texts(String object) {
        Map<String, String> texts = new LinkedHashMap<>();
        try (JsonParser from = JSON.createParser(object)) {
            from.nextToken();
            for (String key = from.nextFieldName(); key != null; key = from.nextFieldName()) {
                texts.put(key, from.nextTextValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
