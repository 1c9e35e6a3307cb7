package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.classify.local.Evaluation;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation for people and as JSON. */
final class EvaluationText {

    private static final double[] SHARES = {0.5, 0.7, 0.8, 0.9, 1};

    private EvaluationText() {}

    /**
     * @param flips the share of answers that typing errors change
     */
    static void print(Evaluation evaluation, double flips, PrintWriter out) {
        out.println("texts           " + Figures.count(evaluation.count()));
        out.println("accuracy        " + figure(evaluation.accuracy()));
        out.println("  over sources  " + figure(evaluation.macroAccuracy()));
        out.println("macro-F1        " + figure(evaluation.macroF1()));
        out.println("calibration     " + figure(evaluation.calibrationError()) + " expected error");
        out.println(
                "typing errors   "
                        + Figures.percent(flips)
                        + " of the answers change at 5% of letters");
        out.println();
        out.print(categories(evaluation));
        out.println();
        Table coverage = new Table(0, "coverage", "accuracy", "confidence from");
        for (Evaluation.Point point : evaluation.coverage(SHARES)) {
            coverage.row(
                    Figures.percent(point.coverage()),
                    figure(point.accuracy()),
                    figure(point.threshold()));
        }
        out.print(coverage);
        if (evaluation.sources().size() > 1) {
            out.println();
            Table sources = new Table(1, "source", "texts", "accuracy");
            evaluation
                    .sources()
                    .forEach((source, share) ->
                            sources.row(
                                    source,
                                    Figures.count(share.count()),
                                    figure(share.accuracy())));
            out.print(sources);
        }
    }

    /** A row a category: its quality, then how often it was taken for each. */
    private static Table categories(Evaluation evaluation) {
        List<String> head = new ArrayList<>(List.of("category", "precision", "recall", "F1"));
        evaluation.categories().forEach(said -> head.add("-> " + said));
        Table table = new Table(1, head.toArray(String[]::new));
        for (String gold : evaluation.categories()) {
            Evaluation.Quality quality = evaluation.quality(gold);
            List<String> row =
                    new ArrayList<>(
                            List.of(
                                    gold,
                                    figure(quality.precision()),
                                    figure(quality.recall()),
                                    figure(quality.f1())));
            evaluation
                    .categories()
                    .forEach(said -> row.add(Figures.count(evaluation.confusion(gold, said))));
            table.row(row.toArray(String[]::new));
        }
        return table;
    }

    static ObjectNode json(Evaluation evaluation, double flips) {
        ObjectNode json = Render.object();
        json.put("texts", evaluation.count());
        json.put("accuracy", evaluation.accuracy());
        json.put("macro_accuracy", evaluation.macroAccuracy());
        json.put("macro_f1", evaluation.macroF1());
        json.put("ece", evaluation.calibrationError());
        json.put("typo_flip_rate", flips);
        ObjectNode categories = json.putObject("categories");
        for (String gold : evaluation.categories()) {
            Evaluation.Quality quality = evaluation.quality(gold);
            ObjectNode one = categories.putObject(gold);
            put(one, "precision", quality.precision());
            put(one, "recall", quality.recall());
            put(one, "f1", quality.f1());
            ObjectNode confusion = one.putObject("said");
            evaluation
                    .categories()
                    .forEach(said -> confusion.put(said, evaluation.confusion(gold, said)));
        }
        ArrayNode coverage = json.putArray("coverage");
        for (Evaluation.Point point : evaluation.coverage(SHARES)) {
            coverage.addObject()
                    .put("coverage", point.coverage())
                    .put("accuracy", point.accuracy())
                    .put("confidence", point.threshold());
        }
        ObjectNode sources = json.putObject("sources");
        evaluation
                .sources()
                .forEach((source, share) ->
                        sources.putObject(source)
                                .put("texts", share.count())
                                .put("accuracy", share.accuracy()));
        return json;
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isNaN(value)) {
            json.putNull(name);
        } else {
            json.put(name, value);
        }
    }

    static String figure(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
