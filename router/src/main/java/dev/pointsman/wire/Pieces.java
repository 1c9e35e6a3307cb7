package dev.pointsman.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds the bytes of a stream, and cuts its text into pieces as a model would. */
final class Pieces {

    private static final int PIECE = 24;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Pieces event(String name, String data) {
        bytes.writeBytes(
                ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Pieces data(String data) {
        bytes.writeBytes(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
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
