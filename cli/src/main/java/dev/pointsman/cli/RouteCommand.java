package dev.pointsman.cli;

import dev.pointsman.Reply;
import dev.pointsman.ReplyStream;
import dev.pointsman.core.Answer;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;

@Command(
        name = "route",
        description = "Sends a task to the model that should do it and prints the answer.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The answer goes to standard output, everything about it to standard error.",
            "Without a provider key, under the built-in policy, the practice provider answers."
        })
final class RouteCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();
    @Mixin private final TaskOptions options = new TaskOptions();

    @Option(names = "--stream", description = "Prints the answer as it comes.")
    private boolean stream;

    @Option(
            names = "--json",
            description = "Prints category, model, content, usage, cost and decision as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Task task = options.task();
        try (Setup.Opened opened = setup.open()) {
            Reply reply =
                    stream && !json ? streamed(opened, task, out) : opened.router().route(task);
            if (json) {
                out.println(Render.pretty(Render.reply(reply)));
            } else {
                if (!stream) {
                    out.print(reply.content());
                }
                out.println();
                out.flush();
                summary(reply, opened.router().isPractice(), spec.commandLine().getErr());
            }
        }
        return ExitCode.OK;
    }

    private static Reply streamed(Setup.Opened opened, Task task, PrintWriter out) {
        try (ReplyStream pieces = opened.router().stream(task)) {
            for (String piece : pieces) {
                out.print(piece);
                out.flush();
            }
            return pieces.reply();
        }
    }

    private static void summary(Reply reply, boolean practice, PrintWriter err) {
        Usage usage = reply.usage();
        StringBuilder line = new StringBuilder();
        line.append(reply.category()).append(" -> ").append(reply.model());
        line.append(" | ").append(Figures.count(usage.totalInput())).append(" tokens in, ");
        line.append(Figures.count(usage.output()))
                .append(" out")
                .append(usage.estimated() ? " (estimated)" : "");
        line.append(" | ").append(Figures.money(reply.totalCost()));
        String saved = Figures.saved(reply.entry());
        line.append(saved.isEmpty() ? "" : ", " + saved);
        err.println(line);
        reply.attempts().stream()
                .flatMap(attempt ->
                        attempt.failure().stream()
                                .map(why -> attempt.model().ref() + ": " + why.message()))
                .forEach(why -> err.println("failed before: " + why));
        Classification classification = reply.decision().classification();
        if (classification.unsure()) {
            err.printf(
                    Locale.ROOT,
                    "unsure, confidence %.2f: %s%n",
                    classification.confidence(),
                    String.join("; ", classification.evidence()));
        }
        if (reply.stop() == Answer.Stop.MAX_TOKENS) {
            err.println("the answer was cut at its limit of tokens: --max-tokens raises it");
        }
        if (reply.practice()) {
            err.println(Practice.note(practice));
        }
    }
}
