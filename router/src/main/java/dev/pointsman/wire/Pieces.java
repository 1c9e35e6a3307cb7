package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds the bytes of a stream, and cuts its text into pieces as a model would. */
final class Pieces {

    private static final int PIECE = 24;
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] LINE = ascii("\n");
    private static final byte[] END = ascii("\n\n");
    private static final byte[] NOTHING = {};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** An event with a name of ASCII letters. */
    Pieces event(String name, JsonNode data) {
        bytes.writeBytes(EVENT);
        bytes.writeBytes(ascii(name));
        bytes.writeBytes(LINE);
        return data(data);
    }

    Pieces data(JsonNode data) {
        bytes.writeBytes(DATA);
        bytes.writeBytes(Json.bytes(data));
        bytes.writeBytes(END);
        return this;
    }

    /** Data that is no JSON, in ASCII. */
    Pieces mark(String data) {
        bytes.writeBytes(DATA);
        bytes.writeBytes(ascii(data));
        bytes.writeBytes(END);
        return this;
    }

    /** What was written since it was last taken. */
    byte[] take() {
        if (bytes.size() == 0) {
            return NOTHING;
        }
        byte[] taken = bytes.toByteArray();
        bytes.reset();
        return taken;
    }

    /** The text in pieces of about two dozen characters, surrogate pairs kept whole. */
    static List<String> of(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + PIECE);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
