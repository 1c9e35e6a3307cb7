package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Fits the weights of categories to labels of a user's own, and says by groups it has not learnt
 * from whether that is better than the model there was. Not thread-safe; takes seconds, and uses
 * two cores.
 */
public final class HeadTrainer {

    /** The penalty on what is learnt from nothing. */
    private static final double PENALTY = 1e-4;

    /**
     * The penalty on leaving the base, for one row: so many rows weigh as much as the base does,
     * and what it knows of categories that the labels do not speak of is kept.
     */
    private static final double PENALTY_OF_ONE_ROW = 0.5;

    private static final int ITERATIONS = 60;
    private static final int MOST_FOLDS = 10;
    private static final int MOST_CATEGORIES = 64;
    private static final int FOLDS_WITHOUT_GROUPS = 5;

    /** Below this the difference is not put down to chance. */
    private static final double SIGNIFICANCE = 0.05;

    private final LocalModel base;
    private final boolean fromBase;

    /**
     * @param base the model whose word vectors are used, and against which the new one is judged
     * @param fromBase whether its weights are where fitting begins, so that few labels are enough
     */
    public HeadTrainer(LocalModel base, boolean fromBase) {
        this.base = base;
        this.fromBase = fromBase;
    }

    /**
     * What came of it.
     *
     * @param model the new model, fitted to all rows
     * @param fitted how it answers rows of groups that it has not learnt from
     * @param before how what there was answers the same rows
     * @param beforeIs what there was: the base's name, or {@code always} and the most frequent
     *     category if that is better
     * @param chance the probability of so many more right answers if both were equally good (exact
     *     McNemar test, one-sided)
     * @param groups on how many folds this is seen
     */
    public record Result(
            LocalModel model,
            Evaluation fitted,
            Evaluation before,
            String beforeIs,
            double chance,
            int groups) {

        /** Whether the new model is better than the base beyond noise. */
        public boolean better() {
            return chance < SIGNIFICANCE;
        }
    }

    /**
     * @param rows texts with their categories; rows of one group are never learnt from and judged
     *     by at once. If all have the same group, five folds by content stand for groups
     * @param done is told after each fold which it was
     * @throws IllegalArgumentException if there are fewer than two categories, or more than 64
     */
    public Result train(String name, List<Labelled> rows, IntConsumer done) {
        List<String> labels = labels(rows);
        Regression regression =
                new Regression(
                        labels.size(),
                        base.language().denseSize(),
                        Regression.Blocks.usual(
                                beginsAtBase(labels)
                                        ? Math.max(PENALTY, PENALTY_OF_ONE_ROW / rows.size())
                                        : PENALTY));
        List<Example> examples = examples(rows, labels);
        float[] start = start(labels, regression);
        int[] folds = folds(rows);
        int count = IntStream.of(folds).max().orElseThrow() + 1;
        double[][] scores =
                new CrossValidation(regression, ITERATIONS).scores(examples, folds, start, done);
        double temperature =
                Calibration.temperature(
                        Arrays.asList(scores), examples.stream().map(Example::label).toList());
        LocalModel model =
                new LocalModel(
                        name,
                        base.language(),
                        Head.of(
                                labels,
                                regression,
                                regression.fit(examples, start, ITERATIONS),
                                temperature));
        List<Answer> fitted = answers(rows, labels, scores, temperature);
        List<Answer> byBase = byBase(rows);
        List<Answer> constant = alwaysTheMostFrequent(rows);
        boolean baseIsBetter = right(byBase) >= right(constant);
        List<Answer> before = baseIsBetter ? byBase : constant;
        return new Result(
                model,
                Evaluation.of(fitted),
                Evaluation.of(before),
                baseIsBetter ? base.name() : "always " + constant.getFirst().said(),
                chance(fitted, before),
                count);
    }

    /** The base's categories if the rows have any of them, and all of the rows'. */
    private List<String> labels(List<Labelled> rows) {
        Set<String> said = new LinkedHashSet<>();
        rows.forEach(row -> said.add(row.category()));
        if (said.size() < 2) {
            throw new IllegalArgumentException(
                    "Training needs rows of at least two categories, and these have " + said);
        }
        if (said.size() > MOST_CATEGORIES) {
            throw new IllegalArgumentException(
                    "Training takes up to "
                            + MOST_CATEGORIES
                            + " categories, and these rows have "
                            + said.size()
                            + ": give them as examples in the policy (categories.NAME.examples),"
                            + " which needs no training");
        }
        Set<String> labels = new LinkedHashSet<>();
        if (fromBase && base.categories().stream().anyMatch(said::contains)) {
            labels.addAll(base.categories());
        }
        labels.addAll(said);
        return List.copyOf(labels);
    }

    private List<Example> examples(List<Labelled> rows, List<String> labels) {
        Reading reading = base.language().newReading();
        List<Example> examples = new ArrayList<>(rows.size());
        for (Labelled row : rows) {
            reading.read(row.text());
            examples.add(Example.of(reading, labels.indexOf(row.category()), 1));
        }
        return examples;
    }

    private boolean beginsAtBase(List<String> labels) {
        return fromBase && base.categories().stream().anyMatch(labels::contains);
    }

    /** The base's weights under the names that both have. */
    private float[] start(List<String> labels, Regression regression) {
        if (!beginsAtBase(labels)) {
            return new float[0];
        }
        Head head = base.head();
        float[] own = head.parameters(regression);
        int classes = labels.size();
        int ownClasses = head.labels().size();
        float[] start = new float[own.length / ownClasses * classes];
        for (int feature = 0; feature < own.length / ownClasses; feature++) {
            for (int k = 0; k < ownClasses; k++) {
                int to = labels.indexOf(head.labels().get(k));
                start[feature * classes + to] =
                        (float) (own[feature * ownClasses + k] / head.temperature());
            }
        }
        return start;
    }

    private static int[] folds(List<Labelled> rows) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        rows.forEach(row -> numbers.putIfAbsent(row.group(), numbers.size()));
        boolean grouped = numbers.size() > 1;
        int count = grouped ? Math.min(MOST_FOLDS, numbers.size()) : FOLDS_WITHOUT_GROUPS;
        int[] folds = new int[rows.size()];
        for (int i = 0; i < folds.length; i++) {
            Labelled row = rows.get(i);
            int number =
                    grouped
                            ? numbers.getOrDefault(row.group(), 0)
                            : (int) (Hashing.mix(Hashing.of(row.text())) >>> 33);
            folds[i] = number % count;
        }
        return folds;
    }

    private static List<Answer> answers(
            List<Labelled> rows, List<String> labels, double[][] scores, double temperature) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            double[] p = scores[i].clone();
            int best = Softmax.inPlace(p, temperature);
            answers.add(
                    new Answer(
                            rows.get(i).group(),
                            rows.get(i).category(),
                            labels.get(best),
                            p[best]));
        }
        return answers;
    }

    private List<Answer> byBase(List<Labelled> rows) {
        List<Answer> answers = new ArrayList<>();
        for (Labelled row : rows) {
            Verdict verdict = base.classify(row.text());
            answers.add(
                    new Answer(
                            row.group(), row.category(), verdict.category(), verdict.confidence()));
        }
        return answers;
    }

    private static List<Answer> alwaysTheMostFrequent(List<Labelled> rows) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        rows.forEach(row -> counts.merge(row.category(), 1, Integer::sum));
        Map.Entry<String, Integer> most =
                counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        double confidence = (double) most.getValue() / rows.size();
        return rows.stream()
                .map(row -> new Answer(row.group(), row.category(), most.getKey(), confidence))
                .toList();
    }

    private static long right(List<Answer> answers) {
        return answers.stream().filter(Answer::right).count();
    }

    private static double chance(List<Answer> fitted, List<Answer> before) {
        int gained = 0;
        int lost = 0;
        for (int i = 0; i < fitted.size(); i++) {
            gained += fitted.get(i).right() && !before.get(i).right() ? 1 : 0;
            lost += !fitted.get(i).right() && before.get(i).right() ? 1 : 0;
        }
        return atLeast(gained, gained + lost);
    }

    /** The probability of at least so many heads in so many tosses of a fair coin. */
    static double atLeast(int heads, int tosses) {
        double log = -tosses * Math.log(2);
        double sum = 0;
        for (int i = 0; i <= tosses; i++) {
            if (i >= heads) {
                sum += Math.exp(log);
            }
            log += Math.log(tosses - i) - Math.log(i + 1);
        }
        return Math.min(1, sum);
    }
}
