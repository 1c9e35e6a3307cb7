package dev.pointsman.classify.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A vector for each piece of the vocabulary, eight bits a number, its weight in a text included. A
 * text's vector is the sum of its pieces' vectors. Immutable and thread-safe.
 *
 * @param dimensions numbers a vector; a multiple of eight
 * @param table all vectors, one after another, eight numbers in a long from the lowest byte on,
 *     each {@link #BIAS} more than it is, so that none is below zero
 * @param scale what one step is worth, for each dimension
 */
record TokenVectors(int dimensions, long[] table, float[] scale) {

    private static final int STEPS = 127;
    private static final int BIAS = 128;
    private static final long BIASES = 0x8080808080808080L;

    /** Every other byte: so many lanes of 16 bits. */
    private static final long LANES = 0x00FF00FF00FF00FFL;

    /** So many bytes sum to less than a lane holds. */
    private static final int MOST = 256;

    /**
     * Rounds vectors to eight bits. What is beyond eight standard deviations of a dimension is cut
     * off.
     */
    static TokenVectors quantized(float[][] vectors, int dimensions) {
        float[] scale = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            double squares = 0;
            double most = 0;
            for (float[] vector : vectors) {
                squares += (double) vector[d] * vector[d];
                most = Math.max(most, Math.abs(vector[d]));
            }
            double range = Math.min(most, 8 * Math.sqrt(squares / vectors.length));
            scale[d] = (float) Math.max(range / STEPS, 1e-12);
        }
        byte[] steps = new byte[vectors.length * dimensions];
        for (int row = 0; row < vectors.length; row++) {
            for (int d = 0; d < dimensions; d++) {
                int step = Math.round(vectors[row][d] / scale[d]);
                steps[row * dimensions + d] = (byte) Math.max(-STEPS, Math.min(STEPS, step));
            }
        }
        return new TokenVectors(dimensions, packed(steps), scale);
    }

    static TokenVectors read(DataInputStream in) throws IOException {
        long[] table = biased(Numbers.bytesByEight(in));
        float[] scale = Numbers.floats(in);
        return new TokenVectors(scale.length, table, scale);
    }

    void write(DataOutputStream out) throws IOException {
        ByteBuffer steps =
                ByteBuffer.allocate(table.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long eight : table) {
            steps.putLong(eight ^ BIASES);
        }
        Numbers.write(steps.array(), out);
        Numbers.write(scale, out);
    }

    private static long[] packed(byte[] steps) {
        long[] table = new long[steps.length / Long.BYTES];
        ByteBuffer.wrap(steps).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(table);
        return biased(table);
    }

    private static long[] biased(long[] table) {
        for (int i = 0; i < table.length; i++) {
            table[i] ^= BIASES;
        }
        return table;
    }

    /** Sums of steps while they are made, to be used again and again. Not thread-safe. */
    static final class Sum {
        private final long[] even;
        private final long[] odd;
        private final int[] steps;

        Sum(int dimensions) {
            this.even = new long[dimensions / Long.BYTES];
            this.odd = new long[even.length];
            this.steps = new int[dimensions];
        }

        void clear() {
            Arrays.fill(steps, 0);
        }

        void set(Sum other) {
            System.arraycopy(other.steps, 0, steps, 0, steps.length);
        }
    }

    /** Adds the steps of some pieces to a sum. */
    void addTo(Sum sum, int[] ids, int from, int to) {
        for (int begin = from; begin < to; begin += MOST) {
            int end = Math.min(to, begin + MOST);
            Arrays.fill(sum.even, 0);
            Arrays.fill(sum.odd, 0);
            int i = begin;
            for (; i + 3 < end; i += 4) {
                add(sum.even, sum.odd, ids[i], ids[i + 1], ids[i + 2], ids[i + 3]);
            }
            for (; i < end; i++) {
                add(sum.even, sum.odd, ids[i]);
            }
            unpack(sum, BIAS * (end - begin));
        }
    }

    private void add(long[] even, long[] odd, int id) {
        int from = id * even.length;
        for (int i = 0; i < even.length; i++) {
            long eight = table[from + i];
            even[i] += eight & LANES;
            odd[i] += eight >>> 8 & LANES;
        }
    }

    /** Four at once: their memory is asked for at the same time. */
    private void add(long[] even, long[] odd, int a, int b, int c, int d) {
        int fromA = a * even.length;
        int fromB = b * even.length;
        int fromC = c * even.length;
        int fromD = d * even.length;
        for (int i = 0; i < even.length; i++) {
            long x = table[fromA + i];
            long y = table[fromB + i];
            long z = table[fromC + i];
            long w = table[fromD + i];
            even[i] += (x & LANES) + (y & LANES) + (z & LANES) + (w & LANES);
            odd[i] += (x >>> 8 & LANES) + (y >>> 8 & LANES) + (z >>> 8 & LANES) + (w >>> 8 & LANES);
        }
    }

    private static void unpack(Sum sum, int bias) {
        int[] steps = sum.steps;
        for (int i = 0; i < sum.even.length; i++) {
            long even = sum.even[i];
            long odd = sum.odd[i];
            int d = i * Long.BYTES;
            steps[d] += (int) (even & 0xFFFF) - bias;
            steps[d + 1] += (int) (odd & 0xFFFF) - bias;
            steps[d + 2] += (int) (even >>> 16 & 0xFFFF) - bias;
            steps[d + 3] += (int) (odd >>> 16 & 0xFFFF) - bias;
            steps[d + 4] += (int) (even >>> 32 & 0xFFFF) - bias;
            steps[d + 5] += (int) (odd >>> 32 & 0xFFFF) - bias;
            steps[d + 6] += (int) (even >>> 48) - bias;
            steps[d + 7] += (int) (odd >>> 48) - bias;
        }
    }

    /**
     * A sum of steps as a vector of length one (or zero, of an empty text), written at {@code at}.
     */
    void normalize(Sum sum, float[] into, int at) {
        for (int d = 0; d < dimensions; d++) {
            into[at + d] = sum.steps[d] * scale[d];
        }
        float squares = Vectors.squares(into, at, dimensions);
        if (squares > 0) {
            float factor = (float) (1 / Math.sqrt(squares));
            for (int d = 0; d < dimensions; d++) {
                into[at + d] *= factor;
            }
        }
    }
}
