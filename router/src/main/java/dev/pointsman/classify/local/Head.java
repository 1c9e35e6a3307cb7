package dev.pointsman.classify.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a multinomial logistic regression, ready to be used: those of hashed features in
 * eight bits, four categories packed in an int. Immutable and thread-safe.
 */
final class Head {

    private static final int PACKED = 4;
    private static final int STEPS = 127;

    /** Added to weights so that none is below zero, and sums of them fit in lanes of 16 bits. */
    private static final int BIAS = 128;

    private static final int BIASES = 0x80808080;
    private static final int LANES = 0x00FF00FF;

    /** So many bytes sum to less than a lane holds. */
    private static final int MOST = 256;

    private final List<String> labels;
    private final double temperature;

    /** Ints a bucket. */
    private final int groups;

    private final int[][] sparse;
    private final float[] scales;

    /** For each group of categories its weights, one feature after another. */
    private final float[][] dense;

    private final float[] bias;

    private Head(
            List<String> labels,
            double temperature,
            int[][] sparse,
            float[] scales,
            float[][] dense,
            float[] bias) {
        this.labels = List.copyOf(labels);
        this.temperature = temperature;
        this.groups = groups(labels.size());
        this.sparse = sparse;
        this.scales = scales;
        this.dense = dense;
        this.bias = bias;
    }

    /**
     * From fitted parameters.
     *
     * @param parameters as {@link Regression#fit} gives them
     */
    static Head of(
            List<String> labels, Regression regression, float[] parameters, double temperature) {
        int classes = labels.size();
        int groups = groups(classes);
        int[][] sparse = new int[Block.values().length][Buckets.COUNT * groups];
        float[] scales = new float[sparse.length];
        for (Block block : Block.values()) {
            int from = block.ordinal() * Buckets.COUNT * classes;
            float scale = scale(parameters, from, Buckets.COUNT * classes);
            for (int i = 0; i < Buckets.COUNT * classes; i++) {
                int step =
                        Math.max(-STEPS, Math.min(STEPS, Math.round(parameters[from + i] / scale)));
                int bucket = i / classes;
                int k = i % classes;
                sparse[block.ordinal()][bucket * groups + k / PACKED] |=
                        (step & 0xFF) << 8 * (k % PACKED);
            }
            scales[block.ordinal()] = scale * regression.blocks().of(block);
        }
        int denseSize = regression.denseSize();
        float[][] dense = new float[groups][denseSize * PACKED];
        float[] bias = new float[groups * PACKED];
        int from = sparse.length * Buckets.COUNT * classes;
        for (int k = 0; k < classes; k++) {
            for (int d = 0; d < denseSize; d++) {
                dense[k / PACKED][d * PACKED + k % PACKED] =
                        parameters[from + d * classes + k] * regression.denseScale(d);
            }
            bias[k] = parameters[from + denseSize * classes + k];
        }
        return new Head(labels, temperature, sparse, scales, dense, bias);
    }

    static Head read(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        List<String> labels = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            labels.add(in.readUTF());
        }
        double temperature = in.readDouble();
        int[][] sparse = new int[Block.values().length][];
        for (int block = 0; block < sparse.length; block++) {
            sparse[block] = Numbers.ints(in);
        }
        float[] scales = Numbers.floats(in);
        float[][] dense = new float[groups(count)][];
        for (int group = 0; group < dense.length; group++) {
            dense[group] = Numbers.floats(in);
        }
        Head head = new Head(labels, temperature, sparse, scales, dense, Numbers.floats(in));
        if (!head.fits()) {
            throw new IOException("its weights have another shape");
        }
        return head;
    }

    private boolean fits() {
        boolean fits =
                labels.size() >= 2
                        && temperature > 0
                        && Double.isFinite(temperature)
                        && scales.length == sparse.length
                        && bias.length == groups * PACKED;
        for (float[] group : dense) {
            fits &= group.length == dense[0].length && group.length % PACKED == 0;
        }
        for (int[] block : sparse) {
            fits &= block.length == Buckets.COUNT * groups;
        }
        return fits;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeShort(labels.size());
        for (String label : labels) {
            out.writeUTF(label);
        }
        out.writeDouble(temperature);
        for (int[] block : sparse) {
            Numbers.write(block, out);
        }
        Numbers.write(scales, out);
        for (float[] group : dense) {
            Numbers.write(group, out);
        }
        Numbers.write(bias, out);
    }

    List<String> labels() {
        return labels;
    }

    double temperature() {
        return temperature;
    }

    int denseSize() {
        return dense[0].length / PACKED;
    }

    /** The parameters that would give this head again, within a step of eight bits. */
    float[] parameters(Regression regression) {
        int classes = labels.size();
        int denseSize = denseSize();
        int from = sparse.length * Buckets.COUNT * classes;
        float[] parameters = new float[from + (denseSize + 1) * classes];
        for (Block block : Block.values()) {
            float factor = regression.blocks().of(block);
            for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
                for (int k = 0; k < classes && factor != 0; k++) {
                    parameters[(block.ordinal() * Buckets.COUNT + bucket) * classes + k] =
                            weight(block, bucket, k) / factor;
                }
            }
        }
        for (int k = 0; k < classes; k++) {
            for (int d = 0; d < denseSize; d++) {
                float factor = regression.denseScale(d);
                parameters[from + d * classes + k] = factor == 0 ? 0 : denseWeight(d, k) / factor;
            }
            parameters[from + denseSize * classes + k] = bias[k];
        }
        return parameters;
    }

    /** What a feature adds to a category's score, before it is divided by the block's length. */
    float weight(Block block, int bucket, int k) {
        int packed = sparse[block.ordinal()][bucket * groups + k / PACKED];
        return (byte) (packed >> 8 * (k % PACKED)) * scales[block.ordinal()];
    }

    float denseWeight(int d, int k) {
        return dense[k / PACKED][d * PACKED + k % PACKED];
    }

    /** Writes each category's score, from the first on. */
    void score(Reading reading, double[] into) {
        for (int group = 0; group < groups; group++) {
            score(reading, group, into);
        }
    }

    private void score(Reading reading, int group, double[] into) {
        float s0 = bias[group * PACKED];
        float s1 = bias[group * PACKED + 1];
        float s2 = bias[group * PACKED + 2];
        float s3 = bias[group * PACKED + 3];
        for (Block block : Block.values()) {
            Buckets buckets = reading.buckets(block);
            int size = buckets.size();
            int[] table = sparse[block.ordinal()];
            int n0 = 0;
            int n1 = 0;
            int n2 = 0;
            int n3 = 0;
            int[] members = buckets.members();
            for (int from = 0; from < size; from += MOST) {
                int to = Math.min(size, from + MOST);
                int even = 0;
                int odd = 0;
                for (int i = from; i < to; i++) {
                    int packed = table[members[i] * groups + group] ^ BIASES;
                    even += packed & LANES;
                    odd += packed >>> 8 & LANES;
                }
                int bias = BIAS * (to - from);
                n0 += (even & 0xFFFF) - bias;
                n1 += (odd & 0xFFFF) - bias;
                n2 += (even >>> 16) - bias;
                n3 += (odd >>> 16) - bias;
            }
            float factor = scales[block.ordinal()] * Buckets.weight(size);
            s0 += n0 * factor;
            s1 += n1 * factor;
            s2 += n2 * factor;
            s3 += n3 * factor;
        }
        float[] features = reading.dense();
        float[] weights = dense[group];
        for (int d = 0; d < features.length; d++) {
            float feature = features[d];
            s0 += feature * weights[d * PACKED];
            s1 += feature * weights[d * PACKED + 1];
            s2 += feature * weights[d * PACKED + 2];
            s3 += feature * weights[d * PACKED + 3];
        }
        int first = group * PACKED;
        put(into, first, s0);
        put(into, first + 1, s1);
        put(into, first + 2, s2);
        put(into, first + 3, s3);
    }

    private static void put(double[] into, int k, float score) {
        if (k < into.length) {
            into[k] = score;
        }
    }

    private static int groups(int classes) {
        return (classes + PACKED - 1) / PACKED;
    }

    /** The largest weight is the last step: cutting the few large ones off would change answers. */
    private static float scale(float[] values, int from, int count) {
        float most = 0;
        for (int i = from; i < from + count; i++) {
            most = Math.max(most, Math.abs(values[i]));
        }
        return most == 0 ? 1 : most / STEPS;
    }
}
