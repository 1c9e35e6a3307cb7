package dev.pointsman.call;

import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The times to the first content of one model, of the last five to ten minutes: two histograms take
 * turns, and the older one is emptied at each turn. A bucket is an eighth of a power of two wide,
 * so a percentile is at most a sixteenth off (the layout of HdrHistogram with three bits).
 *
 * <p>Times are nanoseconds. Thread-safe; takes no memory for a time.
 */
final class Latencies {

    private static final long TURN = Duration.ofMinutes(5).toNanos();
    private static final int FEWEST = 20;
    private static final int BITS = 3;
    private static final int BUCKETS = (Long.SIZE - BITS) << BITS;

    private final int[][] halves = new int[2][BUCKETS];
    private final int[] counts = new int[2];
    private long turn = Long.MIN_VALUE / 2;

    /**
     * @param nanos below 0 counts as 0
     */
    synchronized void add(long now, long nanos) {
        rotate(now);
        int half = (int) (turn & 1);
        halves[half][bucket(Math.max(0, nanos))]++;
        counts[half]++;
    }

    /**
     * The time within which the share {@code p} of the answers began.
     *
     * @param p above 0, at most 1
     * @return empty while fewer than 20 times are known
     */
    synchronized OptionalLong percentile(long now, double p) {
        rotate(now);
        int count = counts[0] + counts[1];
        if (count < FEWEST) {
            return OptionalLong.empty();
        }
        long left = (long) Math.ceil(p * count);
        int bucket = -1;
        while (left > 0) {
            bucket++;
            left -= halves[0][bucket] + halves[1][bucket];
        }
        return OptionalLong.of(middle(bucket));
    }

    private void rotate(long now) {
        long current = Math.floorDiv(now, TURN);
        if (current <= turn) {
            return;
        }
        if (current - turn > 1) {
            empty(0);
            empty(1);
        }
        turn = current;
        empty((int) (turn & 1));
    }

    private void empty(int half) {
        Arrays.fill(halves[half], 0);
        counts[half] = 0;
    }

    private static int bucket(long nanos) {
        int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(nanos));
        return (shift << BITS) + (int) (nanos >>> shift);
    }

    private static long middle(int bucket) {
        int shift = Math.max(0, (bucket >> BITS) - 1);
        long least = (long) (bucket - (shift << BITS)) << shift;
        return least + ((1L << shift) - 1) / 2;
    }
}
