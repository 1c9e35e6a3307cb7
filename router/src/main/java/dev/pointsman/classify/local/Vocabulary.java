package dev.pointsman.classify.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * The pieces of words that have a vector, found by their hash: two of 30,000 pieces have the same
 * 64 bits with a probability of one in forty billion. Immutable and thread-safe.
 */
final class Vocabulary {

    static final int NONE = -1;

    private final long[] hashes;
    private final char[] ids;
    private final int mask;

    private Vocabulary(long[] hashes, char[] ids) {
        this.hashes = hashes;
        this.ids = ids;
        this.mask = hashes.length - 1;
    }

    /** Pieces in the order of their ids; those that continue a word begin with {@code ##}. */
    static Vocabulary of(List<String> pieces) {
        int size = Integer.highestOneBit(Math.max(1, pieces.size())) * 4;
        Vocabulary vocabulary = new Vocabulary(new long[size], new char[size]);
        for (int id = 0; id < pieces.size(); id++) {
            String piece = pieces.get(id);
            boolean continues = piece.startsWith("##") && piece.length() > 2;
            vocabulary.put(
                    continues
                            ? Hashing.of(piece.substring(2)) ^ Hashing.CONTINUES
                            : Hashing.of(piece),
                    (char) id);
        }
        return vocabulary;
    }

    static Vocabulary read(DataInputStream in) throws IOException {
        return new Vocabulary(Numbers.longs(in), Numbers.chars(in));
    }

    void write(DataOutputStream out) throws IOException {
        Numbers.write(hashes, out);
        Numbers.write(ids, out);
    }

    /** How many there are, their ids being counted from zero. */
    int pieces() {
        int pieces = 0;
        for (int slot = 0; slot < hashes.length; slot++) {
            if (hashes[slot] != 0) {
                pieces = Math.max(pieces, ids[slot] + 1);
            }
        }
        return pieces;
    }

    /** The id of the piece with that hash, or {@link #NONE}. */
    int find(long hash) {
        long key = key(hash);
        for (int slot = (int) key & mask; hashes[slot] != 0; slot = (slot + 1) & mask) {
            if (hashes[slot] == key) {
                return ids[slot];
            }
        }
        return NONE;
    }

    private void put(long hash, char id) {
        long key = key(hash);
        int slot = (int) key & mask;
        while (hashes[slot] != 0 && hashes[slot] != key) {
            slot = (slot + 1) & mask;
        }
        hashes[slot] = key;
        ids[slot] = id;
    }

    private static long key(long hash) {
        long key = Hashing.mix(hash);
        return key == 0 ? 1 : key;
    }
}
