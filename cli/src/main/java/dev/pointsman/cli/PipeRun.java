package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.Reply;
import dev.pointsman.Router;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Money;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Usage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;

/**
 * One run of the pipe. The calling thread reads, routes and writes: it keeps so many tasks under
 * way as are allowed, and writes what has come back whenever it has to wait. An answer is written
 * once the ledger holds what it cost, so that the ledger never knows less than the file.
 */
final class PipeRun {

    private static final int WRITE_AT_ONCE = 256;

    private final Router router;
    private final Settings settings;
    private final PipeOutput output;
    private final Predicate<Duration> ledgerFlushed;
    private final PipeProgress progress;
    private final PipeSummary summary = new PipeSummary();
    private final BlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    private long badLines;
    private long earlier;
    private long underWay;
    private volatile boolean stopped;

    /**
     * How to run.
     *
     * @param folder what relative image paths are relative to
     * @param parallel how many tasks are under way at once, at most
     * @param dryRun whether tasks are only decided, not called
     * @param caller who asks, for rules and reports
     * @param ledgerPatience how long to wait for the ledger before answers are written without it
     */
    record Settings(
            Path folder,
            int parallel,
            boolean dryRun,
            String caller,
            TaskLine.ImageReader images,
            Duration ledgerPatience) {}

    private record Finished(TaskLine line, Optional<Reply> reply, Optional<Throwable> failure) {}

    /**
     * @param ledgerFlushed waits until the ledger holds everything recorded so far; false if it
     *     does not within the time
     */
    PipeRun(
            Router router,
            Settings settings,
            PipeOutput output,
            Predicate<Duration> ledgerFlushed,
            PipeProgress progress) {
        this.router = router;
        this.settings = settings;
        this.output = output;
        this.ledgerFlushed = ledgerFlushed;
        this.progress = progress;
    }

    /**
     * Runs to the end of the input, or until {@link #stop()}. Every task begun is waited for and
     * written.
     */
    void run(InputStream in) throws IOException, InterruptedException {
        try (LineReader lines = new LineReader(in)) {
            Optional<LineReader.Line> line = lines.next();
            while (line.isPresent() && !stopped) {
                if (!line.get().isBlank()) {
                    take(line.get());
                }
                progress.at(lines.bytesRead(), summary.tasks(), summary.cost());
                line = lines.next();
            }
            while (underWay > 0) {
                write(finished.take());
                progress.at(lines.bytesRead(), summary.tasks(), summary.cost());
            }
        }
        output.flush();
    }

    /** Begins no further task. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    PipeSummary summary() {
        return summary;
    }

    long badLines() {
        return badLines;
    }

    /** How many lines had an answer from an earlier run. */
    long earlier() {
        return earlier;
    }

    private void take(LineReader.Line line) throws IOException, InterruptedException {
        TaskLine task;
        try {
            task = TaskLine.parse(line, settings.folder(), settings.caller(), settings.images());
        } catch (BadLineException e) {
            bad(line.number(), String.valueOf(e.getMessage()));
            return;
        }
        if (output.done().has(line.number())) {
            if (!output.done().matches(line.number(), task.id())) {
                throw new IllegalArgumentException(
                        "line "
                                + line.number()
                                + " has the id "
                                + task.id()
                                + ", and the answers there are were made of another input:"
                                + " --overwrite begins anew");
            }
            earlier++;
            return;
        }
        if (settings.dryRun()) {
            decide(task);
        } else {
            begin(task);
        }
    }

    private void decide(TaskLine task) throws IOException {
        Decision decision;
        try {
            decision = router.explain(task.task());
        } catch (IllegalArgumentException e) {
            bad(task.line(), String.valueOf(e.getMessage()));
            return;
        }
        boolean possible = decision.model().isPresent();
        String model = decision.model().map(chosen -> chosen.ref()).orElse(PipeAnswers.NO_MODEL);
        Money cost = possible ? decision.candidates().getFirst().expectedCost() : Money.ZERO;
        Usage usage =
                possible
                        ? Usage.of(decision.estimatedInput(), decision.expectedOutput())
                        : Usage.NONE;
        summary.add(
                decision.category(),
                model,
                usage,
                cost,
                PipeAnswers.saved(router, usage, cost),
                possible);
        output.answer(Render.line(PipeAnswers.decided(task, decision, cost)));
    }

    private void begin(TaskLine task) throws IOException, InterruptedException {
        while (underWay >= settings.parallel()) {
            write(finished.take());
        }
        underWay++;
        var unused =
                router.routeAsync(task.task())
                        .whenComplete((reply, failure) ->
                                finished.add(
                                        new Finished(
                                                task,
                                                Optional.ofNullable(reply),
                                                Optional.ofNullable(failure))));
        if (finished.size() >= WRITE_AT_ONCE) {
            write(finished.take());
        }
    }

    /**
     * Writes one task and whatever else has come back meanwhile, after one flush of the ledger for
     * all of them.
     */
    private void write(Finished first) throws IOException {
        List<Finished> batch = new ArrayList<>();
        batch.add(first);
        finished.drainTo(batch);
        if (!ledgerFlushed.test(settings.ledgerPatience())) {
            System.getLogger(PipeRun.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The ledger does not keep up: answers are written before it has them");
        }
        for (Finished one : batch) {
            underWay--;
            writeOne(one);
        }
        output.flush();
    }

    private void writeOne(Finished one) throws IOException {
        if (one.reply().isPresent()) {
            Reply reply = one.reply().get();
            summary.add(
                    reply.category(),
                    reply.model(),
                    reply.usage(),
                    reply.totalCost(),
                    reply.saved(),
                    true);
            output.answer(Render.line(PipeAnswers.answered(one.line(), reply)));
            return;
        }
        Throwable failure = one.failure().orElseThrow();
        if (failure instanceof RouteException e) {
            Money cost =
                    e.attempts().stream()
                            .map(Attempt::cost)
                            .map(spent -> spent.total())
                            .reduce(Money.ZERO, Money::plus);
            summary.add(
                    e.decision().category(),
                    PipeAnswers.NO_MODEL,
                    Usage.NONE,
                    cost,
                    Money.UNKNOWN,
                    false);
            output.answer(Render.line(PipeAnswers.failed(one.line(), e, cost)));
        } else if (failure instanceof IllegalArgumentException) {
            bad(one.line().line(), String.valueOf(failure.getMessage()));
        } else {
            throw new IllegalStateException("line " + one.line().line() + ": " + failure, failure);
        }
    }

    private void bad(long line, String reason) throws IOException {
        badLines++;
        ObjectNode json = Render.object().put("line", line).put("reason", reason);
        output.badLine(Render.line(json));
    }
}
