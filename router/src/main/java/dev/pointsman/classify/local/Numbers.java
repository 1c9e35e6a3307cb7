package dev.pointsman.classify.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Arrays of numbers in a model file: a length, then the numbers, the highest byte first. */
final class Numbers {

    private static final int CHUNK = 1 << 16;

    /** More than any model has, and little enough for a damaged file to be refused unharmed. */
    private static final int LONGEST = 1 << 24;

    private Numbers() {}

    /** Takes so many numbers out of a chunk of bytes, for that place of an array. */
    @FunctionalInterface
    private interface Taker {
        void take(ByteBuffer chunk, int from, int count);
    }

    /**
     * Bytes, eight in a number, the first of them lowest, in rows of the same length.
     *
     * @param count of the rows
     * @param flipped bits that are turned over in each number
     */
    static long[][] bytesByEight(DataInputStream in, int count, long flipped) throws IOException {
        int length = length(in);
        if (length == 0 || count == 0 || length % (count * Long.BYTES) != 0) {
            throw new IOException("a length of " + length + " bytes cannot be");
        }
        int width = length / count / Long.BYTES;
        long[][] rows = new long[count][];
        long[] several = new long[Math.max(1, CHUNK / Long.BYTES / width) * width];
        ByteBuffer chunk =
                ByteBuffer.allocate(several.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < count; ) {
            int numbers = Math.min(several.length, (count - row) * width);
            in.readFully(chunk.array(), 0, numbers * Long.BYTES);
            chunk.asLongBuffer().get(several, 0, numbers);
            for (int i = 0; i < numbers; i++) {
                several[i] ^= flipped;
            }
            for (int from = 0; from < numbers; from += width) {
                rows[row++] = Arrays.copyOfRange(several, from, from + width);
            }
        }
        return rows;
    }

    static int[] ints(DataInputStream in) throws IOException {
        int[] values = new int[length(in)];
        read(
                in,
                values.length,
                Integer.BYTES,
                (chunk, from, count) -> chunk.asIntBuffer().get(values, from, count));
        return values;
    }

    static long[] longs(DataInputStream in) throws IOException {
        long[] values = new long[length(in)];
        read(
                in,
                values.length,
                Long.BYTES,
                (chunk, from, count) -> chunk.asLongBuffer().get(values, from, count));
        return values;
    }

    static char[] chars(DataInputStream in) throws IOException {
        char[] values = new char[length(in)];
        read(
                in,
                values.length,
                Character.BYTES,
                (chunk, from, count) -> chunk.asCharBuffer().get(values, from, count));
        return values;
    }

    static float[] floats(DataInputStream in) throws IOException {
        float[] values = new float[length(in)];
        read(
                in,
                values.length,
                Float.BYTES,
                (chunk, from, count) -> chunk.asFloatBuffer().get(values, from, count));
        return values;
    }

    static void write(byte[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        out.write(values);
    }

    static void write(int[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (int value : values) {
            out.writeInt(value);
        }
    }

    static void write(long[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (long value : values) {
            out.writeLong(value);
        }
    }

    static void write(char[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (char value : values) {
            out.writeChar(value);
        }
    }

    static void write(float[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a length of " + length + " cannot be");
        }
        return length;
    }

    private static void read(DataInputStream in, int length, int width, Taker taker)
            throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int from = 0, count; from < length; from += count) {
            count = Math.min(length - from, CHUNK / width);
            in.readFully(chunk.array(), 0, count * width);
            taker.take(chunk.clear(), from, count);
        }
    }
}
