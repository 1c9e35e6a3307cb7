package dev.pointsman.classify.local;

/** The sets of hashed features that are read from a text, each of length one for itself. */
enum Block {
    /** Words and pairs of words, wherever they stand. */
    WORDS,
    /** Pieces of three to five characters. */
    CHARACTERS,
    /** Words and pairs of words at the beginning and at the end, where a request usually stands. */
    EDGES
}
