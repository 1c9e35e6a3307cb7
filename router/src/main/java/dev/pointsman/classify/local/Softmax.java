package dev.pointsman.classify.local;

/** Scores as probabilities. */
final class Softmax {

    private Softmax() {}

    /** Replaces scores by probabilities and returns the index of the highest. */
    static int inPlace(double[] scores, double temperature) {
        int best = 0;
        for (int k = 1; k < scores.length; k++) {
            if (scores[k] > scores[best]) {
                best = k;
            }
        }
        double most = scores[best];
        double sum = 0;
        for (int k = 0; k < scores.length; k++) {
            scores[k] = Math.exp((scores[k] - most) / temperature);
            sum += scores[k];
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k] /= sum;
        }
        return best;
    }
}
