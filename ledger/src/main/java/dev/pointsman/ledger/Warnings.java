package dev.pointsman.ledger;

import java.time.Duration;
import java.util.function.Supplier;

/** One kind of warning, told at once and then at most every ten seconds. Not thread-safe. */
final class Warnings {

    private static final System.Logger LOG = System.getLogger("dev.pointsman.ledger");
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private boolean told;
    private long toldAt;

    void tell(Supplier<String> message) {
        long now = System.nanoTime();
        if (!told || now - toldAt >= INTERVAL_NANOS) {
            told = true;
            toldAt = now;
            LOG.log(System.Logger.Level.WARNING, message);
        }
    }

    /** Says that what was warned of is over, if it was; the next warning is told within the interval all the same. */
    void over(Supplier<String> message) {
        if (told) {
            LOG.log(System.Logger.Level.INFO, message);
            told = false;
        }
    }
}
