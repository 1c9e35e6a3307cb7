package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Scores each example by a head that has not learnt from its fold. */
final class CrossValidation {

    private final Regression regression;
    private final int iterations;

    CrossValidation(Regression regression, int iterations) {
        this.regression = regression;
        this.iterations = iterations;
    }

    /**
     * @param folds the fold of each example; one below zero is always learnt from and never scored
     * @param start where each fit begins, and what it is drawn to; empty for zero
     * @param done is told after each fold which it was
     * @return each example's scores; empty for those that are never scored
     */
    double[][] scores(List<Example> examples, int[] folds, float[] start, IntConsumer done) {
        int count = 0;
        for (int fold : folds) {
            count = Math.max(count, fold + 1);
        }
        double[][] scores = new double[examples.size()][0];
        for (int fold = 0; fold < count; fold++) {
            List<Example> learnt = new ArrayList<>();
            for (int i = 0; i < folds.length; i++) {
                if (folds[i] != fold) {
                    learnt.add(examples.get(i));
                }
            }
            float[] parameters = regression.fit(learnt, start, iterations);
            for (int i = 0; i < folds.length; i++) {
                if (folds[i] == fold) {
                    scores[i] = new double[regression.classes()];
                    regression.score(examples.get(i), parameters, scores[i]);
                }
            }
            done.accept(fold);
        }
        return scores;
    }
}
