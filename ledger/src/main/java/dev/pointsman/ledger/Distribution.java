package dev.pointsman.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * How often durations occur, counted in buckets: one a millisecond below 256 ms, 128 an octave
 * above (a bucket is at most 1/128 of its durations wide). Not thread-safe.
 */
final class Distribution {

    /** Up to here a bucket is a millisecond. */
    private static final int EXACT = 256;

    private static final int EXACT_BITS = 8;
    private static final int OCTAVE = 128;
    private static final int OCTAVE_BITS = 7;

    /** Of the buckets from {@code first} on; empty without durations. */
    private long[] counts = new long[0];

    private int first;
    private long total;

    /** Durations below zero count as zero. */
    void add(long millis) {
        add(bucket(Math.max(0, millis)), 1);
    }

    void add(Distribution other) {
        for (int i = 0; i < other.counts.length; i++) {
            if (other.counts[i] > 0) {
                add(other.first + i, other.counts[i]);
            }
        }
    }

    /** Adds what {@link #toBytes} gave. */
    void add(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        int bucket = 0;
        while (from.hasRemaining()) {
            bucket += (int) varint(from);
            add(bucket, varint(from));
        }
    }

    /** Pairs of varints: the distance from the bucket before, and the count. */
    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int before = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                write(first + i - before, bytes);
                write(counts[i], bytes);
                before = first + i;
            }
        }
        return bytes.toByteArray();
    }

    /**
     * By nearest rank, as the least duration of the bucket: exact below 256 ms, else too low by
     * less than 1/128. Empty without durations.
     */
    Optional<Percentiles> percentiles() {
        return total == 0
                ? Optional.empty()
                : Optional.of(new Percentiles(percentile(50), percentile(95)));
    }

    private Duration percentile(int percent) {
        long upTo = 0;
        for (int i = 0; i < counts.length; i++) {
            upTo += counts[i];
            if (upTo * 100 >= total * percent) {
                return Duration.ofMillis(least(first + i));
            }
        }
        throw new IllegalStateException("The counts add up to the total");
    }

    private void add(int bucket, long count) {
        if (bucket < first || bucket >= first + counts.length) {
            reach(bucket);
        }
        counts[bucket - first] += count;
        total += count;
    }

    private void reach(int bucket) {
        if (counts.length == 0) {
            first = bucket;
            counts = new long[1];
        } else if (bucket < first) {
            long[] longer = new long[counts.length + first - bucket];
            System.arraycopy(counts, 0, longer, first - bucket, counts.length);
            counts = longer;
            first = bucket;
        } else {
            counts = Arrays.copyOf(counts, bucket - first + 1);
        }
    }

    private static int bucket(long millis) {
        if (millis < EXACT) {
            return (int) millis;
        }
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(millis);
        int within = (int) (millis >>> (octave - OCTAVE_BITS)) & (OCTAVE - 1);
        return EXACT + (octave - EXACT_BITS) * OCTAVE + within;
    }

    private static long least(int bucket) {
        if (bucket < EXACT) {
            return bucket;
        }
        int octave = (bucket - EXACT) / OCTAVE + EXACT_BITS;
        long within = (bucket - EXACT) % OCTAVE;
        return (OCTAVE + within) << (octave - OCTAVE_BITS);
    }

    private static void write(long value, ByteArrayOutputStream to) {
        long rest = value;
        while (rest >= 0x80) {
            to.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    private static long varint(ByteBuffer from) {
        byte next = from.get();
        long value = next & 0x7F;
        for (int shift = 7; next < 0; shift += 7) {
            next = from.get();
            value |= (long) (next & 0x7F) << shift;
        }
        return value;
    }
}
