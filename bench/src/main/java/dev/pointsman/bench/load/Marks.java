package dev.pointsman.bench.load;

import io.netty.buffer.ByteBuf;

import java.util.function.LongConsumer;

/**
 * Send times in a stream of bytes: {@code @} and 19 digits of {@link System#nanoTime}, which on
 * Linux is one clock for all JVMs of a machine. They are found however the stream is cut.
 */
final class Marks {

    static final char SIGN = '@';
    static final int DIGITS = 19;

    private final LongConsumer found;
    private int digitsLeft;
    private long value;

    Marks(LongConsumer found) {
        this.found = found;
    }

    /** Writes the time into the digits at the index. */
    static void write(byte[] bytes, int at, long time) {
        long rest = time;
        for (int i = at + DIGITS - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    void read(ByteBuf bytes, int from, int length) {
        int end = from + length;
        int at = from;
        while (at < end) {
            if (digitsLeft == 0) {
                at = bytes.indexOf(at, end, (byte) SIGN);
                if (at < 0) {
                    return;
                }
                at++;
                digitsLeft = DIGITS;
                value = 0;
            } else {
                value = value * 10 + bytes.getByte(at++) - '0';
                if (--digitsLeft == 0) {
                    found.accept(value);
                }
            }
        }
    }
}
