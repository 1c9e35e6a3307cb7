package dev.pointsman.classify.local;

import static dev.pointsman.classify.local.TrainingSet.LABELS;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Makes the built-in model: distils the word vectors, cross-validates, chooses the temperature,
 * fits the weights to everything, and writes the resource. Takes about five minutes on two cores.
 *
 * <p>Arguments: the folder of labelled prompts, the folder of the project's own prompts, the file
 * to write, the model's name.
 */
final class ModelMaker {

    static final Regression.Blocks BLOCKS = Regression.Blocks.usual(1e-4);
    static final int ITERATIONS = 60;

    private static final int DIMENSIONS = 256;
    private static final int STEPS = 80;
    private static final double STAY = 1;
    private static final int RANDOM_FOLDS = 5;

    private ModelMaker() {}

    public static void main(String[] args) throws IOException {
        make(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), args[3]);
    }

    private static void make(Path labelled, Path ownFolder, Path out, String name)
            throws IOException {
        TrainingSet set = TrainingSet.read(labelled, ownFolder);
        say(
                "%,d prompts of %d sources, %,d own, %,d composed",
                set.sources(),
                set.rows().stream().limit(set.sources()).map(Labelled::group).distinct().count(),
                set.own(),
                set.rows().size() - set.sources() - set.own());
        List<String> texts = texts(set.uncomposed(), ownFolder);
        texts.addAll(Banking.read(labelled.resolve(Banking.FILE)).learnable());
        Language language = language(name, Sentences.of(texts));
        List<Example> examples = set.examples(language);
        Regression regression = new Regression(LABELS.size(), language.denseSize(), BLOCKS);

        double[][] unseen =
                new CrossValidation(regression, ITERATIONS)
                        .scores(
                                examples,
                                set.folds(),
                                new float[0],
                                fold -> say("sources left out, fold %d", fold));
        double bySources = set.temperature(unseen);
        double byRows = set.temperature(randomRows(regression, examples, set.sources()));
        double temperature = Math.sqrt(bySources * byRows);
        say(
                "temperature %.3f: by sources left out %.3f, by rows left out %.3f",
                temperature, bySources, byRows);
        report(Evaluation.of(set.answers(unseen, temperature)));

        float[] parameters = regression.fit(examples, new float[0], ITERATIONS);
        LocalModel model =
                new LocalModel(
                        name, language, Head.of(LABELS, regression, parameters, temperature));
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(out))) {
            model.write(file, true);
        }
        say("%s: %,d bytes", out, Files.size(out));
        say(
                "eight bits say otherwise than floats of %d of %,d prompts",
                disagreements(model, regression, parameters, examples, set.rows()),
                set.rows().size());
    }

    /** What word vectors are distilled from, banking77 aside. */
    static List<String> texts(List<Labelled> rows, Path ownFolder) throws IOException {
        List<String> texts = new ArrayList<>();
        rows.forEach(row -> texts.add(row.text()));
        texts.addAll(Prompts.banks(ownFolder));
        return texts;
    }

    /** Word vectors regressed onto what the teacher says of those sentences. */
    static Language language(String name, List<String> sentences) {
        try (SentenceEncoder encoder = SentenceEncoder.miniLm(processors())) {
            Distiller.Distilled distilled =
                    new Distiller(DIMENSIONS)
                            .distil(Distiller.Lesson.of(encoder, sentences), STEPS, STAY);
            say(
                    "%,d vectors of %d numbers from %,d sentences",
                    distilled.pieces().size(), DIMENSIONS, sentences.size());
            return new Language(name, distilled.vocabulary(), distilled.quantized());
        }
    }

    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Of the sources' rows alone: the own prompts are always learnt from. */
    private static double[][] randomRows(
            Regression regression, List<Example> examples, int sourceRows) {
        Random random = new Random(11);
        int[] folds = new int[examples.size()];
        for (int i = 0; i < folds.length; i++) {
            folds[i] = i < sourceRows ? random.nextInt(RANDOM_FOLDS) : -1;
        }
        return new CrossValidation(regression, ITERATIONS)
                .scores(examples, folds, new float[0], fold -> say("rows left out, fold %d", fold));
    }

    private static void report(Evaluation evaluation) {
        say(
                "sources left out: macro accuracy %.4f, macro-F1 %.4f, ECE %.4f",
                evaluation.macroAccuracy(), evaluation.macroF1(), evaluation.calibrationError());
        for (String label : LABELS) {
            Evaluation.Quality quality = evaluation.quality(label);
            say(
                    "  %-12s precision %.3f, recall %.3f, F1 %.3f",
                    label, quality.precision(), quality.recall(), quality.f1());
        }
        evaluation
                .coverage(0.5, 0.7, 0.8, 0.9, 1)
                .forEach(point ->
                        say(
                                "  coverage %3.0f%%: accuracy %.3f (confidence from %.2f on)",
                                100 * point.coverage(), point.accuracy(), point.threshold()));
        evaluation
                .sources()
                .forEach((source, share) ->
                        say("  %-20s %.3f of %d", source, share.accuracy(), share.count()));
    }

    private static int disagreements(
            LocalModel model,
            Regression regression,
            float[] parameters,
            List<Example> examples,
            List<Labelled> all) {
        int count = 0;
        for (int i = 0; i < examples.size(); i++) {
            double[] scores = new double[LABELS.size()];
            regression.score(examples.get(i), parameters, scores);
            String exact = LABELS.get(Softmax.inPlace(scores, 1));
            count += model.classify(all.get(i).text()).category().equals(exact) ? 0 : 1;
        }
        return count;
    }

    static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }
}
