package dev.pointsman.ledger;

import java.time.Duration;
import java.util.Optional;

/**
 * How a ledger keeps entries.
 *
 * @param storeContent whether prompts and answers are stored as text; images never are
 * @param batchWindow how long an entry waits at most for others to be committed with it; above
 *     zero, at most half a second, so that a killed process loses at most the last second
 * @param queueBound how many entries wait at most, while the store is slow or down; those beyond
 *     are dropped and counted
 * @param spoolBound how many bytes a ledger in PostgreSQL keeps on disk at most, while its database
 *     is slow or down
 * @param keep how old requests get before they are deleted, an hour or more; their hourly sums
 *     stay. Empty keeps them for ever
 */
public record LedgerOptions(
        boolean storeContent,
        Duration batchWindow,
        int queueBound,
        long spoolBound,
        Optional<Duration> keep) {

    private static final Duration LONGEST_WINDOW = Duration.ofMillis(500);

    public LedgerOptions {
        if (!batchWindow.isPositive() || batchWindow.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException(
                    "The batch window is above 0 and at most 500 ms, not " + batchWindow);
        }
        if (queueBound < 1) {
            throw new IllegalArgumentException("The queue bound is 1 or more, not " + queueBound);
        }
        if (spoolBound < 1) {
            throw new IllegalArgumentException("The spool bound is 1 or more, not " + spoolBound);
        }
        if (keep.filter(age -> age.compareTo(Duration.ofHours(1)) < 0).isPresent()) {
            throw new IllegalArgumentException(
                    "Requests are kept for an hour or more, not " + keep);
        }
    }

    /** No content, 200 ms, 65,536 entries, 256 MiB (about half a million entries), for ever. */
    public static LedgerOptions defaults() {
        return new LedgerOptions(
                false, Duration.ofMillis(200), 65_536, 256L << 20, Optional.empty());
    }

    public LedgerOptions withStoreContent(boolean store) {
        return new LedgerOptions(store, batchWindow, queueBound, spoolBound, keep);
    }

    public LedgerOptions withBatchWindow(Duration window) {
        return new LedgerOptions(storeContent, window, queueBound, spoolBound, keep);
    }

    public LedgerOptions withQueueBound(int entries) {
        return new LedgerOptions(storeContent, batchWindow, entries, spoolBound, keep);
    }

    public LedgerOptions withSpoolBound(long bytes) {
        return new LedgerOptions(storeContent, batchWindow, queueBound, bytes, keep);
    }

    public LedgerOptions withKeep(Duration age) {
        return new LedgerOptions(
                storeContent, batchWindow, queueBound, spoolBound, Optional.of(age));
    }
}
