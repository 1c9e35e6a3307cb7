package dev.pointsman.call;

import java.util.Arrays;

/**
 * What was added within the last span of time, counted in slots: the oldest slot falls out whole,
 * so that a sum looks back by the span at most, and by all slots but one at least. A time earlier
 * than the latest one seen counts as the latest. Not thread-safe; adding and summing take no
 * memory.
 */
final class SlidingSum {

    private final long width;
    private final long[] slots;
    private long latest = Long.MIN_VALUE / 2;
    private long total;

    /**
     * @param span nanoseconds; at least two for each slot
     */
    SlidingSum(long span, int slots) {
        width = span / slots;
        this.slots = new long[slots];
    }

    /**
     * @param amount below 0 takes back
     */
    void add(long now, long amount) {
        advance(now);
        slots[index(latest)] += amount;
        total += amount;
    }

    long sum(long now) {
        advance(now);
        return total;
    }

    /** When the sum will be {@code most} or less if nothing is added; {@code now} if it is so. */
    long atMost(long now, long most) {
        advance(now);
        long left = total;
        if (left <= most) {
            return now;
        }
        for (int age = slots.length - 1; age > 0; age--) {
            left -= slots[index(latest - age)];
            if (left <= most) {
                return fallsOut(latest - age);
            }
        }
        return fallsOut(latest);
    }

    void clear() {
        Arrays.fill(slots, 0);
        total = 0;
    }

    private void advance(long now) {
        long slot = Math.floorDiv(now, width);
        if (slot - latest >= slots.length) {
            clear();
            latest = slot;
        }
        while (latest < slot) {
            latest++;
            total -= slots[index(latest)];
            slots[index(latest)] = 0;
        }
    }

    private long fallsOut(long slot) {
        return (slot + slots.length) * width;
    }

    private int index(long slot) {
        return (int) Math.floorMod(slot, (long) slots.length);
    }
}
