package dev.pointsman.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to a queue on disk, from which one daemon thread writes to the store proper, and goes on
 * trying while that is down. A batch of which it does not know whether it arrived is written again:
 * the store leaves out what it has.
 */
final class SpooledStore implements Store {

    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long LAST_RETRY_MILLIS = 1_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Store store;
    private final DiskQueue queue;
    private final String name;
    private final Thread drainer;
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean closing;

    private final Warnings downWarnings = new Warnings();
    private final Warnings dropWarnings = new Warnings();
    private int failures;

    /** Not started yet. {@code name} is what warnings call the store. */
    SpooledStore(Store store, DiskQueue queue, String name) {
        this.store = store;
        this.queue = queue;
        this.name = name;
        this.drainer = Thread.ofPlatform().daemon().name("pointsman-spool").unstarted(this::run);
    }

    void start() {
        drainer.start();
    }

    /** How many the store refused. */
    long dropped() {
        return dropped.get();
    }

    /** They are on the disk when this returns. */
    @Override
    public void write(List<Rows> batch) throws SQLException {
        try {
            queue.add(RowsBytes.of(batch));
        } catch (IOException e) {
            throw new SQLException("cannot be spooled: " + e.getMessage(), e);
        }
    }

    /** What the store proper refuses is only known later. */
    @Override
    public boolean refused(SQLException failure) {
        return false;
    }

    private void run() {
        try {
            while (!closing || (failures == 0 && !queue.isEmpty())) {
                if (queue.await(LAST_RETRY_MILLIS)) {
                    drain();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Too late to write more: the files keep it.
        } finally {
            SqliteFile.closeQuietly(queue);
            store.close();
        }
    }

    private void drain() throws InterruptedException {
        try {
            deliver(RowsBytes.read(queue.first()));
            queue.removeFirst();
            failures = 0;
        } catch (SQLException | IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void deliver(List<Rows> batch) throws SQLException {
        try {
            store.write(batch);
        } catch (SQLException e) {
            if (!store.refused(e)) {
                throw e;
            }
            if (batch.size() == 1) {
                giveUp(e);
            } else {
                for (Rows rows : batch) {
                    deliver(List.of(rows));
                }
            }
        }
    }

    private void giveUp(SQLException reason) {
        dropped.incrementAndGet();
        dropWarnings.tell(() ->
                "An entry cannot be stored in the ledger " + name + " and is dropped: " + reason);
    }

    private void failed(Exception reason) throws InterruptedException {
        failures++;
        downWarnings.tell(() ->
                "The ledger "
                        + name
                        + " cannot be written ("
                        + RootCause.words(reason)
                        + "). Requests go on; what is to be written is spooled on disk");
        if (!closing) {
            TimeUnit.MILLISECONDS.sleep(
                    Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(failures - 1, 10)));
        }
    }

    /** Writes what is spooled while the store takes it, for ten seconds at most; the rest stays. */
    @Override
    public void close() {
        closing = true;
        queue.wake();
        try {
            if (!drainer.join(CLOSE_TIMEOUT)) {
                drainer.interrupt();
                drainer.join(CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            drainer.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
