package dev.pointsman.classify.local;

import java.util.List;

/** Finds the temperature at which a head's probabilities are what they say (Guo et al. 2017). */
final class Calibration {

    private static final double LEAST = 0.05;
    private static final double MOST = 20;
    private static final int STEPS = 60;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private Calibration() {}

    /**
     * The temperature with the least mean negative log-likelihood, by golden-section search over
     * its logarithm.
     *
     * @param scores of examples that the head has not learnt from
     */
    static double temperature(List<double[]> scores, List<Integer> labels) {
        double low = Math.log(LEAST);
        double high = Math.log(MOST);
        for (int step = 0; step < STEPS; step++) {
            double a = high - GOLDEN * (high - low);
            double b = low + GOLDEN * (high - low);
            if (loss(scores, labels, Math.exp(a)) < loss(scores, labels, Math.exp(b))) {
                high = b;
            } else {
                low = a;
            }
        }
        return Math.exp((low + high) / 2);
    }

    private static double loss(List<double[]> scores, List<Integer> labels, double temperature) {
        double loss = 0;
        for (int i = 0; i < scores.size(); i++) {
            double[] p = scores.get(i).clone();
            Softmax.inPlace(p, temperature);
            loss -= Math.log(Math.max(1e-12, p[labels.get(i)]));
        }
        return loss;
    }
}
