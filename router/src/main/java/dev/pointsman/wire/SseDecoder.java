package dev.pointsman.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts bytes into server-sent events as the WHATWG HTML standard says: lines end in LF, CR or CRLF,
 * a byte order mark is skipped, comments and fields other than {@code event} and {@code data} are
 * passed over, one space after the colon is dropped. Text is decoded a line at a time, so that a
 * character split between two chunks stays whole. Has state; used by one thread at a time.
 */
public final class SseDecoder {

    /** The longest event that is taken, in bytes. */
    public static final int MAX_EVENT = 64 << 20;

    private static final int FIRST_BUFFER = 1024;

    private byte[] line = new byte[FIRST_BUFFER];
    private int length;
    private boolean afterCarriageReturn;
    private boolean begun;
    private String name = "";
    private StringBuilder data = new StringBuilder();
    private boolean hasData;

    /**
     * Takes more bytes and hands on every event they complete.
     *
     * @throws ProtocolException if an event is longer than {@link #MAX_EVENT}
     */
    public void feed(byte[] bytes, Consumer<ServerSentEvent> out) throws ProtocolException {
        feed(bytes, 0, bytes.length, out);
    }

    /** Takes some of an array. */
    void feed(byte[] bytes, int from, int to, Consumer<ServerSentEvent> out)
            throws ProtocolException {
        int start = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                afterCarriageReturn = false;
                continue;
            }
            boolean secondHalf = b == '\n' && afterCarriageReturn && i == start && length == 0;
            append(bytes, start, i);
            start = i + 1;
            afterCarriageReturn = b == '\r';
            if (!secondHalf) {
                endLine(out);
            }
        }
        append(bytes, start, to);
    }

    private void append(byte[] bytes, int from, int to) throws ProtocolException {
        int more = to - from;
        if ((long) length + more + data.length() > MAX_EVENT) {
            throw ProtocolException.garbled(
                    "a stream event is longer than " + (MAX_EVENT >> 20) + " MB");
        }
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + more));
        }
        System.arraycopy(bytes, from, line, length, more);
        length += more;
    }

    private void endLine(Consumer<ServerSentEvent> out) {
        int from = begun || !startsWithMark() ? 0 : 3;
        begun = true;
        if (length == from) {
            dispatch(out);
        } else {
            field(new String(line, from, length - from, StandardCharsets.UTF_8));
        }
        length = 0;
    }

    private boolean startsWithMark() {
        return length >= 3
                && line[0] == (byte) 0xEF
                && line[1] == (byte) 0xBB
                && line[2] == (byte) 0xBF;
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String key = colon < 0 ? text : text.substring(0, colon);
        int from = colon < 0 ? text.length() : colon + 1;
        if (from < text.length() && text.charAt(from) == ' ') {
            from++;
        }
        if (key.equals("data")) {
            if (hasData) {
                data.append('\n');
            }
            data.append(text, from, text.length());
            hasData = true;
        } else if (key.equals("event")) {
            name = text.substring(from);
        }
    }

    private void dispatch(Consumer<ServerSentEvent> out) {
        if (hasData) {
            out.accept(new ServerSentEvent(name, data.toString()));
        }
        name = "";
        data = new StringBuilder();
        hasData = false;
    }
}
