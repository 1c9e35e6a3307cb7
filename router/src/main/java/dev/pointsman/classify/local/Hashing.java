package dev.pointsman.classify.local;

/**
 * The hash of words and pieces of words: polynomial, so that any part of a word has its own at
 * once.
 */
final class Hashing {

    /** Odd, of the golden ratio. */
    static final long FACTOR = 0x9E3779B97F4A7C15L;

    /** Begins the hash of a piece that continues a word. */
    static final long CONTINUES = 0x5851F42D4C957F2DL;

    private Hashing() {}

    static long of(CharSequence text) {
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = step(hash, text.charAt(i));
        }
        return hash;
    }

    static long step(long hash, char c) {
        return hash * FACTOR + c + 1;
    }

    /** Spreads what differs over all bits (the finalizer of SplitMix64). */
    static long mix(long hash) {
        long z = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
