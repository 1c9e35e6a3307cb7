package dev.pointsman.classify.local;

/** Arithmetic of vectors. */
final class Vectors {

    private Vectors() {}

    static float[] normalized(float[] vector) {
        float squares = squares(vector, 0, vector.length);
        float factor = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
        float[] unit = new float[vector.length];
        for (int d = 0; d < unit.length; d++) {
            unit[d] = vector[d] * factor;
        }
        return unit;
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (double) a[d] * b[d];
        }
        return sum;
    }

    /**
     * The sum of the squares of some numbers; four sums at a time, since each addition waits for
     * the one before.
     */
    static float squares(float[] values, int from, int count) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = from;
        for (; i + 3 < from + count; i += 4) {
            a += values[i] * values[i];
            b += values[i + 1] * values[i + 1];
            c += values[i + 2] * values[i + 2];
            d += values[i + 3] * values[i + 3];
        }
        for (; i < from + count; i++) {
            a += values[i] * values[i];
        }
        return a + b + (c + d);
    }
}
