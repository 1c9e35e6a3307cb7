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

    private static final int SHORTEST = 3;

    /** Set windows of one length apart from those of another. */
    private static final long THREE = 3L << 56;

    private static final long FOUR = 4L << 56;
    private static final long FIVE = 5L << 56;

    private final long[] seen = new long[COUNT / Long.SIZE];
    private int[] members = new int[4_096];
    private int size;

    void clear() {
        Arrays.fill(seen, 0);
        size = 0;
    }

    /** Adds the bucket of that hash, unless it is there, and returns it. */
    int add(long hash) {
        reserve(1);
        int bucket = bucket(hash);
        size = put(bucket, seen, members, size);
        return bucket;
    }

    /**
     * Adds the bucket of each three, four and five bytes in a row; where five would begin before
     * the first byte, of those that there are.
     */
    void addWindows(byte[] text, int length) {
        if (length < SHORTEST) {
            return;
        }
        reserve(3 * length);
        // in variables, since what stands in fields is read again after each number that is written
        long[] seen = this.seen;
        int[] members = this.members;
        int size = this.size;
        long window = (text[0] & 0xFF) << 8 | text[1] & 0xFF;
        for (int i = SHORTEST - 1; i < length; i++) {
            window = window << 8 | text[i] & 0xFF;
            size = put(bucket(window & 0xFF_FFFFL | THREE), seen, members, size);
            size = put(bucket(window & 0xFFFF_FFFFL | FOUR), seen, members, size);
            size = put(bucket(window & 0xFF_FFFF_FFFFL | FIVE), seen, members, size);
        }
        this.size = size;
    }

    private void reserve(int more) {
        if (members.length - size < more) {
            members = Arrays.copyOf(members, Math.max(2 * members.length, size + more));
        }
    }

    private static int bucket(long hash) {
        return (int) ((hash * Hashing.FACTOR) >>> SHIFT);
    }

    /** Returns the new size. */
    private static int put(int bucket, long[] seen, int[] members, int size) {
        int cell = bucket >>> 6;
        long before = seen[cell];
        seen[cell] = before | 1L << bucket;
        // no branch: whether a bucket is new cannot be guessed, and a wrong guess costs more
        members[size] = bucket;
        return size + ((int) (~before >>> bucket) & 1);
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
