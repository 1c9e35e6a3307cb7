package dev.pointsman.ledger;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Deletes what is older than it is to be kept: once an hour, a few requests at a time with pauses,
 * so that whoever writes hardly waits. Has one daemon thread and a store of its own.
 */
final class Retention implements AutoCloseable {

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final PrunableStore store;
    private final Duration keep;
    private final Clock clock;
    private final String name;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Warnings warnings = new Warnings();
    private final Thread thread;

    /** Not started yet. {@code name} is what warnings call the store. */
    Retention(PrunableStore store, Duration keep, Clock clock, String name) {
        this.store = store;
        this.keep = keep;
        this.clock = clock;
        this.name = name;
        this.thread = Thread.ofPlatform().daemon().name("pointsman-retention").unstarted(this::run);
    }

    /** Started on a store of its own, if the options say how long requests are kept. */
    static Optional<Retention> started(
            LedgerOptions options, Supplier<PrunableStore> store, String name) {
        Optional<Retention> retention =
                options.keep().map(age -> new Retention(store.get(), age, Clock.systemUTC(), name));
        retention.ifPresent(one -> one.thread.start());
        return retention;
    }

    private void run() {
        try {
            for (Duration wait = FIRST; !stopped(wait); wait = INTERVAL) {
                deleteOld();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            store.close();
        }
    }

    /** All of it; leaves the rest to the next time if the store fails. */
    void deleteOld() throws InterruptedException {
        long before = clock.instant().minus(keep).toEpochMilli();
        try {
            while (store.deleteSome(before) && !stopped(PAUSE)) {
                // Goes on until there is nothing left.
            }
        } catch (SQLException | RuntimeException e) {
            warnings.tell(() ->
                    "What is old cannot be deleted from the ledger "
                            + name
                            + " ("
                            + e.getMessage()
                            + "). It is tried again in an hour");
        }
    }

    private boolean stopped(Duration within) throws InterruptedException {
        return stop.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
