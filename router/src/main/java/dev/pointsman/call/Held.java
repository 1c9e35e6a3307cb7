package dev.pointsman.call;

import java.util.Arrays;

/** Bytes that wait. An answer that came in one piece is given back as that very piece. */
final class Held {

    private byte[] bytes = {};
    private int size;

    void add(byte[] more) {
        if (size == 0) {
            bytes = more;
            size = more.length;
            return;
        }
        if (size + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * size, size + more.length));
        }
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    int size() {
        return size;
    }

    /** All of it; then it is empty. */
    byte[] take() {
        byte[] all = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        bytes = new byte[0];
        size = 0;
        return all;
    }
}
