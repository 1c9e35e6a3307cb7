package dev.pointsman.cli;

import dev.pointsman.Router;
import dev.pointsman.classify.local.Answer;
import dev.pointsman.classify.local.Evaluation;
import dev.pointsman.classify.local.Labelled;
import dev.pointsman.classify.local.Typos;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Task;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

@Command(
        name = "eval",
        description = "Measures how well the policy classifies texts whose category is known.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A line of data: {\"text\", \"category\", optional \"source\"}. Calls nothing: where"
                    + " the",
            "policy would ask a model, what holds without it is measured."
        })
final class EvalCommand implements Callable<Integer> {

    private static final double TYPO_RATE = 0.05;
    private static final long SEED = 1;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final PolicyOption policyOption = new PolicyOption();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|-",
            description = "The texts, JSON lines; - reads standard input.")
    private String data = "-";

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<Labelled> rows = LabelledFile.read(data);
        PrintWriter out = spec.commandLine().getOut();
        try (Router router = policyOption.openWithoutLedger()) {
            List<Answer> answers = new ArrayList<>(rows.size());
            Random random = new Random(SEED);
            int flipped = 0;
            for (Labelled row : rows) {
                Classification said = router.classify(task(row.text()));
                String typed = Typos.in(row.text(), TYPO_RATE, random);
                if (!typed.isBlank()
                        && !router.classify(task(typed)).category().equals(said.category())) {
                    flipped++;
                }
                answers.add(
                        new Answer(
                                row.group(), row.category(), said.category(), said.confidence()));
            }
            Evaluation evaluation = Evaluation.of(answers);
            double flips = (double) flipped / rows.size();
            if (json) {
                out.println(Render.pretty(EvaluationText.json(evaluation, flips)));
            } else {
                EvaluationText.print(evaluation, flips, out);
            }
            return ExitCode.OK;
        }
    }

    private static Task task(String text) {
        return Task.of(text).caller(TaskOptions.CALLER);
    }
}
