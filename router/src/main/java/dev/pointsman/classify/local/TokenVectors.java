package dev.pointsman.classify.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A vector for each piece of the vocabulary, eight bits a number, its weight in a text included. A
 * text's vector is the sum of its pieces' vectors. Immutable and thread-safe.
 *
 * @param dimensions numbers a vector
 * @param table all vectors, one after another
 * @param scale what one step is worth, for each dimension
 */
record TokenVectors(int dimensions, byte[] table, float[] scale) {

    private static final int STEPS = 127;

    /**
     * Rounds vectors to eight bits. What is beyond four standard deviations of a dimension is cut
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
        byte[] table = new byte[vectors.length * dimensions];
        for (int row = 0; row < vectors.length; row++) {
            for (int d = 0; d < dimensions; d++) {
                int step = Math.round(vectors[row][d] / scale[d]);
                table[row * dimensions + d] = (byte) Math.max(-STEPS, Math.min(STEPS, step));
            }
        }
        return new TokenVectors(dimensions, table, scale);
    }

    static TokenVectors read(DataInputStream in) throws IOException {
        byte[] table = Numbers.bytes(in);
        float[] scale = Numbers.floats(in);
        return new TokenVectors(scale.length, table, scale);
    }

    void write(DataOutputStream out) throws IOException {
        Numbers.write(table, out);
        Numbers.write(scale, out);
    }

    /** Adds a piece's steps to a sum. */
    void addTo(int[] sum, int id) {
        int from = id * dimensions;
        for (int d = 0; d < sum.length; d++) {
            sum[d] += table[from + d];
        }
    }

    /**
     * A sum of steps as a vector of length one (or zero, of an empty text), written at {@code at}.
     */
    void normalize(int[] sum, float[] into, int at) {
        for (int d = 0; d < dimensions; d++) {
            into[at + d] = sum[d] * scale[d];
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
