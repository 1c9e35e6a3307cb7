package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.Router;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

@Command(
        name = "pipe",
        description = "Routes a file of tasks, one JSON object a line, into a file of answers.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A line in: {\"id\", \"prompt\", optional \"system\", \"messages\", \"images\","
                    + " \"category\", \"tags\", \"max_tokens\"}.",
            "A line out, in order of completion: id, category, model, content, usage, cost; or"
                    + " error.",
            "Lines that are no tasks go to OUT.errors.jsonl with their number and reason."
        })
final class PipeCommand implements Callable<Integer> {

    private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(10);

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();

    @Parameters(paramLabel = "IN|-", description = "The tasks, JSON lines; - reads standard input.")
    private String in = "-";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "OUT",
            description = "Where the answers go.")
    private @Nullable Path out;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "8",
            description = "Tasks under way at once; 8.")
    private int parallel;

    @Option(
            names = "--resume",
            description = "Goes on with OUT: tasks that have an answer there are not run again.")
    private boolean resume;

    @Option(
            names = "--retry-failed",
            description = "With --resume: tasks that failed are run again.")
    private boolean retryFailed;

    @Option(names = "--overwrite", description = "Replaces OUT.")
    private boolean overwrite;

    @Option(
            names = "--dry-run",
            description = "Decides and estimates, calls nothing and writes nothing to the ledger.")
    private boolean dryRun;

    @Option(
            names = "--caller",
            paramLabel = "NAME",
            description = "Who asks, for rules and reports; cli.")
    private String caller = TaskOptions.CALLER;

    @Option(names = "--json", description = "Prints the summary as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (parallel < 1 || parallel > 10_000) {
            throw new IllegalArgumentException(
                    "--parallel must be from 1 to 10000, not " + parallel);
        }
        if (out == null) {
            throw new IllegalArgumentException("--out is missing");
        }
        try (Interrupt interrupt = new Interrupt()) {
            if (dryRun) {
                try (Router router = setup.policy().openWithoutLedger()) {
                    return run(router, out, patience -> true, interrupt);
                }
            }
            try (Setup.Opened opened = setup.open()) {
                return run(
                        opened.router(),
                        out,
                        patience ->
                                opened.ledger().flush(patience) && opened.ledger().dropped() == 0,
                        interrupt);
            }
        }
    }

    private int run(
            Router router, Path outFile, Predicate<Duration> ledgerFlushed, Interrupt interrupt)
            throws IOException, InterruptedException {
        try (InputStream input = InputFile.open(in);
                PipeOutput output = PipeOutput.open(outFile, existing())) {
            PipeRun run;
            try (PipeProgress progress = new PipeProgress(isTerminal(), size())) {
                run = new PipeRun(router, settings(), output, ledgerFlushed, progress);
                interrupt.then(run::stop);
                run.run(input);
            }
            report(run, router, output);
            return exitCode(run);
        }
    }

    private PipeRun.Settings settings() {
        Path folder =
                in.equals("-") ? Path.of("") : Path.of(in).toAbsolutePath().resolveSibling("");
        return new PipeRun.Settings(
                folder, parallel, dryRun, caller, TaskOptions::image, LEDGER_PATIENCE);
    }

    private void report(PipeRun run, Router router, PipeOutput output) {
        PrintWriter err = spec.commandLine().getErr();
        PipeSummary summary = run.summary();
        if (json) {
            ObjectNode result = summary.json();
            result.put("bad_lines", run.badLines())
                    .put("earlier", run.earlier())
                    .put("dry_run", dryRun);
            router.policy().baseline().ifPresent(model -> result.put("baseline", model));
            if (router.isPractice()) {
                result.put("practice", true);
            }
            spec.commandLine().getOut().println(Render.pretty(result));
        } else {
            spec.commandLine().getOut().print(summary.table(router.policy().baseline().orElse("")));
        }
        spec.commandLine().getOut().flush();
        if (run.earlier() > 0) {
            err.println(Figures.count(run.earlier()) + " tasks had an answer from an earlier run");
        }
        if (run.badLines() > 0) {
            err.println(
                    Figures.count(run.badLines())
                            + " lines are no tasks: see "
                            + output.errorsFile());
        }
        if (summary.failed() > 0 && !dryRun) {
            err.println(
                    Figures.count(summary.failed())
                            + " tasks have no answer: --resume --retry-failed runs them again");
        }
        if (run.stopped()) {
            err.println("interrupted: --resume goes on where this stopped");
        }
        if (router.isPractice() && !dryRun) {
            err.println(Practice.NOTE);
        }
    }

    private static int exitCode(PipeRun run) {
        if (run.stopped()) {
            return ExitCode.INTERRUPTED;
        }
        return run.summary().failed() > 0 ? ExitCode.NO_ANSWER : ExitCode.OK;
    }

    private PipeOutput.Existing existing() {
        if (overwrite && resume) {
            throw new IllegalArgumentException(
                    "--resume goes on with OUT and --overwrite replaces it: say one of them");
        }
        if (retryFailed && !resume) {
            throw new IllegalArgumentException("--retry-failed goes with --resume");
        }
        if (resume) {
            return retryFailed ? PipeOutput.Existing.RETRY_FAILED : PipeOutput.Existing.RESUME;
        }
        return overwrite ? PipeOutput.Existing.REPLACE : PipeOutput.Existing.REFUSE;
    }

    private long size() throws IOException {
        return in.equals("-") ? -1 : Files.size(Path.of(in));
    }

    /** The launcher knows whether standard error is a terminal; a JVM before 22 cannot tell. */
    private static boolean isTerminal() {
        return Boolean.getBoolean("pointsman.terminal");
    }
}
