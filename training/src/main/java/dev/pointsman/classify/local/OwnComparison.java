package dev.pointsman.classify.local;

import static dev.pointsman.classify.local.ModelMaker.say;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compares ways to know banking77's categories by ten examples, and to know what is none of them.
 */
final class OwnComparison {

    private static final int SHOTS = 10;
    private static final int SEEDS = 3;
    private static final int ROUNDS = 3;

    private final Banking banking;
    private final List<Labelled> test;
    private final List<String> outside;

    /**
     * @param outside texts that belong to no category of banking77
     */
    OwnComparison(Banking banking, List<String> outside) {
        this.banking = banking;
        this.test = banking.test();
        this.outside = outside;
    }

    /** What is said of a text, and how surely it belongs to any category. */
    private record Nearest(String category, double confidence, double inScope) {}

    /** All texts that must be encoded. */
    List<String> texts() {
        Stream<String> examples =
                IntStream.range(0, SEEDS)
                        .mapToObj(seed -> banking.examples(seed, SHOTS).values())
                        .flatMap(lists -> lists.stream().flatMap(List::stream));
        return Stream.of(examples, test.stream().map(Labelled::text), outside.stream())
                .flatMap(Function.identity())
                .toList();
    }

    void compare(List<Encoded> encoders) {
        say(
                "| own categories | accuracy | AUROC of out-of-scope"
                        + " | AUROC, half of the categories left out"
                        + " | ECE | ECE with those out of scope | p50 a text |");
        say("|---|---:|---:|---:|---:|---:|---:|");
        row("own categories", LocalModel.builtIn());
        for (Encoded encoder : encoders) {
            row(
                    encoder.name(),
                    examples -> byCosine(encoder, examples),
                    false,
                    String.format(Locale.ROOT, "%,.0f us", encoder.briefTime()));
        }
    }

    void row(String name, LocalModel model) {
        OwnCategories timed = new OwnCategories(model, banking.examples(0, SHOTS));
        double time =
                Stopwatch.median(
                        test.stream().map(Labelled::text).toList(),
                        ROUNDS,
                        text -> timed.match(text).inScope());
        row(
                name,
                examples -> {
                    OwnCategories categories = new OwnCategories(model, examples);
                    return text -> {
                        OwnCategories.Match match = categories.match(text);
                        Verdict verdict = match.verdict();
                        return new Nearest(
                                verdict.category(), verdict.confidence(), match.inScope());
                    };
                },
                true,
                String.format(Locale.ROOT, "%.0f us", time));
    }

    private void row(
            String name,
            Function<Map<String, List<String>>, Function<String, Nearest>> way,
            boolean calibrated,
            String time) {
        double[] accuracy = new double[SEEDS];
        double auroc = 0;
        double near = 0;
        double ece = 0;
        double mixedEce = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Function<String, Nearest> nearest = way.apply(banking.examples(seed, SHOTS));
            List<Answer> answers = new ArrayList<>();
            List<Double> inside = new ArrayList<>();
            for (Labelled row : test) {
                Nearest found = nearest.apply(row.text());
                inside.add(found.inScope());
                answers.add(
                        new Answer(
                                "banking77", row.category(), found.category(), found.confidence()));
            }
            List<Nearest> others = outside.stream().map(nearest).toList();
            near += leftOut(way, banking.examples(seed, SHOTS)) / SEEDS;
            Evaluation evaluation = Evaluation.of(answers);
            accuracy[seed] = evaluation.accuracy();
            auroc += auroc(inside, others.stream().map(Nearest::inScope).toList()) / SEEDS;
            ece += evaluation.calibrationError() / SEEDS;
            others.forEach(other ->
                    answers.add(
                            new Answer("outside", "none", other.category(), other.confidence())));
            mixedEce += Evaluation.of(answers).calibrationError() / SEEDS;
        }
        say(
                "| %s | %.3f (%s) | %.4f | %.3f | %s | %s | %s |",
                name,
                Arrays.stream(accuracy).average().orElseThrow(),
                String.join(
                        ", ",
                        Arrays.stream(accuracy)
                                .mapToObj(one -> String.format(Locale.ROOT, "%.3f", one))
                                .toList()),
                auroc,
                near,
                calibrated ? String.format(Locale.ROOT, "%.3f", ece) : "",
                calibrated ? String.format(Locale.ROOT, "%.3f", mixedEce) : "",
                time);
    }

    /** How well texts of every other category are told from those of categories left out. */
    private double leftOut(
            Function<Map<String, List<String>>, Function<String, Nearest>> way,
            Map<String, List<String>> examples) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        int index = 0;
        for (Map.Entry<String, List<String>> category : examples.entrySet()) {
            if (index++ % 2 == 0) {
                kept.put(category.getKey(), category.getValue());
            }
        }
        Function<String, Nearest> nearest = way.apply(kept);
        List<Double> inside = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        for (Labelled row : test) {
            (kept.containsKey(row.category()) ? inside : others)
                    .add(nearest.apply(row.text()).inScope());
        }
        return auroc(inside, others);
    }

    /** Half the cosine to a category's centre, half that to its nearest example. */
    private static Function<String, Nearest> byCosine(
            Encoded encoder, Map<String, List<String>> examples) {
        record Category(String name, float[] centre, List<float[]> examples) {}
        List<Category> categories = new ArrayList<>();
        examples.forEach((name, texts) -> {
            List<float[]> vectors = texts.stream().map(encoder::vector).toList();
            float[] sum = new float[encoder.dimensions()];
            for (float[] vector : vectors) {
                for (int d = 0; d < sum.length; d++) {
                    sum[d] += vector[d];
                }
            }
            categories.add(new Category(name, Vectors.normalized(sum), vectors));
        });
        return text -> {
            float[] vector = encoder.vector(text);
            String best = "";
            double most = -2;
            for (Category category : categories) {
                double nearest =
                        category.examples().stream()
                                .mapToDouble(example -> Vectors.dot(vector, example))
                                .max()
                                .orElseThrow();
                double score = (Vectors.dot(vector, category.centre()) + nearest) / 2;
                if (score > most) {
                    most = score;
                    best = category.name();
                }
            }
            return new Nearest(best, most, most);
        };
    }

    /** The probability that one inside scores higher than one outside; ties count half. */
    static double auroc(List<Double> inside, List<Double> outside) {
        record Scored(double score, boolean inside) {}
        List<Scored> all = new ArrayList<>();
        inside.forEach(score -> all.add(new Scored(score, true)));
        outside.forEach(score -> all.add(new Scored(score, false)));
        all.sort(Comparator.comparingDouble(Scored::score));
        double below = 0;
        double wins = 0;
        for (int from = 0, to; from < all.size(); from = to) {
            to = from;
            int in = 0;
            int out = 0;
            while (to < all.size() && all.get(to).score() == all.get(from).score()) {
                if (all.get(to++).inside()) {
                    in++;
                } else {
                    out++;
                }
            }
            wins += in * (below + out / 2.0);
            below += out;
        }
        return wins / ((double) inside.size() * outside.size());
    }
}
