package dev.pointsman.ledger;

import java.time.Duration;

/**
 * How a ledger keeps entries.
 *
 * @param storeContent whether prompts and answers are stored as text; images never are
 * @param batchWindow how long an entry waits at most for others to be committed with it; above
 *     zero, at most half a second, so that a killed process loses at most the last second
 * @param queueBound how many entries wait at most, while the store is slow or down; those beyond
 *     are dropped and counted
 */
public record LedgerOptions(boolean storeContent, Duration batchWindow, int queueBound) {

    private static final Duration LONGEST_WINDOW = Duration.ofMillis(500);

    public LedgerOptions {
        if (!batchWindow.isPositive() || batchWindow.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException(
                    "The batch window is above 0 and at most 500 ms, not " + batchWindow);
        }
        if (queueBound < 1) {
            throw new IllegalArgumentException("The queue bound is 1 or more, not " + queueBound);
        }
    }

    /** No content, 200 ms, 65,536 entries. */
    public static LedgerOptions defaults() {
        return new LedgerOptions(false, Duration.ofMillis(200), 65_536);
    }

    public LedgerOptions withStoreContent(boolean store) {
        return new LedgerOptions(store, batchWindow, queueBound);
    }

    public LedgerOptions withBatchWindow(Duration window) {
        return new LedgerOptions(storeContent, window, queueBound);
    }

    public LedgerOptions withQueueBound(int entries) {
        return new LedgerOptions(storeContent, batchWindow, entries);
    }
}
