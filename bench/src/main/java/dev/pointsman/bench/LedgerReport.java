package dev.pointsman.bench;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Message;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.ledger.Grouping;
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.ledger.ReportQuery;
import dev.pointsman.ledger.SqliteLedger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * How long reports of the last 30 days take on a ledger of many requests, spread evenly over 30
 * days and 3 hours. The first argument is the ledger's file, which is made and filled if it is not
 * there; the others, optional, are its number of requests and of callers. Each report is made three
 * times; the first is read from a cold process. Then the command is timed as a user runs it, JVM
 * and all, with the launcher in the folder this runs in.
 */
public final class LedgerReport {

    private static final Instant END = Instant.parse("2026-11-27T10:25:13.123Z");
    private static final Duration SPREAD = Duration.ofDays(30).plusHours(3);
    private static final int MODELS = 12;
    private static final int CATEGORIES = 8;
    private static final int FLUSH = 50_000;
    private static final int COMMANDS = 11;
    private static final double GOAL = 0.5;

    private final Random random = new Random(7);
    private final int callers;

    private LedgerReport(int callers) {
        this.callers = callers;
    }

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        int requests = args.length > 1 ? Integer.parseInt(args[1]) : 10_000_000;
        int callers = args.length > 2 ? Integer.parseInt(args[2]) : 100;
        if (!Files.exists(file)) {
            new LedgerReport(callers).fill(file, requests);
        }
        for (Grouping by :
                List.of(
                        new Grouping.Day(ZoneOffset.UTC),
                        new Grouping.Category(),
                        new Grouping.Model(),
                        new Grouping.Caller())) {
            report(file, by);
        }
        command(file);
    }

    private static void command(Path file) throws Exception {
        long minutes = Duration.between(END.minus(Duration.ofDays(30)), Instant.now()).toMinutes();
        List<String> command =
                List.of(
                        "./pointsman",
                        "report",
                        "--by",
                        "day",
                        "--since",
                        minutes + "m",
                        "--ledger",
                        file.toString());
        double[] seconds = new double[COMMANDS];
        for (int i = 0; i < COMMANDS; i++) {
            long begin = System.nanoTime();
            int code =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor();
            seconds[i] = (System.nanoTime() - begin) / 1e9;
            if (code != 0) {
                throw new IllegalStateException(command + " ended with " + code);
            }
        }
        System.out.printf("%s: first %.2f s", String.join(" ", command), seconds[0]);
        Arrays.sort(seconds);
        System.out.printf(
                ", median %.2f s of %d, goal 0.5 s: %s%n",
                seconds[COMMANDS / 2], COMMANDS, seconds[COMMANDS / 2] <= GOAL ? "met" : "not met");
    }

    private static void report(Path file, Grouping by) {
        ReportQuery query = ReportQuery.by(by).withSince(END.minus(Duration.ofDays(30)));
        for (int i = 0; i < 3; i++) {
            long begin = System.nanoTime();
            try (LedgerReader reader = LedgerReader.open(file)) {
                long requests = reader.report(query).total().requests();
                System.out.printf(
                        "%s: %,d requests in %.3f s%n",
                        by, requests, (System.nanoTime() - begin) / 1e9);
            }
        }
    }

    private void fill(Path file, int requests) {
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            for (int i = 0; i < requests; i++) {
                Duration after =
                        Duration.ofMillis((long) (SPREAD.toMillis() * ((double) i / requests)));
                ledger.record(entry(i, END.minus(SPREAD).plus(after)));
                if (i % FLUSH == FLUSH - 1 && !ledger.flush(Duration.ofMinutes(1))) {
                    throw new IllegalStateException("The ledger was not flushed");
                }
            }
        }
    }

    private Entry entry(int number, Instant at) {
        Duration took = Duration.ofMillis((long) Math.exp(5 + 1.2 * random.nextGaussian()));
        Model model =
                Model.unknown("mock", "model-" + random.nextInt(MODELS))
                        .withPrice(Price.flat(Rates.usdPerMillion("1.25", "10"), "2026-11"));
        Usage usage = Usage.of(random.nextInt(100, 5_000), random.nextInt(10, 1_000));
        Attempt attempt =
                new Attempt(
                        Attempt.Purpose.ANSWER,
                        model,
                        at,
                        Optional.of(took.dividedBy(3)),
                        took,
                        usage,
                        Cost.estimate(model, usage),
                        Optional.empty());
        return new Entry(
                at,
                Task.of(List.of(Message.user("")))
                        .sketch("sketch-" + number)
                        .caller("caller-" + random.nextInt(callers)),
                new Decision(
                        "id-" + number,
                        new Classification(
                                "category-" + random.nextInt(CATEGORIES),
                                0.5,
                                Classification.Source.LOCAL,
                                List.of(),
                                false),
                        List.of(new Candidate(model, Money.ZERO, List.of())),
                        List.of(),
                        500,
                        200,
                        "3f1c9a0b77de",
                        Optional.empty()),
                List.of(attempt),
                Optional.of(new Answer("", usage, Answer.Stop.END)),
                took,
                Optional.of(new Entry.Baseline("anthropic/opus", Money.ofNanos(9_000_000))),
                false);
    }
}
