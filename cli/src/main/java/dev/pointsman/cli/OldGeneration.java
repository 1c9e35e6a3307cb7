package dev.pointsman.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Has the old generation of the serial collector collected when it has grown. By itself that
 * collector waits until the heap is as large as it may be, so that a server seems to leak: what is
 * kept while the ledger's disk stalls grows old, and is garbage a moment later. Other collectors
 * look after their memory themselves, and are left alone.
 */
final class OldGeneration implements AutoCloseable {

    /** As the serial collector calls it. */
    private static final String POOL = "Tenured Gen";

    /** So much is let in before it is collected; half of what was kept, where that is more. */
    private static final long GROWTH = 16L << 20;

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    work -> Thread.ofPlatform().daemon().name("pointsman-heap").unstarted(work));

    private OldGeneration(Duration period) {
        thread.schedule(() -> find(period), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    static OldGeneration watch() {
        return watch(PERIOD);
    }

    /**
     * @param period between two looks, and before the first
     */
    static OldGeneration watch(Duration period) {
        return new OldGeneration(period);
    }

    /** Not at the start: what a JVM tells of itself takes a while to be loaded. */
    private void find(Duration period) {
        Optional<MemoryPoolMXBean> pool =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(one -> one.getName().equals(POOL))
                        .findFirst();
        pool.ifPresent(found ->
                thread.scheduleWithFixedDelay(
                        () -> look(found), 0, period.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static void look(MemoryPoolMXBean pool) {
        long kept = pool.getCollectionUsage().getUsed();
        if (pool.getUsage().getUsed() - kept > Math.max(GROWTH, kept / 2)) {
            ManagementFactory.getMemoryMXBean().gc();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
