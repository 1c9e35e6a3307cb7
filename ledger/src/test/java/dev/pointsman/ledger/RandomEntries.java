package dev.pointsman.ledger;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Entries of all kinds, over two days and some hours. Each has an id of its own. */
final class RandomEntries {

    private static final List<Model> MODELS =
            List.of(Entries.PRICED, Entries.CHEAP, Entries.UNPRICED);

    private final Random random;
    private final String name;
    private int made;

    RandomEntries(long seed) {
        this(seed, "random");
    }

    /** The name begins their ids, and tells them from those of others. */
    RandomEntries(long seed, String name) {
        this.random = new Random(seed);
        this.name = name;
    }

    /** Printed, so that a failure can be had again. */
    static long seed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        return seed;
    }

    List<Entry> entries(int count) {
        return IntStream.range(0, count).mapToObj(i -> entry()).toList();
    }

    private Entry entry() {
        Instant at = Entries.AT.plusMillis(random.nextInt(200_000_000));
        Model model = MODELS.get(random.nextInt(MODELS.size()));
        Entry made =
                Entries.entry(name + "-" + this.made++, at, task(), attempts(model, at), model);
        return new Entry(
                made.at(),
                made.task(),
                Entries.decision(
                        made.decision().id(),
                        "category-" + random.nextInt(4),
                        List.of(new Candidate(Entries.PRICED, Money.ZERO, List.of()))),
                made.attempts(),
                made.answer(),
                Duration.ofMillis((long) Math.exp(random.nextDouble(14))),
                made.baseline().filter(base -> random.nextInt(5) > 0),
                random.nextInt(10) == 0);
    }

    private Task task() {
        Task task = Task.of(Entries.PROMPT);
        task = random.nextInt(3) == 0 ? task : task.caller("caller-" + random.nextInt(5));
        task = random.nextInt(3) == 0 ? task : task.key("key-" + random.nextInt(3));
        return random.nextBoolean() ? task : task.tag("team", "team-" + random.nextInt(3));
    }

    private List<Attempt> attempts(Model model, Instant at) {
        List<Attempt> attempts = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            attempts.add(Entries.triage(Entries.CHEAP, at, usage()));
        }
        if (random.nextInt(4) == 0) {
            attempts.add(
                    Entries.failure(
                            Entries.CHEAP, at, new Failure.Overloaded(Optional.empty(), "busy")));
        }
        if (random.nextInt(8) > 0) {
            attempts.add(Entries.success(model, at, usage()));
        }
        return attempts;
    }

    private Usage usage() {
        Usage usage = tokens();
        return random.nextInt(6) > 0 ? usage : usage.withDetail(detail());
    }

    /** Some of it may be more than there is. */
    private Usage.Detail detail() {
        return new Usage.Detail(
                random.nextInt(500),
                random.nextInt(50) * random.nextInt(2),
                random.nextInt(50) * random.nextInt(2),
                random.nextInt(50) * random.nextInt(2),
                random.nextInt(50) * random.nextInt(2),
                random.nextInt(50) * random.nextInt(2),
                ServiceTier.values()[random.nextInt(ServiceTier.values().length)]);
    }

    private Usage tokens() {
        return new Usage(
                random.nextInt(10_000),
                random.nextInt(2_000),
                random.nextInt(3) * random.nextInt(5_000),
                random.nextInt(3) * random.nextInt(500),
                random.nextInt(100),
                random.nextInt(10) == 0);
    }
}
