package dev.pointsman.classify.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Arrays of numbers in a model file: a length, then the numbers, the highest byte first. */
final class Numbers {

    private static final int CHUNK = 1 << 16;

    private Numbers() {}

    static byte[] bytes(DataInputStream in) throws IOException {
        byte[] values = new byte[length(in)];
        in.readFully(values);
        return values;
    }

    static void write(byte[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        out.write(values);
    }

    static int[] ints(DataInputStream in) throws IOException {
        int[] values = new int[length(in)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int from = 0; from < values.length; ) {
            int count = fill(chunk, values.length - from, Integer.BYTES, in);
            chunk.asIntBuffer().get(values, from, count);
            from += count;
        }
        return values;
    }

    static void write(int[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (int value : values) {
            out.writeInt(value);
        }
    }

    static long[] longs(DataInputStream in) throws IOException {
        long[] values = new long[length(in)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int from = 0; from < values.length; ) {
            int count = fill(chunk, values.length - from, Long.BYTES, in);
            chunk.asLongBuffer().get(values, from, count);
            from += count;
        }
        return values;
    }

    static void write(long[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (long value : values) {
            out.writeLong(value);
        }
    }

    static char[] chars(DataInputStream in) throws IOException {
        char[] values = new char[length(in)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int from = 0; from < values.length; ) {
            int count = fill(chunk, values.length - from, Character.BYTES, in);
            chunk.asCharBuffer().get(values, from, count);
            from += count;
        }
        return values;
    }

    static void write(char[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (char value : values) {
            out.writeChar(value);
        }
    }

    static float[] floats(DataInputStream in) throws IOException {
        float[] values = new float[length(in)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int from = 0; from < values.length; ) {
            int count = fill(chunk, values.length - from, Float.BYTES, in);
            chunk.asFloatBuffer().get(values, from, count);
            from += count;
        }
        return values;
    }

    static void write(float[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > 1 << 28) {
            throw new IOException("a length of " + length + " cannot be");
        }
        return length;
    }

    private static int fill(ByteBuffer chunk, int left, int width, DataInputStream in)
            throws IOException {
        int count = Math.min(left, CHUNK / width);
        chunk.clear();
        in.readFully(chunk.array(), 0, count * width);
        return count;
    }
}
