package dev.pointsman.classify.local;

import static dev.pointsman.classify.local.ModelMaker.ITERATIONS;
import static dev.pointsman.classify.local.ModelMaker.say;
import static dev.pointsman.classify.local.TrainingSet.LABELS;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares ways to classify by accuracy on sources that were not learnt from, and by time; then
 * ways to know categories by examples. Prints tables. Takes about a quarter of an hour on two
 * cores.
 *
 * <p>Arguments: the folder of labelled prompts, the folder of the project's own prompts, and
 * perhaps {@code --without-banking77} to distil word vectors once more without it.
 */
final class Comparison {

    private static final String WITHOUT_BANKING = "--without-banking77";

    /** They quote banking77. */
    private static final Set<String> QUOTING = Set.of("tmpl_support", "flan_templates");

    private static final double PENALTY = ModelMaker.BLOCKS.penalty();

    /**
     * What sentence vectors are multiplied by, against the penalty: the best is shown. 1 and 8 are
     * worse.
     */
    private static final float[] ENCODER_SCALES = {2, 4};

    private static final int ROUNDS = 5;
    private static final String BUILT_IN = "n-grams + word vectors + shape (the built-in)";
    private static final String REGRESSION = " + logistic regression";

    /** Of the sources' prompts, one of so many times the encoders. */
    private static final int TIMED = 8;

    private static final int MOST_BRIEF = 300;

    private final TrainingSet set;
    private final List<String> prompts;

    private Comparison(TrainingSet set) {
        this.set = set;
        this.prompts = set.rows().subList(0, set.sources()).stream().map(Labelled::text).toList();
    }

    /**
     * A way to classify.
     *
     * @param scores of each row, empty for those that are not scored
     * @param time microseconds a text
     * @param bound whether it takes at most that time
     */
    private record Way(String name, double[][] scores, double time, boolean bound) {}

    public static void main(String[] args) throws IOException {
        Path labelled = Path.of(args[0]);
        Path ownFolder = Path.of(args[1]);
        TrainingSet set = TrainingSet.read(labelled, ownFolder);
        Banking banking = Banking.read(labelled.resolve(Banking.FILE));
        List<String> outside =
                set.rows().subList(0, set.sources()).stream()
                        .filter(row -> !QUOTING.contains(row.group()))
                        .map(Labelled::text)
                        .toList();
        OwnComparison own = new OwnComparison(banking, outside);
        Comparison comparison = new Comparison(set);
        List<Encoded> encoded = comparison.encoders(own.texts());
        comparison.tasks(encoded);
        own.compare(encoded);
        if (List.of(args).contains(WITHOUT_BANKING)) {
            List<Labelled> rows =
                    set.uncomposed().stream()
                            .filter(row -> !QUOTING.contains(row.group()))
                            .toList();
            Language language =
                    ModelMaker.language(
                            "without-banking77", Sentences.of(ModelMaker.texts(rows, ownFolder)));
            own.row(
                    "own categories, no text of banking77 or that quotes it distilled",
                    new LocalModel(language.name(), language, LocalModel.builtIn().head()));
        }
    }

    private List<Encoded> encoders(List<String> ownTexts) {
        List<String> texts = new ArrayList<>(ownTexts);
        set.rows().forEach(row -> texts.add(row.text()));
        List<String> timed =
                IntStream.range(0, prompts.size())
                        .filter(i -> i % TIMED == 0)
                        .mapToObj(prompts::get)
                        .toList();
        List<String> briefly = ownTexts.subList(0, MOST_BRIEF);
        Encoded miniLm = Encoded.of("MiniLM", SentenceEncoder::miniLm, texts, timed, briefly);
        say("encoded by MiniLM");
        Encoded bge = Encoded.of("bge-small", SentenceEncoder::bgeSmall, texts, timed, briefly);
        say("encoded by bge-small");
        return List.of(miniLm, bge);
    }

    private void tasks(List<Encoded> encoders) {
        List<Way> ways = new ArrayList<>();
        ways.add(new Way("always the most frequent", mostFrequent(), 0, false));
        List<Example> examples = set.examples(LocalModel.builtIn().language());
        double all = time(LocalModel.builtIn());
        double noVectors = time(withoutVectors());
        Regression.Blocks usual = ModelMaker.BLOCKS;
        ways.add(built("shape", examples, 0, 0, 1, noVectors, true));
        ways.add(built("n-grams", examples, 1, 0, 0, noVectors, true));
        ways.add(built("word vectors", examples, 0, usual.pools(), 0, all, true));
        Way builtIn = built(BUILT_IN, examples, 1, usual.pools(), 1, all, false);
        ways.add(builtIn);
        List<Way> averaged = new ArrayList<>(List.of(builtIn));
        for (Encoded encoder : encoders) {
            averaged.add(encoded(encoder));
        }
        ways.addAll(averaged.subList(1, averaged.size()));
        for (Way other : averaged.subList(1, averaged.size())) {
            ways.add(average(List.of(builtIn, other)));
        }
        ways.add(average(averaged));
        say("");
        say("| way | macro accuracy | macro-F1 | p50 a text |");
        say("|---|---:|---:|---:|");
        ways.forEach(this::show);
        say("");
    }

    private void show(Way way) {
        Evaluation evaluation = evaluation(way);
        say(
                "| %s | %.3f | %.3f | %s%,.0f us |",
                way.name(),
                evaluation.macroAccuracy(),
                evaluation.macroF1(),
                way.bound() ? "<= " : "",
                way.time());
    }

    private Evaluation evaluation(Way way) {
        return Evaluation.of(set.answers(way.scores(), 1));
    }

    private double[][] mostFrequent() {
        double[][] scores = new double[set.rows().size()][0];
        int[] folds = set.folds();
        for (int i = 0; i < folds.length; i++) {
            if (folds[i] >= 0) {
                scores[i] = frequencies(folds[i]);
            }
        }
        return scores;
    }

    /** How often each category is in the sources that a fold learns from. */
    private double[] frequencies(int fold) {
        double[] counts = new double[LABELS.size()];
        for (int i = 0; i < set.sources(); i++) {
            if (set.folds()[i] != fold) {
                counts[set.label(i)]++;
            }
        }
        return counts;
    }

    private Way built(
            String name,
            List<Example> examples,
            float grams,
            float pools,
            float shape,
            double time,
            boolean bound) {
        int denseSize = LocalModel.builtIn().language().denseSize();
        Regression.Blocks blocks =
                new Regression.Blocks(grams, grams, grams, pools, shape, PENALTY);
        return new Way(name, unseen(examples, denseSize, blocks), time, bound);
    }

    private Way encoded(Encoded encoder) {
        List<Example> examples = new ArrayList<>();
        int denseSize = encoder.dimensions() + Shape.SIZE;
        for (int i = 0; i < set.rows().size(); i++) {
            float[] vector = encoder.vector(set.rows().get(i).text());
            examples.add(
                    new Example(
                            new int[Block.values().length][0],
                            Arrays.copyOf(vector, denseSize),
                            set.label(i),
                            set.weights()[i]));
        }
        Way best = new Way("", new double[0][], 0, false);
        double most = 0;
        for (float scale : ENCODER_SCALES) {
            Regression.Blocks blocks = new Regression.Blocks(0, 0, 0, scale, 0, PENALTY);
            Way way =
                    new Way(
                            encoder.name() + REGRESSION,
                            unseen(examples, denseSize, blocks),
                            encoder.time(),
                            false);
            double accuracy = evaluation(way).macroAccuracy();
            say("%s, vectors times %.0f: %.3f", encoder.name(), scale, accuracy);
            if (accuracy > most) {
                most = accuracy;
                best = way;
            }
        }
        return best;
    }

    private double[][] unseen(List<Example> examples, int denseSize, Regression.Blocks blocks) {
        return new CrossValidation(new Regression(LABELS.size(), denseSize, blocks), ITERATIONS)
                .scores(examples, set.folds(), new float[0], fold -> {});
    }

    /** The mean of their probabilities, each at the temperature that suits it. */
    private Way average(List<Way> ways) {
        double[][] scores = new double[set.rows().size()][0];
        double time = 0;
        for (Way way : ways) {
            time += way.time();
            double temperature = set.temperature(way.scores());
            for (int i = 0; i < scores.length; i++) {
                if (way.scores()[i].length > 0) {
                    double[] p = way.scores()[i].clone();
                    Softmax.inPlace(p, temperature);
                    scores[i] = scores[i].length == 0 ? new double[p.length] : scores[i];
                    for (int k = 0; k < p.length; k++) {
                        scores[i][k] += p[k] / ways.size();
                    }
                }
            }
        }
        String names =
                ways.stream()
                        .map(way -> way.name().equals(BUILT_IN) ? "the built-in" : way.name())
                        .map(name -> name.replace(REGRESSION, ""))
                        .collect(Collectors.joining(", "));
        return new Way("average of " + names, scores, time, false);
    }

    private double time(LocalModel model) {
        return Stopwatch.median(prompts, ROUNDS, text -> model.classify(text).confidence());
    }

    /** A model that has no word vectors, so that only the time for the rest is taken. */
    private static LocalModel withoutVectors() {
        Language none =
                new Language(
                        "none",
                        Vocabulary.of(List.of()),
                        TokenVectors.quantized(new float[0][0], 0));
        Regression regression = new Regression(LABELS.size(), none.denseSize(), ModelMaker.BLOCKS);
        int parameters =
                (Block.values().length * Buckets.COUNT + none.denseSize() + 1) * LABELS.size();
        return new LocalModel("none", none, Head.of(LABELS, regression, new float[parameters], 1));
    }
}
