package dev.pointsman.classify.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * All that the built-in model learns from: prompts of sources, prompts of the project's own, and
 * those composed of instructions and materials.
 *
 * @param rows first those of sources, then the own, then the composed
 * @param weights how much each row counts
 * @param folds which fold leaves each row out; one below zero is always learnt from
 * @param sources how many rows are of sources
 * @param own how many are the project's own
 */
record TrainingSet(List<Labelled> rows, double[] weights, int[] folds, int sources, int own) {

    static final List<String> LABELS = List.of("reasoning", "generation", "triage", "vision");

    private static final int COMPOSED_EACH = 3;
    private static final double OWN_WEIGHT = 1;
    private static final double COMPOSED_WEIGHT = 0.5;

    /**
     * Requests of a few words bend what the form of a text says; see the decision on the
     * classifier.
     */
    private static final String SHORT = "short.jsonl";

    private static final double SHORT_WEIGHT = 0.4;

    /** Sources count with the square root of their size, against this many rows. */
    private static final double USUAL_SOURCE = 150;

    static TrainingSet read(Path labelled, Path ownFolder) throws IOException {
        List<Labelled> sources = Prompts.bySource(labelled.resolve("dev.jsonl"));
        List<Labelled> own = Prompts.own(ownFolder);
        List<Labelled> composed =
                new Composer(
                                Prompts.bank(ownFolder, "instructions"),
                                Prompts.bank(ownFolder, "materials"))
                        .prompts(COMPOSED_EACH, "composed", new Random(7));
        List<Labelled> all = Stream.of(sources, own, composed).flatMap(List::stream).toList();
        Map<String, Integer> sizes = new HashMap<>();
        sources.forEach(row -> sizes.merge(row.group(), 1, Integer::sum));
        Map<String, Integer> bySource = Prompts.folds(ownFolder.resolve("folds.tsv"));
        double[] weights = new double[all.size()];
        int[] folds = new int[all.size()];
        for (int i = 0; i < weights.length; i++) {
            String group = all.get(i).group();
            folds[i] = bySource.getOrDefault(group, -1);
            weights[i] =
                    i < sources.size()
                            ? Math.sqrt(USUAL_SOURCE / sizes.getOrDefault(group, 1))
                            : i >= sources.size() + own.size()
                                    ? COMPOSED_WEIGHT
                                    : group.equals(SHORT) ? SHORT_WEIGHT : OWN_WEIGHT;
        }
        return new TrainingSet(all, weights, folds, sources.size(), own.size());
    }

    /** The rows of sources and the own. */
    List<Labelled> uncomposed() {
        return rows.subList(0, sources + own);
    }

    /** Each row as numbers. */
    List<Example> examples(Language language) {
        Reading reading = language.newReading();
        List<Example> examples = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            reading.read(rows.get(i).text());
            examples.add(Example.of(reading, label(i), weights[i]));
        }
        return examples;
    }

    /** The index of a row's category. */
    int label(int row) {
        int label = LABELS.indexOf(rows.get(row).category());
        if (label < 0) {
            throw new IllegalArgumentException("There is no category " + rows.get(row).category());
        }
        return label;
    }

    /** Answers of those rows that have scores. */
    List<Answer> answers(double[][] scores, double temperature) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            if (scores[i].length > 0) {
                double[] p = scores[i].clone();
                int best = Softmax.inPlace(p, temperature);
                Labelled row = rows.get(i);
                answers.add(new Answer(row.group(), row.category(), LABELS.get(best), p[best]));
            }
        }
        return answers;
    }

    /** The temperature that suits those rows that have scores. */
    double temperature(double[][] scores) {
        List<double[]> scored = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            if (scores[i].length > 0) {
                scored.add(scores[i]);
                labels.add(label(i));
            }
        }
        return Calibration.temperature(scored, labels);
    }
}
