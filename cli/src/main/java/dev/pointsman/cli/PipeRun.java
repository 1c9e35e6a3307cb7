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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * One run of the pipe. A thread reads ahead, within a bound; the calling thread routes and writes:
 * it keeps so many tasks under way as are allowed, and writes what has come back as it comes. An
 * answer is written once the ledger holds what it cost, so that the ledger never knows less than
 * the file.
 */
final class PipeRun {

    /** How much of the input is held ahead, in {@link Event.Read#kilobytes}. */
    private static final int AHEAD_KB = 4_096;

    private final Router router;
    private final Settings settings;
    private final PipeOutput output;
    private final Predicate<Duration> ledgerFlushed;
    private final PipeProgress progress;
    private final PipeSummary summary = new PipeSummary();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Semaphore ahead = new Semaphore(AHEAD_KB);
    private final Deque<Event.Read> waiting = new ArrayDeque<>();
    private long bytesRead;
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

    private sealed interface Event {

        /**
         * @param upTo bytes of the input up to this line's end
         */
        record Read(LineReader.Line line, long upTo) implements Event {
            int kilobytes() {
                return 1 + Math.min(AHEAD_KB - 1, line.bytes().length >> 10);
            }
        }

        record EndOfInput(Optional<IOException> cause) implements Event {}

        record Finished(TaskLine line, Optional<Reply> reply, Optional<Throwable> failure)
                implements Event {}

        record Stop() implements Event {}
    }

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
        Thread reader =
                Thread.ofPlatform().daemon().name("pointsman-pipe-input").start(() -> read(in));
        try {
            boolean ended = false;
            while (!ended || underWay > 0 || !waiting.isEmpty()) {
                ended |= handleWhatCame();
                while (!waiting.isEmpty() && underWay < settings.parallel()) {
                    Event.Read next = waiting.remove();
                    ahead.release(next.kilobytes());
                    bytesRead = next.upTo();
                    take(next.line());
                }
                output.flush();
                progress.at(bytesRead, summary.tasks(), summary.cost());
            }
        } finally {
            reader.interrupt();
        }
    }

    /** Waits for an event and handles all there are. True once no further line is to be taken. */
    private boolean handleWhatCame() throws IOException, InterruptedException {
        List<Event> came = new ArrayList<>();
        came.add(events.take());
        events.drainTo(came);
        List<Event.Finished> finished = new ArrayList<>();
        boolean ended = false;
        for (Event event : came) {
            switch (event) {
                case Event.Read read -> waiting.add(read);
                case Event.Finished one -> finished.add(one);
                case Event.Stop stop -> ended = true;
                case Event.EndOfInput end -> {
                    ended = true;
                    if (end.cause().isPresent()) {
                        throw end.cause().get();
                    }
                }
            }
        }
        if (!finished.isEmpty()) {
            write(finished);
        }
        if (stopped) {
            waiting.clear();
        }
        return ended;
    }

    private void read(InputStream in) {
        try (LineReader lines = new LineReader(in)) {
            Optional<LineReader.Line> line = lines.next();
            while (line.isPresent()) {
                if (!line.get().isBlank()) {
                    Event.Read read = new Event.Read(line.get(), lines.bytesRead());
                    ahead.acquire(read.kilobytes());
                    events.add(read);
                }
                line = lines.next();
            }
            events.add(new Event.EndOfInput(Optional.empty()));
        } catch (IOException e) {
            events.add(new Event.EndOfInput(Optional.of(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins no further task. */
    void stop() {
        stopped = true;
        events.add(new Event.Stop());
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

    private void take(LineReader.Line line) throws IOException {
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

    private void begin(TaskLine task) {
        underWay++;
        var unused =
                router.routeAsync(task.task())
                        .whenComplete((reply, failure) ->
                                events.add(
                                        new Event.Finished(
                                                task,
                                                Optional.ofNullable(reply),
                                                Optional.ofNullable(failure))));
    }

    /** Writes tasks that have come back, after one flush of the ledger for all of them. */
    private void write(List<Event.Finished> batch) throws IOException {
        if (!ledgerFlushed.test(settings.ledgerPatience())) {
            System.getLogger(PipeRun.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The ledger does not keep up: answers are written before it has them");
        }
        for (Event.Finished one : batch) {
            underWay--;
            writeOne(one);
        }
    }

    private void writeOne(Event.Finished one) throws IOException {
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
