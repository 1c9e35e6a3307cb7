package dev.pointsman.ledger;

import java.time.Duration;
import java.util.function.Supplier;

/** One kind of warning, told at once and then at most every ten seconds. Not thread-safe. */
final class Warnings {

    private static final System.Logger LOG = System.getLogger("dev.pointsman.ledger");
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private boolean told;
    private long toldAt;

    /** Whether it was told, and not kept back because the last one was too recent. */
    boolean tell(Supplier<String> message) {
        long now = System.nanoTime();
        if (told && now - toldAt < INTERVAL_NANOS) {
            return false;
        }
        told = true;
        toldAt = now;
        LOG.log(System.Logger.Level.WARNING, message);
        return true;
    }
}
