package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.classify.local.Evaluation;
import dev.pointsman.classify.local.HeadTrainer;
import dev.pointsman.classify.local.Labelled;
import dev.pointsman.classify.local.LocalModel;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

@Command(
        name = "train",
        description = "Fits the classifier to labels of your own.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A line of data: {\"text\", \"category\", optional \"group\"}. Groups (teams, sources,",
            "templates) are left out in turn, so that the figures hold for what is new; without",
            "them, five parts by content are. Nothing is written unless the new model answers",
            "better than the base beyond noise (exact McNemar test, p < 0.05).",
            "Use it: classify.local.model in the policy."
        })
final class TrainCommand implements Callable<Integer> {

    private static final String BUILT_IN = "builtin";
    private static final String NONE = "none";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|-",
            description = "The labels, JSON lines; - reads standard input.")
    private String data = "-";

    @Option(
            names = "--base",
            paramLabel = "builtin|none|FILE",
            description =
                    "Where fitting begins: the built-in model (the default), nothing, or a model"
                            + " made before.")
    private String base = BUILT_IN;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the model goes; pointsman.model.")
    private Path out = Path.of("pointsman.model");

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<Labelled> rows = LabelledFile.read(data);
        boolean named = !base.equals(BUILT_IN) && !base.equals(NONE);
        LocalModel before = named ? LocalModel.load(Path.of(base)) : LocalModel.builtIn();
        PrintWriter err = spec.commandLine().getErr();
        HeadTrainer.Result result =
                new HeadTrainer(before, !base.equals(NONE))
                        .train(
                                name(),
                                rows,
                                fold -> err.println("part " + (fold + 1) + " left out and judged"));
        if (result.better()) {
            save(result.model());
        }
        if (json) {
            spec.commandLine().getOut().println(Render.pretty(json(result)));
        } else {
            print(result, spec.commandLine().getOut());
        }
        return result.better() ? ExitCode.OK : ExitCode.NO_ANSWER;
    }

    private String name() {
        String file = String.valueOf(out.getFileName());
        return file.endsWith(".model") ? file.substring(0, file.length() - 6) : file;
    }

    /** Beside the file first, so that one that is in use is never half written. */
    private void save(LocalModel model) throws IOException {
        Path written = out.resolveSibling(out.getFileName() + ".new");
        model.save(written);
        Files.move(
                written, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void print(HeadTrainer.Result result, PrintWriter to) {
        to.printf(
                "on %d groups, each judged by a model that has not learnt from it:%n",
                result.groups());
        Table table = new Table(1, "", "accuracy", "over groups", "macro-F1", "calibration");
        row(table, result.beforeIs(), result.before());
        row(table, name(), result.fitted());
        to.print(table);
        to.printf(Locale.ROOT, "chance that this is noise: %.4f%n", result.chance());
        if (result.better()) {
            to.println(
                    out
                            + " is written. In the policy: classify: { local: { model: "
                            + out
                            + " } }");
        } else {
            to.println(
                    "Not better beyond noise, so nothing is written: more labels, or labels that"
                            + " say something else, are needed.");
        }
    }

    private static void row(Table table, String name, Evaluation evaluation) {
        table.row(
                name,
                EvaluationText.figure(evaluation.accuracy()),
                EvaluationText.figure(evaluation.macroAccuracy()),
                EvaluationText.figure(evaluation.macroF1()),
                EvaluationText.figure(evaluation.calibrationError()));
    }

    private ObjectNode json(HeadTrainer.Result result) {
        ObjectNode json = Render.object();
        json.put("written", result.better());
        json.put("file", out.toString());
        json.put("groups", result.groups());
        json.put("chance_of_noise", result.chance());
        figures(json.putObject("before").put("model", result.beforeIs()), result.before());
        figures(json.putObject("after").put("model", name()), result.fitted());
        return json;
    }

    private static void figures(ObjectNode json, Evaluation evaluation) {
        json.put("accuracy", evaluation.accuracy());
        json.put("macro_accuracy", evaluation.macroAccuracy());
        json.put("macro_f1", evaluation.macroF1());
        json.put("ece", evaluation.calibrationError());
    }
}
