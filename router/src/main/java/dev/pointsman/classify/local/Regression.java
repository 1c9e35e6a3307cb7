package dev.pointsman.classify.local;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Multinomial logistic regression with an L2 penalty, fitted by L-BFGS. The blocks of features have
 * scales of their own, which is the same as penalties of their own.
 *
 * <p>Parameters stand class by class within a feature: words, characters, dense features, bias.
 */
final class Regression {

    private static final int SPARSE = Block.values().length * Buckets.COUNT;
    private static final int HISTORY = 8;

    /**
     * With more parameters than this, fewer steps are remembered, so that memory stays below a
     * gigabyte.
     */
    private static final int MANY = 4_000_000;

    private static final int HISTORY_OF_MANY = 3;
    private static final int CHUNKS = 16;
    private static final int THREADS = 2;

    private final int classes;
    private final int denseSize;
    private final Blocks blocks;
    private final int size;
    private final int history;

    /**
     * What each block of features is multiplied by; zero leaves it out.
     *
     * @param penalty of the squared weights
     */
    record Blocks(
            float words, float characters, float edges, float pools, float shape, double penalty) {

        /**
         * The scales of the built-in model, chosen on sources left out; see the decision on the
         * classifier.
         */
        static Blocks usual(double penalty) {
            return new Blocks(1, 1, 1, 0.35f, 1, penalty);
        }

        float of(Block block) {
            return switch (block) {
                case WORDS -> words;
                case CHARACTERS -> characters;
                case EDGES -> edges;
            };
        }
    }

    Regression(int classes, int denseSize, Blocks blocks) {
        this.classes = classes;
        this.denseSize = denseSize;
        this.blocks = blocks;
        this.size = (SPARSE + denseSize + 1) * classes;
        this.history = size > MANY ? HISTORY_OF_MANY : HISTORY;
    }

    /**
     * Fits; begins at {@code start} and is drawn to it, or at zero where it is empty. Without a
     * start nothing draws the bias, which says how frequent a category is.
     */
    float[] fit(List<Example> examples, float[] start, int iterations) {
        float[] x = start.length == size ? start.clone() : new float[size];
        float[] origin = x.clone();
        int drawn = start.length == size ? size : size - classes;
        float[] gradient = new float[size];
        double value = valueAndGradient(examples, x, origin, drawn, gradient);
        float[][] s = new float[history][];
        float[][] y = new float[history][];
        double[] rho = new double[history];
        for (int iteration = 0; iteration < iterations; iteration++) {
            float[] direction = direction(gradient, s, y, rho, iteration);
            double slope = dot(direction, gradient);
            double step = iteration == 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
            float[] next = new float[size];
            float[] nextGradient = new float[size];
            double nextValue = Double.MAX_VALUE;
            for (int attempt = 0; attempt < 25; attempt++) {
                for (int i = 0; i < size; i++) {
                    next[i] = (float) (x[i] + step * direction[i]);
                }
                nextValue = valueAndGradient(examples, next, origin, drawn, nextGradient);
                if (nextValue <= value + 1e-4 * step * slope) {
                    break;
                }
                step *= 0.5;
            }
            if (!(nextValue < value)) {
                break;
            }
            int slot = iteration % history;
            s[slot] = minus(next, x);
            y[slot] = minus(nextGradient, gradient);
            rho[slot] = 1 / Math.max(1e-20, dot(s[slot], y[slot]));
            boolean done = value - nextValue < 1e-7 * Math.max(1, Math.abs(value));
            x = next;
            gradient = nextGradient;
            value = nextValue;
            if (done) {
                break;
            }
        }
        return x;
    }

    /** The classes' scores of an example, added to {@code into}. */
    void score(Example example, float[] x, double[] into) {
        for (Block block : Block.values()) {
            int[] buckets = example.sparse()[block.ordinal()];
            addBuckets(buckets, block, blocks.of(block) * Buckets.weight(buckets.length), x, into);
        }
        int at = SPARSE * classes;
        for (int d = 0; d < denseSize; d++) {
            float feature = example.dense()[d] * denseScale(d);
            if (feature != 0) {
                for (int k = 0; k < classes; k++) {
                    into[k] += x[at + d * classes + k] * feature;
                }
            }
        }
        int bias = at + denseSize * classes;
        for (int k = 0; k < classes; k++) {
            into[k] += x[bias + k];
        }
    }

    Blocks blocks() {
        return blocks;
    }

    int classes() {
        return classes;
    }

    int denseSize() {
        return denseSize;
    }

    /** What a dense feature is multiplied by. */
    float denseScale(int d) {
        return d < denseSize - Shape.SIZE ? blocks.pools() : blocks.shape();
    }

    private void addBuckets(int[] buckets, Block block, float feature, float[] x, double[] into) {
        if (feature == 0) {
            return;
        }
        int base = block.ordinal() * Buckets.COUNT;
        for (int bucket : buckets) {
            int at = (base + bucket) * classes;
            for (int k = 0; k < classes; k++) {
                into[k] += x[at + k] * feature;
            }
        }
    }

    private double valueAndGradient(
            List<Example> examples, float[] x, float[] origin, int drawn, float[] gradient) {
        int chunks = Math.max(1, Math.min(THREADS, examples.size() / CHUNKS));
        float[][] gradients = new float[chunks][];
        double[] values = new double[chunks];
        IntStream.range(0, chunks)
                .parallel()
                .forEach(chunk -> {
                    gradients[chunk] = chunk == 0 ? gradient : new float[size];
                    if (chunk == 0) {
                        Arrays.fill(gradient, 0);
                    }
                    for (int i = chunk; i < examples.size(); i += chunks) {
                        values[chunk] += example(examples.get(i), x, gradients[chunk]);
                    }
                });
        double total = 0;
        for (Example example : examples) {
            total += example.weight();
        }
        double value = 0;
        for (double one : values) {
            value += one / total;
        }
        double squares = 0;
        for (int i = 0; i < size; i++) {
            double sum = 0;
            for (float[] one : gradients) {
                sum += one[i];
            }
            sum /= total;
            if (i < drawn) {
                double off = x[i] - origin[i];
                squares += off * off;
                sum += blocks.penalty() * off;
            }
            gradient[i] = (float) sum;
        }
        return value + blocks.penalty() * squares / 2;
    }

    private double example(Example example, float[] x, float[] gradient) {
        double[] p = new double[classes];
        score(example, x, p);
        Softmax.inPlace(p, 1);
        double loss = -Math.log(Math.max(1e-300, p[example.label()])) * example.weight();
        for (int k = 0; k < classes; k++) {
            p[k] = (p[k] - (k == example.label() ? 1 : 0)) * example.weight();
        }
        for (Block block : Block.values()) {
            int[] buckets = example.sparse()[block.ordinal()];
            float feature = blocks.of(block) * Buckets.weight(buckets.length);
            gradientOfBuckets(buckets, block, feature, p, gradient);
        }
        int at = SPARSE * classes;
        for (int d = 0; d < denseSize; d++) {
            float feature = example.dense()[d] * denseScale(d);
            if (feature != 0) {
                for (int k = 0; k < classes; k++) {
                    gradient[at + d * classes + k] += (float) (p[k] * feature);
                }
            }
        }
        int bias = at + denseSize * classes;
        for (int k = 0; k < classes; k++) {
            gradient[bias + k] += (float) p[k];
        }
        return loss;
    }

    private void gradientOfBuckets(
            int[] buckets, Block block, float feature, double[] p, float[] gradient) {
        if (feature == 0) {
            return;
        }
        int base = block.ordinal() * Buckets.COUNT;
        for (int bucket : buckets) {
            int at = (base + bucket) * classes;
            for (int k = 0; k < classes; k++) {
                gradient[at + k] += (float) (p[k] * feature);
            }
        }
    }

    /** The two-loop recursion. */
    private float[] direction(
            float[] gradient, float[][] s, float[][] y, double[] rho, int iteration) {
        float[] q = gradient.clone();
        int known = Math.min(iteration, history);
        double[] alpha = new double[history];
        for (int back = 1; back <= known; back++) {
            int slot = (iteration - back) % history;
            alpha[slot] = rho[slot] * dot(s[slot], q);
            addTimes(q, -alpha[slot], y[slot]);
        }
        if (known > 0) {
            int newest = (iteration - 1) % history;
            double scale = 1 / (rho[newest] * dot(y[newest], y[newest]));
            for (int i = 0; i < q.length; i++) {
                q[i] *= (float) scale;
            }
        }
        for (int back = known; back >= 1; back--) {
            int slot = (iteration - back) % history;
            double beta = rho[slot] * dot(y[slot], q);
            addTimes(q, alpha[slot] - beta, s[slot]);
        }
        for (int i = 0; i < q.length; i++) {
            q[i] = -q[i];
        }
        return q;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static void addTimes(float[] into, double factor, float[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] += (float) (factor * other[i]);
        }
    }

    private static float[] minus(float[] a, float[] b) {
        float[] difference = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }
}
