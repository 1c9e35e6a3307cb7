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
 * @param rows a vector each, eight numbers in a long from the lowest byte on, each {@link #BIAS}
 *     more than it is, so that none is below zero. Arrays of their own, since the compiler sums
 *     several at a time only where all are read at the same index
 * @param scale what one step is worth, for each dimension
 */
record TokenVectors(long[][] rows, float[] scale) {

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
        long[][] rows = new long[vectors.length][dimensions / Long.BYTES];
        ByteBuffer steps = ByteBuffer.allocate(dimensions).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < vectors.length; row++) {
            for (int d = 0; d < dimensions; d++) {
                int step = Math.round(vectors[row][d] / scale[d]);
                steps.put(d, (byte) Math.max(-STEPS, Math.min(STEPS, step)));
            }
            for (int i = 0; i < rows[row].length; i++) {
                rows[row][i] = steps.getLong(i * Long.BYTES) ^ BIASES;
            }
        }
        return new TokenVectors(rows, scale);
    }

    /**
     * @param pieces how many have a vector
     */
    static TokenVectors read(DataInputStream in, int pieces) throws IOException {
        long[][] rows = Numbers.bytesByEight(in, pieces, BIASES);
        float[] scale = Numbers.floats(in);
        if (scale.length != rows[0].length * Long.BYTES) {
            throw new IOException("its vectors have another shape");
        }
        return new TokenVectors(rows, scale);
    }

    void write(DataOutputStream out) throws IOException {
        ByteBuffer steps =
                ByteBuffer.allocate(rows.length * dimensions()).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] row : rows) {
            for (long eight : row) {
                steps.putLong(eight ^ BIASES);
            }
        }
        Numbers.write(steps.array(), out);
        Numbers.write(scale, out);
    }

    /** How many numbers a vector has; a multiple of eight. */
    int dimensions() {
        return scale.length;
    }

    /** Sums of steps while they are made, to be used again and again. Not thread-safe. */
    static final class Sum {

        /** Of whole longs: their even bytes' sums are what is left without those of the odd. */
        private final long[] all;

        private final long[] odd;
        private final int[] steps;

        Sum(int dimensions) {
            this.all = new long[dimensions / Long.BYTES];
            this.odd = new long[all.length];
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
            Arrays.fill(sum.all, 0);
            Arrays.fill(sum.odd, 0);
            int i = begin;
            for (; i + 3 < end; i += 4) {
                add(sum, rows[ids[i]], rows[ids[i + 1]], rows[ids[i + 2]], rows[ids[i + 3]]);
            }
            for (; i < end; i++) {
                add(sum, rows[ids[i]]);
            }
            unpack(sum, BIAS * (end - begin));
        }
    }

    private static void add(Sum sum, long[] row) {
        long[] all = sum.all;
        long[] odd = sum.odd;
        for (int i = 0; i < all.length; i++) {
            all[i] += row[i];
            odd[i] += row[i] >>> 8 & LANES;
        }
    }

    private static void add(Sum sum, long[] a, long[] b, long[] c, long[] d) {
        long[] all = sum.all;
        long[] odd = sum.odd;
        for (int i = 0; i < all.length; i++) {
            long x = a[i];
            long y = b[i];
            long z = c[i];
            long w = d[i];
            all[i] += x + y + z + w;
            odd[i] += (x >>> 8 & LANES) + (y >>> 8 & LANES) + (z >>> 8 & LANES) + (w >>> 8 & LANES);
        }
    }

    private static void unpack(Sum sum, int bias) {
        int[] steps = sum.steps;
        for (int i = 0; i < sum.all.length; i++) {
            long odd = sum.odd[i];
            long even = sum.all[i] - (odd << 8);
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
        int dimensions = dimensions();
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
