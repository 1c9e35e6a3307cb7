package dev.pointsman.classify.local;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Static token vectors from a sentence encoder: each piece's own output, the principal components
 * of sentences, weights by frequency (SIF), then regressed onto the encoder's sentence vectors.
 */
final class Distiller {

    private static final double SIF = 1e-3;

    private final int dimensions;

    Distiller(int dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * @param pieces those that have a vector, in the order of their ids
     * @param vectors theirs, weights included
     */
    record Distilled(List<String> pieces, float[][] vectors) {

        Vocabulary vocabulary() {
            return Vocabulary.of(pieces);
        }

        TokenVectors quantized() {
            return TokenVectors.quantized(vectors, vectors[0].length);
        }
    }

    /**
     * What an encoder says.
     *
     * @param pieces of words
     * @param own the encoder's vector of each piece alone
     * @param sentences what the vectors are regressed onto
     * @param targets the encoder's vectors of them
     */
    record Lesson(List<String> pieces, float[][] own, List<String> sentences, float[][] targets) {

        static Lesson of(SentenceEncoder encoder, List<String> sentences) {
            List<String> pieces = encoder.pieces().stream().filter(Distiller::usable).toList();
            List<String> alone =
                    pieces.stream()
                            .map(piece ->
                                    piece.startsWith("##") && piece.length() > 2
                                            ? piece.substring(2)
                                            : piece)
                            .toList();
            return new Lesson(pieces, encoder.encode(alone), sentences, encoder.encode(sentences));
        }
    }

    /**
     * @param steps of conjugate gradients; few, so that what is rare stays near its first vector
     */
    Distilled distil(Lesson lesson, int steps, double stay) {
        float[][] targets = lesson.targets();
        float[] mean = mean(targets);
        float[][] axes = principalAxes(targets, mean, dimensions);
        float[][] goals = project(targets, mean, axes);
        float[][] first = project(lesson.own(), mean, axes);
        for (int i = 0; i < first.length; i++) {
            float weight = (float) weight(i, first.length);
            for (int d = 0; d < dimensions; d++) {
                first[i][d] *= weight;
            }
        }
        Vocabulary vocabulary = Vocabulary.of(lesson.pieces());
        Reading reading = new Reading(vocabulary, TokenVectors.quantized(first, dimensions));
        int[][] tokens = new int[lesson.sentences().size()][];
        for (int s = 0; s < tokens.length; s++) {
            reading.read(lesson.sentences().get(s));
            tokens[s] = reading.tokens();
        }
        regress(first, tokens, goals, steps, stay);
        return new Distilled(lesson.pieces(), first);
    }

    private static boolean usable(String piece) {
        if (piece.startsWith("[") && piece.length() > 1) {
            return false;
        }
        for (int i = 0; i < piece.length(); i++) {
            if (piece.charAt(i) >= 0x0600) {
                return false;
            }
        }
        return true;
    }

    /**
     * Smooth inverse frequency; the vocabulary stands in about the order of frequency, which Zipf's
     * law turns into one.
     */
    private static double weight(int rank, int size) {
        double frequency = 1 / ((rank + 2.0) * Math.log(size));
        return SIF / (SIF + frequency);
    }

    /**
     * Least squares by conjugate gradients on the normal equations: moves the vectors so that a
     * text's sum, divided by its expected length, comes near its sentence vector.
     */
    private void regress(
            float[][] vectors, int[][] tokens, float[][] goals, int steps, double stay) {
        int n = tokens.length;
        float[] scale = new float[n];
        double up = 0;
        double down = 0;
        float[][] sums = sums(vectors, tokens);
        for (int s = 0; s < n; s++) {
            double norm = Math.sqrt(Vectors.dot(sums[s], sums[s]));
            scale[s] = (float) (1 / Math.max(1e-6, norm));
            double goal = Math.sqrt(Vectors.dot(goals[s], goals[s]));
            up += goal;
            down += 1;
        }
        float length = (float) (up / down);
        for (int s = 0; s < n; s++) {
            scale[s] *= length;
        }
        double[] seen = new double[vectors.length];
        for (int[] text : tokens) {
            for (int id : text) {
                seen[id]++;
            }
        }
        // residual of A x = b with x the change of the vectors
        float[][] misses = new float[n][dimensions];
        for (int s = 0; s < n; s++) {
            for (int d = 0; d < dimensions; d++) {
                misses[s][d] = goals[s][d] - scale[s] * sums[s][d];
            }
        }
        float[][] change = new float[vectors.length][dimensions];
        float[][] r = transposed(misses, tokens, scale, vectors.length);
        float[][] p = copy(r);
        double rr = dot(r, r);
        for (int step = 0; step < steps; step++) {
            float[][] ap = sums(p, tokens);
            for (int s = 0; s < n; s++) {
                for (int d = 0; d < dimensions; d++) {
                    ap[s][d] *= scale[s];
                }
            }
            float[][] atap = transposed(ap, tokens, scale, vectors.length);
            addTimes(atap, stay, p);
            double alpha = rr / dot(p, atap);
            addTimes(change, alpha, p);
            addTimes(r, -alpha, atap);
            double next = dot(r, r);
            double beta = next / rr;
            rr = next;
            for (int i = 0; i < p.length; i++) {
                for (int d = 0; d < dimensions; d++) {
                    p[i][d] = (float) (r[i][d] + beta * p[i][d]);
                }
            }
        }
        addTimes(vectors, 1, change);
    }

    private float[][] sums(float[][] vectors, int[][] tokens) {
        float[][] sums = new float[tokens.length][dimensions];
        IntStream.range(0, tokens.length)
                .parallel()
                .forEach(s -> {
                    for (int id : tokens[s]) {
                        for (int d = 0; d < dimensions; d++) {
                            sums[s][d] += vectors[id][d];
                        }
                    }
                });
        return sums;
    }

    private float[][] transposed(float[][] rows, int[][] tokens, float[] scale, int size) {
        float[][] result = new float[size][dimensions];
        for (int s = 0; s < tokens.length; s++) {
            for (int id : tokens[s]) {
                for (int d = 0; d < dimensions; d++) {
                    result[id][d] += scale[s] * rows[s][d];
                }
            }
        }
        return result;
    }

    private static float[] mean(float[][] rows) {
        float[] mean = new float[rows[0].length];
        for (float[] row : rows) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += row[d] / rows.length;
            }
        }
        return mean;
    }

    private static float[][] project(float[][] rows, float[] mean, float[][] axes) {
        float[][] projected = new float[rows.length][axes.length];
        IntStream.range(0, rows.length)
                .parallel()
                .forEach(i -> {
                    for (int a = 0; a < axes.length; a++) {
                        double sum = 0;
                        for (int d = 0; d < mean.length; d++) {
                            sum += (rows[i][d] - mean[d]) * axes[a][d];
                        }
                        projected[i][a] = (float) sum;
                    }
                });
        return projected;
    }

    /** The eigenvectors of the covariance with the largest eigenvalues, by orthogonal iteration. */
    private static float[][] principalAxes(float[][] rows, float[] mean, int count) {
        int size = mean.length;
        double[][] covariance = new double[size][size];
        for (float[] row : rows) {
            for (int a = 0; a < size; a++) {
                double left = row[a] - mean[a];
                for (int b = 0; b < size; b++) {
                    covariance[a][b] += left * (row[b] - mean[b]);
                }
            }
        }
        Random random = new Random(1);
        double[][] axes = new double[count][size];
        for (double[] axis : axes) {
            Arrays.setAll(axis, d -> random.nextGaussian());
        }
        for (int round = 0; round < 30; round++) {
            double[][] before = axes;
            axes =
                    IntStream.range(0, count)
                            .parallel()
                            .mapToObj(a -> times(covariance, before[a]))
                            .toArray(double[][]::new);
            orthonormalize(axes);
        }
        float[][] result = new float[count][size];
        for (int a = 0; a < count; a++) {
            for (int d = 0; d < size; d++) {
                result[a][d] = (float) axes[a][d];
            }
        }
        return result;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        double[] product = new double[vector.length];
        for (int a = 0; a < vector.length; a++) {
            for (int b = 0; b < vector.length; b++) {
                product[a] += matrix[a][b] * vector[b];
            }
        }
        return product;
    }

    private static void orthonormalize(double[][] axes) {
        for (int a = 0; a < axes.length; a++) {
            for (int b = 0; b < a; b++) {
                double shared = 0;
                for (int d = 0; d < axes[a].length; d++) {
                    shared += axes[a][d] * axes[b][d];
                }
                for (int d = 0; d < axes[a].length; d++) {
                    axes[a][d] -= shared * axes[b][d];
                }
            }
            double squares = 0;
            for (double one : axes[a]) {
                squares += one * one;
            }
            double factor = 1 / Math.sqrt(Math.max(1e-30, squares));
            for (int d = 0; d < axes[a].length; d++) {
                axes[a][d] *= factor;
            }
        }
    }

    private static float[][] copy(float[][] rows) {
        return Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
    }

    private static double dot(float[][] a, float[][] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Vectors.dot(a[i], b[i]);
        }
        return sum;
    }

    private static void addTimes(float[][] into, double factor, float[][] other) {
        for (int i = 0; i < into.length; i++) {
            for (int d = 0; d < into[i].length; d++) {
                into[i][d] += (float) (factor * other[i][d]);
            }
        }
    }
}
