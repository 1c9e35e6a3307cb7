package dev.pointsman.classify.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What words mean: pieces of words and a vector for each. Immutable and thread-safe.
 *
 * @param name identifies the edition; heads are fitted to one
 */
record Language(String name, Vocabulary vocabulary, TokenVectors vectors) {

    static Language read(DataInputStream in) throws IOException {
        String name = in.readUTF();
        Vocabulary vocabulary = Vocabulary.read(in);
        return new Language(name, vocabulary, TokenVectors.read(in, vocabulary.pieces()));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(name);
        vocabulary.write(out);
        vectors.write(out);
    }

    Reading newReading() {
        return new Reading(vocabulary, vectors);
    }

    /** How many dense numbers a reading has. */
    int denseSize() {
        return Reading.POOLS * vectors.dimensions() + Shape.SIZE;
    }
}
