package dev.pointsman.classify.local;

import java.util.Arrays;

/**
 * A set of hash buckets in the order in which they were added; a bit a bucket, so that it stays in
 * the nearest cache. Not thread-safe.
 */
final class Buckets {

    /** How many there are. */
    static final int COUNT = 1 << 16;

    private static final int SHIFT = 64 - 16;

    private final long[] seen = new long[COUNT / Long.SIZE];
    private int[] members = new int[4_096];
    private int size;

    void clear() {
        Arrays.fill(seen, 0);
        size = 0;
    }

    /** Adds the bucket of that hash, unless it is there, and returns it. */
    int add(long hash) {
        int bucket = (int) ((hash * Hashing.FACTOR) >>> SHIFT);
        long bit = 1L << bucket;
        int cell = bucket >>> 6;
        long before = seen[cell];
        seen[cell] = before | bit;
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
        }
        // no branch: whether a bucket is new cannot be guessed, and a wrong guess costs more
        members[size] = bucket;
        size += (int) (~before >>> bucket) & 1;
        return bucket;
    }

    int size() {
        return size;
    }

    /** The first {@link #size} are the set's, in the order in which they were added. */
    int[] members() {
        return members;
    }

    int get(int index) {
        return members[index];
    }

    int[] toArray() {
        return Arrays.copyOf(members, size);
    }

    /** What a member of a set of that size weighs, so that the set has length one. */
    static float weight(int size) {
        return size == 0 ? 0 : (float) (1 / Math.sqrt(size));
    }
}
