package dev.pointsman.classify.local;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Makes the built-in model: distils the word vectors, cross-validates, chooses the temperature,
 * fits the weights to everything, and writes the resource. Takes about five minutes on two cores.
 *
 * <p>Arguments: the folder of labelled prompts, the folder of the project's own prompts, the file
 * to write, the model's name.
 */
final class ModelMaker {

    static final List<String> LABELS = List.of("reasoning", "generation", "triage", "vision");
    static final Regression.Blocks BLOCKS = Regression.Blocks.usual(5e-5);
    static final int ITERATIONS = 60;

    private static final int DIMENSIONS = 256;
    private static final int STEPS = 80;
    private static final double STAY = 1;
    private static final int RANDOM_FOLDS = 5;
    private static final int COMPOSED_EACH = 3;
    private static final double OWN_WEIGHT = 1.5;
    private static final double COMPOSED_WEIGHT = 0.5;

    /** Sources count with the square root of their size, against this many rows. */
    private static final double USUAL_SOURCE = 150;

    private final Path labelled;
    private final Path ownFolder;

    private ModelMaker(Path labelled, Path ownFolder) {
        this.labelled = labelled;
        this.ownFolder = ownFolder;
    }

    public static void main(String[] args) throws IOException {
        new ModelMaker(Path.of(args[0]), Path.of(args[1])).make(Path.of(args[2]), args[3]);
    }

    private void make(Path out, String name) throws IOException {
        List<Labelled> sources = Prompts.bySource(labelled.resolve("dev.jsonl"));
        List<Labelled> own = Prompts.own(ownFolder);
        List<Labelled> composed =
                new Composer(
                                Prompts.bank(ownFolder, "instructions"),
                                Prompts.bank(ownFolder, "materials"))
                        .prompts(COMPOSED_EACH, "composed", new Random(7));
        say(
                "%,d prompts of %d sources, %,d own, %,d composed",
                sources.size(),
                sources.stream().map(Labelled::group).distinct().count(),
                own.size(),
                composed.size());
        Language language = language(name, sources, own);
        List<Labelled> all = Stream.of(sources, own, composed).flatMap(List::stream).toList();
        List<Example> examples = examples(language, sources, own, composed);
        Regression regression = new Regression(LABELS.size(), language.denseSize(), BLOCKS);

        double[][] unseen = unseenSources(regression, examples, all);
        double bySources = temperature(unseen, examples);
        double byRows = temperature(randomRows(regression, examples, sources.size()), examples);
        double temperature = Math.sqrt(bySources * byRows);
        say(
                "temperature %.3f: by sources left out %.3f, by rows left out %.3f",
                temperature, bySources, byRows);
        report(unseen, all, temperature);

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
                disagreements(model, regression, parameters, examples, all), all.size());
    }

    private Language language(String name, List<Labelled> sources, List<Labelled> own)
            throws IOException {
        List<String> texts = new ArrayList<>();
        Stream.of(sources, own).flatMap(List::stream).forEach(row -> texts.add(row.text()));
        texts.addAll(Prompts.banks(ownFolder));
        texts.addAll(Banking.read(labelled.resolve("fewshot_banking77.jsonl")).learnable());
        List<String> sentences = Sentences.of(texts);
        try (SentenceEncoder encoder = new SentenceEncoder("all-minilm-l6-v2-q", false)) {
            Distiller.Distilled distilled =
                    new Distiller(DIMENSIONS)
                            .distil(Distiller.Lesson.of(encoder, sentences), STEPS, STAY);
            say(
                    "%,d vectors of %d numbers from %,d sentences",
                    distilled.pieces().size(), DIMENSIONS, sentences.size());
            return new Language(name, distilled.vocabulary(), distilled.quantized());
        }
    }

    static List<Example> examples(
            Language language,
            List<Labelled> sources,
            List<Labelled> own,
            List<Labelled> composed) {
        Map<String, Integer> sizes = new HashMap<>();
        sources.forEach(row -> sizes.merge(row.group(), 1, Integer::sum));
        Reading reading = language.newReading();
        List<Example> examples = new ArrayList<>();
        for (Labelled row : sources) {
            double weight = Math.sqrt(USUAL_SOURCE / sizes.getOrDefault(row.group(), 1));
            examples.add(example(reading, row, weight));
        }
        own.forEach(row -> examples.add(example(reading, row, OWN_WEIGHT)));
        composed.forEach(row -> examples.add(example(reading, row, COMPOSED_WEIGHT)));
        return examples;
    }

    private static Example example(Reading reading, Labelled row, double weight) {
        int label = LABELS.indexOf(row.category());
        if (label < 0) {
            throw new IllegalArgumentException("There is no category " + row.category());
        }
        reading.read(row.text());
        return Example.of(reading, label, weight);
    }

    private double[][] unseenSources(
            Regression regression, List<Example> examples, List<Labelled> all) throws IOException {
        Map<String, Integer> bySource = Prompts.folds(ownFolder.resolve("folds.tsv"));
        int[] folds =
                all.stream().mapToInt(row -> bySource.getOrDefault(row.group(), -1)).toArray();
        return new CrossValidation(regression, ITERATIONS)
                .scores(
                        examples,
                        folds,
                        new float[0],
                        fold -> say("sources left out, fold %d", fold));
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

    private static double temperature(double[][] scores, List<Example> examples) {
        List<double[]> scored = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            if (scores[i].length > 0) {
                scored.add(scores[i]);
                labels.add(examples.get(i).label());
            }
        }
        return Calibration.temperature(scored, labels);
    }

    private static void report(double[][] scores, List<Labelled> all, double temperature) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            if (scores[i].length > 0) {
                double[] p = scores[i].clone();
                int best = Softmax.inPlace(p, temperature);
                Labelled row = all.get(i);
                answers.add(new Answer(row.group(), row.category(), LABELS.get(best), p[best]));
            }
        }
        Evaluation evaluation = Evaluation.of(answers);
        say(
                "sources left out: macro accuracy %.4f, macro-F1 %.4f (without vision), ECE %.4f",
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
