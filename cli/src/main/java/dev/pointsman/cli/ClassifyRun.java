package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.Router;
import dev.pointsman.core.Task;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Classifies lines on every core and writes the answers in the order of the lines. */
final class ClassifyRun {

    private static final int BATCH = 256;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    /** Batches that may be under way or wait to be written. */
    private static final int MOST_WAITING = 4 * CORES;

    private final Router router;
    private final PrintWriter out;
    private final PrintWriter err;
    private boolean allRead = true;

    /** The answers of a batch, and what was wrong with lines that have none. */
    private record Answered(String lines, List<String> wrong) {}

    ClassifyRun(Router router, PrintWriter out, PrintWriter err) {
        this.router = router;
        this.out = out;
        this.err = err;
    }

    /** Returns whether every line was a task. */
    boolean run(InputStream in) throws IOException, InterruptedException {
        ArrayDeque<Future<Answered>> waiting = new ArrayDeque<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(CORES)) {
            try (LineReader lines = new LineReader(in)) {
                List<LineReader.Line> batch = new ArrayList<>(BATCH);
                for (Optional<LineReader.Line> line = lines.next();
                        line.isPresent();
                        line = lines.next()) {
                    if (!line.get().isBlank()) {
                        batch.add(line.get());
                    }
                    if (batch.size() == BATCH) {
                        submit(workers, batch, waiting);
                        batch = new ArrayList<>(BATCH);
                    }
                }
                submit(workers, batch, waiting);
                while (!waiting.isEmpty()) {
                    write(waiting.remove());
                }
            } finally {
                workers.shutdownNow();
            }
        }
        out.flush();
        return allRead;
    }

    private void submit(
            ExecutorService workers,
            List<LineReader.Line> batch,
            ArrayDeque<Future<Answered>> waiting)
            throws InterruptedException {
        if (waiting.size() == MOST_WAITING) {
            write(waiting.remove());
        }
        waiting.add(workers.submit(() -> answer(batch)));
    }

    private void write(Future<Answered> batch) throws InterruptedException {
        try {
            Answered answered = batch.get();
            out.write(answered.lines());
            answered.wrong().forEach(err::println);
            allRead &= answered.wrong().isEmpty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Classifying failed", e.getCause());
        }
    }

    private Answered answer(List<LineReader.Line> batch) {
        StringBuilder lines = new StringBuilder(BATCH * 96);
        List<String> wrong = new ArrayList<>();
        for (LineReader.Line line : batch) {
            try {
                lines.append(answer(line)).append('\n');
            } catch (BadLineException | IllegalArgumentException e) {
                wrong.add("pointsman: line " + line.number() + ": " + e.getMessage());
            }
        }
        return new Answered(lines.toString(), wrong);
    }

    private String answer(LineReader.Line line) throws BadLineException {
        JsonNode json = JsonLine.object(line);
        JsonNode id = json.path("id");
        if (!(id.isTextual() || id.isIntegralNumber())) {
            throw new BadLineException("\"id\" must be a text or a whole number");
        }
        Task task = Task.of(JsonLine.text(json, "text")).caller(TaskOptions.CALLER);
        if (json.hasNonNull("system")) {
            task = task.system(JsonLine.text(json, "system"));
        }
        ObjectNode answer = Render.object();
        answer.set("id", id);
        return Render.line(ClassifyCommand.answer(answer, router.classify(task)));
    }
}
