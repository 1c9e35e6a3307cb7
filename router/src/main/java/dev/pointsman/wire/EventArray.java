package dev.pointsman.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Makes one JSON array of the events of a stream, as Gemini's clients have it that ask for no
 * events. Has state; used by one thread at a time.
 */
final class EventArray {

    private static final int MARK = "data: ".length();
    private static final byte[] FIRST = "[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT = ",\r\n".getBytes(StandardCharsets.US_ASCII);

    private boolean begun;

    /**
     * @param events whole ones, each {@code data: JSON} and an empty line
     */
    byte[] of(byte[] events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(events.length);
        int from = 0;
        for (int i = 1; i < events.length; i++) {
            if (events[i] == '\n' && events[i - 1] == '\n') {
                out.writeBytes(begun ? NEXT : FIRST);
                begun = true;
                out.write(events, from + MARK, i - 1 - from - MARK);
                from = i + 1;
            }
        }
        return out.toByteArray();
    }

    byte[] end() {
        return (begun ? "]" : "[]").getBytes(StandardCharsets.US_ASCII);
    }
}
