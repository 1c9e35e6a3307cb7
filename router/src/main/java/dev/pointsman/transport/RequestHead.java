package dev.pointsman.transport;

import java.util.Arrays;

/** The bytes of a request's head, one request after another. Confined to one thread. */
final class RequestHead {

    private static final int FIRST = 2 << 10;
    private static final byte[] BETWEEN = {':', ' '};

    private byte[] bytes = new byte[FIRST];
    private int length;

    RequestHead begin() {
        length = 0;
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    RequestHead add(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    /**
     * Adds a path.
     *
     * @throws IllegalArgumentException if it has what could end it or its line
     */
    RequestHead path(String text) {
        return add(text, Part.PATH);
    }

    /**
     * Adds a header's line.
     *
     * @throws IllegalArgumentException if it has what could end it
     */
    RequestHead header(String name, String value) {
        return add(name, Part.NAME).add(BETWEEN).add(value, Part.VALUE).end();
    }

    private enum Part {
        PATH,
        NAME,
        VALUE;

        boolean takes(char c) {
            return switch (this) {
                case PATH -> c > ' ' && c != 0x7F && c <= 0xFF;
                case NAME -> c > ' ' && c != ':' && c < 0x7F;
                case VALUE -> (c >= ' ' || c == '\t') && c != 0x7F && c <= 0xFF;
            };
        }
    }

    RequestHead end() {
        room(2);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
        return this;
    }

    private RequestHead add(String text, Part part) {
        int size = text.length();
        room(size);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (!part.takes(c)) {
                throw new IllegalArgumentException("a character that its head cannot have");
            }
            bytes[length + i] = (byte) c;
        }
        length += size;
        return this;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
