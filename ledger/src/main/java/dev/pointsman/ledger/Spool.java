package dev.pointsman.ledger;

import dev.pointsman.core.Entry;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue in front of a store, emptied by one daemon thread. Callers only pass a semaphore
 * and a lock-free queue; the thread turns entries into rows (which drops their prompts from
 * memory), commits them in batches, and tries again while the store is down.
 */
final class Spool implements AutoCloseable {

    /** So many rows go into one transaction at most. */
    private static final int BATCH = 1_000;

    /**
     * So many waiting entries are written before their window ends: few enough that the collector
     * of short-lived memory has little to copy.
     */
    private static final int ENOUGH = 250;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** How long a write that began before the close timed out may still take. */
    private static final Duration LAST_TRY = Duration.ofSeconds(2);

    private static final long FIRST_RETRY_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LAST_RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Store store;
    private final EntryShape shape;
    private final String name;
    private final long windowNanos;
    private final Semaphore room;
    private final Thread writer;

    private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean idle = new AtomicBoolean();
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile long closeBy;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private volatile long flushTo;

    /** How many accepted entries are committed or given up. Written by the writer alone. */
    private volatile long settled;

    /** The writer's own. */
    private final Deque<Rows> pending = new ArrayDeque<>();

    private final Warnings downWarnings = new Warnings();
    private final Warnings dropWarnings = new Warnings();
    private int failures;
    private long dropsTold;

    /** Not started yet. {@code name} is what warnings call the store. */
    Spool(Store store, EntryShape shape, LedgerOptions options, String name) {
        this.store = store;
        this.shape = shape;
        this.name = name;
        this.windowNanos = options.batchWindow().toNanos();
        this.room = new Semaphore(options.queueBound());
        this.writer = Thread.ofPlatform().daemon().name("pointsman-ledger").unstarted(this::run);
    }

    void start() {
        writer.start();
    }

    void add(Entry entry) {
        if (closing || !room.tryAcquire()) {
            dropped.incrementAndGet();
            return;
        }
        long number = accepted.incrementAndGet();
        queue.add(entry);
        if (ended && queue.remove(entry)) {
            dropped.incrementAndGet();
        } else if (number % ENOUGH == 0 || (idle.get() && idle.compareAndSet(true, false))) {
            LockSupport.unpark(writer);
        }
    }

    long dropped() {
        return dropped.get();
    }

    /** Whether, within the timeout, no entry accepted before this call waits any more. */
    boolean flush(Duration timeout) {
        long target = accepted.get();
        long left = TimeUnit.NANOSECONDS.convert(timeout);
        lock.lock();
        try {
            flushTo = Math.max(flushTo, target);
            LockSupport.unpark(writer);
            while (settled < target && left > 0 && !ended) {
                left = progress.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return settled >= target;
    }

    /** Writes what waits, for ten seconds at most; counts the rest as dropped. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closing) {
                closeBy = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
                closing = true;
            }
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(writer);
        joinWriter();
    }

    /**
     * Even when interrupted: the time is bounded, and what waits would be lost. A disk that hangs
     * is left to the daemon thread.
     */
    private void joinWriter() {
        boolean interrupted = false;
        boolean waiting = true;
        while (waiting) {
            try {
                writer.join(
                        Duration.ofNanos(Math.max(1, closeBy - System.nanoTime())).plus(LAST_TRY));
                waiting = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!finished()) {
                awaitEntries();
                awaitBatch();
                shapeWaiting();
                write();
                tellDrops();
            }
        } finally {
            giveUpTheRest();
            store.close();
        }
    }

    private boolean finished() {
        return closing && (backlog() == 0 || System.nanoTime() - closeBy >= 0);
    }

    private long backlog() {
        return accepted.get() - settled;
    }

    private void awaitEntries() {
        while (backlog() == 0 && !closing) {
            idle.set(true);
            if (backlog() == 0 && !closing) {
                LockSupport.park(this);
            }
            idle.set(false);
        }
    }

    /** Waits for the window's end, or for the next try while the store is down. */
    private void awaitBatch() {
        long wait = failures == 0 ? windowNanos : retryNanos();
        long due = System.nanoTime() + wait;
        while (!urgent() && due - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, due - System.nanoTime());
        }
    }

    private boolean urgent() {
        return failures == 0 && (closing || flushTo > settled || backlog() >= ENOUGH);
    }

    private long retryNanos() {
        return Math.min(LAST_RETRY_NANOS, FIRST_RETRY_NANOS << Math.min(failures - 1, 10));
    }

    private void shapeWaiting() {
        for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
            try {
                pending.add(shape.rows(entry));
            } catch (RuntimeException e) {
                giveUp(e);
            }
        }
    }

    private void write() {
        while (!pending.isEmpty()) {
            List<Rows> batch = pending.stream().limit(BATCH).toList();
            try {
                store.write(batch);
                written(batch.size());
            } catch (SQLException e) {
                if (!store.refused(e)) {
                    failed(e);
                    return;
                }
                if (!writeSingly(batch)) {
                    return;
                }
            } catch (RuntimeException e) {
                failed(e);
                return;
            }
        }
    }

    /**
     * Writes each on its own and gives up those the store refuses; false if the store went down
     * meanwhile.
     */
    private boolean writeSingly(List<Rows> batch) {
        for (Rows rows : batch) {
            try {
                store.write(List.of(rows));
                written(1);
            } catch (SQLException e) {
                if (!store.refused(e)) {
                    failed(e);
                    return false;
                }
                pending.remove();
                giveUp(e);
            } catch (RuntimeException e) {
                failed(e);
                return false;
            }
        }
        return true;
    }

    private void written(int entries) {
        for (int i = 0; i < entries; i++) {
            pending.remove();
        }
        failures = 0;
        settle(entries);
    }

    private void giveUp(Exception reason) {
        dropped.incrementAndGet();
        dropsTold++;
        dropWarnings.tell(() ->
                "An entry cannot be stored in the ledger " + name + " and is dropped: " + reason);
        settle(1);
    }

    private void failed(Exception reason) {
        failures++;
        if (failures > 1) {
            downWarnings.tell(() ->
                    "The ledger "
                            + name
                            + " cannot be written ("
                            + reason.getMessage()
                            + "). Requests go on; "
                            + backlog()
                            + " entries wait and are written when it can be again");
        }
    }

    private void tellDrops() {
        long all = dropped.get();
        if (all > dropsTold
                && dropWarnings.tell(() ->
                        all
                                + " entries of the ledger "
                                + name
                                + " are dropped so far: too many wait for it")) {
            dropsTold = all;
        }
    }

    private void settle(int entries) {
        room.release(entries); // First: whoever was told by flush finds room again.
        lock.lock();
        try {
            long now = settled + entries; // Only this thread writes it.
            settled = now;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void giveUpTheRest() {
        ended = true;
        int rest = pending.size();
        pending.clear();
        while (queue.poll() != null) {
            rest++;
        }
        if (rest > 0) {
            dropped.addAndGet(rest);
            int lost = rest;
            dropWarnings.tell(() ->
                    lost
                            + " entries were not written to the ledger "
                            + name
                            + " before it was closed");
        }
        lock.lock();
        try {
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
