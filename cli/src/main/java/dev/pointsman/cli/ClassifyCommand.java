package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.Router;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Task;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

@Command(
        name = "classify",
        description = "Says which category a task belongs to, and how sure that is. Calls nothing.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "With --jsonl, a line in: {\"id\", \"text\", optional \"system\"};",
            "a line out, in the same order: {\"id\", \"category\", \"confidence\", \"source\"}.",
            "A line that is no task is named on standard error, and the others go on."
        })
final class ClassifyCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final PolicyOption policyOption = new PolicyOption();

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT|-",
            description = "The task; - reads it from standard input.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "--jsonl",
            paramLabel = "FILE|-",
            description = "Classifies each line of a file, or of standard input.")
    private @Nullable String jsonl;

    @Option(names = "--json", description = "Prints JSON; --jsonl always does.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (jsonl == null == words.isEmpty()) {
            throw new UserException("say either a TEXT or --jsonl FILE");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Router router = policyOption.openWithoutLedger()) {
            if (jsonl != null) {
                try (InputStream in = InputFile.open(jsonl)) {
                    boolean allRead =
                            new ClassifyRun(router, out, spec.commandLine().getErr()).run(in);
                    return allRead ? ExitCode.OK : ExitCode.BAD_INPUT;
                }
            }
            print(
                    router.classify(Task.of(TaskOptions.text(words)).caller(TaskOptions.CALLER)),
                    out);
            return ExitCode.OK;
        }
    }

    private void print(Classification classification, PrintWriter out) {
        if (json) {
            ObjectNode answer = answer(Render.object(), classification);
            out.println(Render.line(answer.put("unsure", classification.unsure())));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%s  %.2f  %s%s%n",
                classification.category(),
                classification.confidence(),
                classification.source().label(),
                classification.unsure() ? "  unsure" : "");
    }

    /** Adds category, confidence (four decimals) and source. */
    static ObjectNode answer(ObjectNode json, Classification classification) {
        return json.put("category", classification.category())
                .put("confidence", Math.round(classification.confidence() * 1e4) / 1e4)
                .put("source", classification.source().label());
    }
}
