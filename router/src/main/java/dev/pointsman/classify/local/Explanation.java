package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Why a model says what it says of a text: what spoke most for the category it chose and against
 * the second, what spoke against, and which words would have to go for another answer. It quotes
 * the text, and takes milliseconds.
 *
 * @param probabilities of the categories that were asked for, the highest first
 * @param signals in log-odds of the first category over the second, the strongest first
 * @param change the words without which the answer would be another; empty if a few are not enough
 * @param changed what it would be then; the first category if {@code change} is empty
 */
public record Explanation(
        Map<String, Double> probabilities,
        List<Signal> signals,
        List<String> change,
        String changed) {

    /**
     * @param feature in words
     * @param logOdds for the first category if positive, for the second if negative
     */
    public record Signal(String feature, double logOdds) {}

    private static final int SHOWN = 5;
    private static final int MOST_WORDS = 80;
    private static final int MOST_CHANGES = 4;
    private static final double WORTH_NAMING = 0.02;
    private static final String[] POOLS = {
        "the meaning of the whole", "the meaning of the beginning", "the meaning of the end"
    };

    /** Explains the choice among those categories of the model. */
    public static Explanation of(LocalModel model, String text, Set<String> among) {
        Verdict verdict = model.classify(text, among);
        List<String> labels = model.categories();
        Map<String, Double> probabilities = probabilities(model, text, among);
        int best = labels.indexOf(verdict.category());
        int second = labels.indexOf(verdict.runnerUp());
        List<Signal> signals = best == second ? List.of() : signals(model, text, best, second);
        List<String> gone = new ArrayList<>();
        String changed = change(model, text, among, verdict.category(), gone);
        return new Explanation(probabilities, signals, List.copyOf(gone), changed);
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<String> names = List.copyOf(probabilities.keySet());
        StringBuilder all = new StringBuilder();
        probabilities.forEach((name, probability) ->
                all.append(all.isEmpty() ? "" : ", ")
                        .append(name)
                        .append(String.format(Locale.ROOT, " %.2f", probability)));
        lines.add(all.toString());
        if (names.size() > 1) {
            lines.add("for " + names.get(0) + " over " + names.get(1) + ": " + shown(1));
            lines.add("against: " + shown(-1));
        }
        if (!change.isEmpty()) {
            lines.add(
                    "without "
                            + String.join(
                                    ", ", change.stream().map(word -> "\"" + word + "\"").toList())
                            + " it would be "
                            + changed);
        } else if (names.size() > 1) {
            lines.add("no few words would have to go for another answer");
        }
        return lines;
    }

    private String shown(int sign) {
        List<String> shown =
                signals.stream()
                        .filter(signal -> signal.logOdds() * sign > WORTH_NAMING)
                        .limit(SHOWN)
                        .map(signal ->
                                String.format(
                                        Locale.ROOT,
                                        "%s %+.2f",
                                        signal.feature(),
                                        signal.logOdds()))
                        .toList();
        return shown.isEmpty() ? "nothing worth naming" : String.join(", ", shown);
    }

    private static Map<String, Double> probabilities(
            LocalModel model, String text, Set<String> among) {
        double[] all = model.probabilities(text);
        double sum = 0;
        List<Integer> asked = new ArrayList<>();
        for (int k = 0; k < all.length; k++) {
            if (among.contains(model.categories().get(k))) {
                asked.add(k);
                sum += all[k];
            }
        }
        double whole = asked.size() == 1 ? 1 : sum;
        asked.sort(Comparator.comparingDouble(k -> -all[k]));
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int k : asked) {
            probabilities.put(model.categories().get(k), all[k] / whole);
        }
        return probabilities;
    }

    private static List<Signal> signals(LocalModel model, String text, int best, int second) {
        Head head = model.head();
        Map<String, Double> sums = new HashMap<>();
        Map<Long, Boolean> counted = new HashMap<>();
        Reading reading = model.language().newReading();
        reading.read(text);
        float[] lengths = new float[Block.values().length];
        for (Block block : Block.values()) {
            lengths[block.ordinal()] = Buckets.weight(reading.buckets(block).size());
        }
        reading.read(
                text,
                (block, bucket, words) -> {
                    if (counted.putIfAbsent((long) block.ordinal() << 32 | bucket, true) == null) {
                        sums.merge(
                                "\"" + words.strip() + "\"",
                                (double) lengths[block.ordinal()]
                                        * (head.weight(block, bucket, best)
                                                - head.weight(block, bucket, second)),
                                Double::sum);
                    }
                });
        pieces(reading, head, best, second, lengths, sums);
        dense(reading, head, best, second, sums);
        return sums.entrySet().stream()
                .map(one -> new Signal(one.getKey(), one.getValue() / head.temperature()))
                .sorted(Comparator.comparingDouble(signal -> -Math.abs(signal.logOdds())))
                .toList();
    }

    private static void pieces(
            Reading reading,
            Head head,
            int best,
            int second,
            float[] lengths,
            Map<String, Double> sums) {
        Buckets pieces = reading.buckets(Block.CHARACTERS);
        double sum = 0;
        for (int i = 0; i < pieces.size(); i++) {
            sum +=
                    head.weight(Block.CHARACTERS, pieces.get(i), best)
                            - head.weight(Block.CHARACTERS, pieces.get(i), second);
        }
        sums.put("pieces of words", sum * lengths[Block.CHARACTERS.ordinal()]);
    }

    private static void dense(
            Reading reading, Head head, int best, int second, Map<String, Double> sums) {
        float[] dense = reading.dense();
        int pools = dense.length - Shape.SIZE;
        int pool = pools / Reading.POOLS;
        for (int d = 0; d < dense.length; d++) {
            double sum = dense[d] * (head.denseWeight(d, best) - head.denseWeight(d, second));
            String name = d < pools ? POOLS[d / pool] : Shape.name(d - pools);
            sums.merge(name, sum, Double::sum);
        }
    }

    /**
     * Takes away, one after another, the word whose going moves the answer most, until it is
     * another; {@code gone} stays empty if a few are not enough.
     */
    private static String change(
            LocalModel model, String text, Set<String> among, String category, List<String> gone) {
        String left = text;
        List<String> taken = new ArrayList<>();
        for (int round = 0; round < MOST_CHANGES; round++) {
            String bestText = "";
            String bestWord = "";
            double least = Double.MAX_VALUE;
            String answer = category;
            for (String word : words(left)) {
                String without = without(left, word);
                Verdict verdict = model.classify(without, among);
                double confidence =
                        verdict.category().equals(category)
                                ? verdict.confidence()
                                : -verdict.confidence();
                if (!without.isBlank() && confidence < least) {
                    least = confidence;
                    bestText = without;
                    bestWord = word;
                    answer = verdict.category();
                }
            }
            if (bestWord.isEmpty()) {
                return category;
            }
            taken.add(bestWord);
            left = bestText;
            if (!answer.equals(category)) {
                gone.addAll(taken);
                return answer;
            }
        }
        return category;
    }

    private static Set<String> words(String text) {
        Set<String> words = new LinkedHashSet<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i <= text.length() && words.size() < MOST_WORDS; i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (Letters.kind(c) == Letters.WORD) {
                word.append(c);
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        return words;
    }

    /** The text without a word, wherever it stands as a whole one. */
    private static String without(String text, String word) {
        StringBuilder left = new StringBuilder(text.length());
        int from = 0;
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            boolean begins = at == 0 || Letters.kind(text.charAt(at - 1)) != Letters.WORD;
            boolean ends = end == text.length() || Letters.kind(text.charAt(end)) != Letters.WORD;
            if (begins && ends && at >= from) {
                left.append(text, from, at);
                from = end;
            }
        }
        return left.append(text, from, text.length()).toString();
    }
}
