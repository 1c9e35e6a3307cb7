package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How good answers are, by the measures of the field. Immutable.
 *
 * <p>Calibration is the expected calibration error over 15 bins of equal width (Guo et al. 2017).
 * Coverage against accuracy keeps the surest answers first; each source counts the same in it.
 */
public final class Evaluation {

    private static final int BINS = 15;

    private final List<Answer> answers;
    private final List<String> categories;

    private Evaluation(List<Answer> answers) {
        this.answers = List.copyOf(answers);
        TreeSet<String> names = new TreeSet<>();
        for (Answer answer : answers) {
            names.add(answer.gold());
            names.add(answer.said());
        }
        this.categories = List.copyOf(names);
    }

    /**
     * @throws IllegalArgumentException if there is no answer
     */
    public static Evaluation of(List<Answer> answers) {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to evaluate");
        }
        return new Evaluation(answers);
    }

    /**
     * @param right how many of its answers are right
     * @param count how many answers it has
     */
    public record Share(int right, int count) {
        public double accuracy() {
            return (double) right / count;
        }
    }

    /**
     * @param precision of those said, the share that are; NaN if none was said
     * @param recall of those that are, the share that were said; NaN if there are none
     * @param f1 their harmonic mean; 0 if none was right
     */
    public record Quality(double precision, double recall, double f1) {}

    /**
     * @param coverage the share of answers that are kept
     * @param accuracy of those
     * @param threshold the confidence of the least sure of them
     */
    public record Point(double coverage, double accuracy, double threshold) {}

    public int count() {
        return answers.size();
    }

    /** The categories that stand or were said, in alphabetical order. */
    public List<String> categories() {
        return categories;
    }

    public double accuracy() {
        return share(answers).accuracy();
    }

    /** The mean over sources of their accuracy. */
    public double macroAccuracy() {
        return sources().values().stream().mapToDouble(Share::accuracy).average().orElseThrow();
    }

    /** Each source's share, by name. */
    public Map<String, Share> sources() {
        return answers.stream()
                .collect(Collectors.groupingBy(Answer::source, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                one -> share(one.getValue()),
                                (a, b) -> a,
                                TreeMap::new));
    }

    /** The mean F1 of the categories that stand in the data. */
    public double macroF1() {
        return categories.stream()
                .filter(category -> answers.stream().anyMatch(a -> a.gold().equals(category)))
                .mapToDouble(category -> quality(category).f1())
                .average()
                .orElseThrow();
    }

    public Quality quality(String category) {
        int both = 0;
        int said = 0;
        int gold = 0;
        for (Answer answer : answers) {
            said += answer.said().equals(category) ? 1 : 0;
            gold += answer.gold().equals(category) ? 1 : 0;
            both += answer.right() && answer.gold().equals(category) ? 1 : 0;
        }
        return new Quality(
                (double) both / said,
                (double) both / gold,
                both == 0 ? 0 : 2.0 * both / (said + gold));
    }

    /** How often a category was taken for another. */
    public int confusion(String gold, String said) {
        int count = 0;
        for (Answer answer : answers) {
            count += answer.gold().equals(gold) && answer.said().equals(said) ? 1 : 0;
        }
        return count;
    }

    /** The expected calibration error. */
    public double calibrationError() {
        double[] confidence = new double[BINS];
        int[] right = new int[BINS];
        for (Answer answer : answers) {
            int bin =
                    Math.min(
                            BINS - 1, Math.max(0, (int) Math.ceil(answer.confidence() * BINS) - 1));
            confidence[bin] += answer.confidence();
            right[bin] += answer.right() ? 1 : 0;
        }
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            error += Math.abs(confidence[bin] - right[bin]);
        }
        return error / answers.size();
    }

    /** The accuracy of the surest answers, at these shares of all. */
    public List<Point> coverage(double... shares) {
        Map<String, Share> sources = sources();
        List<Answer> surest = new ArrayList<>(answers);
        Collections.sort(surest, Comparator.comparingDouble(answer -> -answer.confidence()));
        List<Point> points = new ArrayList<>();
        double all = sources.size();
        double kept = 0;
        double right = 0;
        int next = 0;
        for (int i = 0; i < surest.size(); i++) {
            Answer answer = surest.get(i);
            double weight = 1.0 / Objects.requireNonNull(sources.get(answer.source())).count();
            kept += weight;
            right += answer.right() ? weight : 0;
            boolean last = i == surest.size() - 1;
            while (next < shares.length && (last || kept / all >= shares[next] - 1e-9)) {
                points.add(new Point(shares[next++], right / kept, answer.confidence()));
            }
        }
        return points;
    }

    private static Share share(List<Answer> answers) {
        int right = 0;
        for (Answer answer : answers) {
            right += answer.right() ? 1 : 0;
        }
        return new Share(right, answers.size());
    }
}
