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
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.SqliteLedger;
import dev.pointsman.route.DecisionIds;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What an entry costs the ledger's own thread, in CPU time. Entries as the gateway records them
 * (one attempt, usage, cost, a sketch in place of the prompt) come at a constant rate in bursts of
 * a millisecond; the clock of the ledger's thread is read at the beginning and after the flush at
 * the end of each round. Prints every round and the medians. The arguments, all of them optional:
 * entries a second, seconds a round, rounds, tags an entry, the longest latency in milliseconds
 * (requests end in another order than they began: indexes by what they began with are not appended
 * to).
 */
public final class LedgerCost {

    private static final String WRITER = "pointsman-ledger";
    private static final String SKETCH = "5f3a9c1e77b04d2291aa";
    private static final Model MODEL =
            Model.unknown("mock", "gpt-x")
                    .withPrice(Price.flat(Rates.usdPerMillion("1.25", "10"), "2026-11"));

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int rate;
    private final int seconds;
    private final int rounds;
    private final int tags;
    private final int latency;
    private final DecisionIds ids;
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

    /** When the entry that is made now began. */
    private Instant at = Instant.EPOCH;

    private LedgerCost(int rate, int seconds, int rounds, int tags, int latency) {
        this.rate = rate;
        this.seconds = seconds;
        this.rounds = rounds;
        this.tags = tags;
        this.latency = latency;
        this.ids = new DecisionIds(beginnings(), random::nextLong);
    }

    /** Measures in a folder of its own. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("ledger-cost");
        try {
            new LedgerCost(
                            number(args, 0, 10_000),
                            number(args, 1, 5),
                            number(args, 2, 7),
                            number(args, 3, 0),
                            number(args, 4, 1))
                    .run(folder.resolve("ledger.db"));
        } finally {
            delete(folder);
        }
    }

    private static int number(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /**
     * @param cpu the writer's CPU, microseconds an entry
     * @param allocated by the writer, bytes an entry
     * @param size by which the files grew, bytes an entry
     */
    private record Round(double cpu, double allocated, double size) {}

    private void run(Path file) throws IOException {
        System.out.printf(
                "%d entries/s, %d tags each, latencies up to %d ms, rounds of %d s, the first warms"
                        + " up%n",
                rate, tags, latency, seconds);
        Round[] all = new Round[rounds];
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            for (int i = 0; i < rounds; i++) {
                all[i] = round(ledger, file);
                System.out.printf(
                        "  round %d: %.2f us, %.0f bytes allocated, %.0f bytes in the file%n",
                        i, all[i].cpu(), all[i].allocated(), all[i].size());
            }
            if (ledger.dropped() > 0) {
                throw new IllegalStateException(ledger.dropped() + " entries were dropped");
            }
        }
        Round[] warm = Arrays.copyOfRange(all, Math.min(1, rounds - 1), rounds);
        System.out.printf(
                "median: %.2f us of CPU an entry, %.0f bytes allocated, %.0f bytes in the file%n",
                median(warm, Round::cpu),
                median(warm, Round::allocated),
                median(warm, Round::size));
    }

    private Round round(SqliteLedger ledger, Path file) throws IOException {
        long writer = writer();
        long cpu = THREADS.getThreadCpuTime(writer);
        long allocated = allocated(writer);
        long size = Files.size(file);
        long entries = (long) rate * seconds;
        record(ledger, entries);
        if (!ledger.flush(Duration.ofSeconds(60))) {
            throw new IllegalStateException("The ledger was not flushed");
        }
        return new Round(
                (THREADS.getThreadCpuTime(writer) - cpu) / 1e3 / entries,
                (double) (allocated(writer) - allocated) / entries,
                (double) (Files.size(file) - size) / entries);
    }

    private void record(SqliteLedger ledger, long entries) {
        long begin = System.nanoTime();
        for (long recorded = 0; recorded < entries; ) {
            long due =
                    Math.min(
                            entries,
                            (System.nanoTime() - begin) * rate / TimeUnit.SECONDS.toNanos(1));
            while (recorded < due) {
                ledger.record(entry());
                recorded++;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Entry entry() {
        Duration took = Duration.ofMillis(random.nextInt(latency));
        at = Instant.now().minus(took);
        Usage usage =
                Usage.of(random.nextInt(100, 5_000), random.nextInt(10, 1_000))
                        .withCache(random.nextInt(2) * random.nextInt(3_000), 0);
        Attempt attempt =
                new Attempt(
                        Attempt.Purpose.ANSWER,
                        MODEL,
                        at.plusMillis(1),
                        Optional.of(took.dividedBy(3)),
                        took,
                        usage,
                        Cost.estimate(MODEL, usage),
                        Optional.empty());
        return new Entry(
                at,
                task(),
                decision(),
                List.of(attempt),
                Optional.of(new Answer("", usage, Answer.Stop.END)),
                took.plusMillis(1),
                Optional.of(new Entry.Baseline("anthropic/opus", Money.ofNanos(9_000_000))),
                false);
    }

    private Clock beginnings() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return at;
            }
        };
    }

    private Task task() {
        Task task =
                Task.of(List.of(Message.user("")))
                        .sketch(SKETCH + random.nextInt())
                        .caller("billing-" + random.nextInt(20));
        for (int i = 0; i < tags; i++) {
            task = task.tag("tag-" + i, "value-" + random.nextInt(100));
        }
        return task;
    }

    private Decision decision() {
        return new Decision(
                ids.next(),
                new Classification(
                        "generation",
                        random.nextInt(1_000) / 1_000.0,
                        Classification.Source.LOCAL,
                        List.of(),
                        false),
                List.of(new Candidate(MODEL, Money.ZERO, List.of())),
                List.of(),
                random.nextInt(5_000),
                200,
                "3f1c9a0b77de",
                Optional.empty());
    }

    private static long writer() {
        return Arrays.stream(THREADS.dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().equals(WRITER))
                .mapToLong(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No thread is named " + WRITER));
    }

    private static long allocated(long thread) {
        return THREADS instanceof com.sun.management.ThreadMXBean threads
                ? threads.getThreadAllocatedBytes(thread)
                : 0;
    }

    private static double median(
            Round[] rounds, java.util.function.ToDoubleFunction<Round> figure) {
        double[] sorted = Arrays.stream(rounds).mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
