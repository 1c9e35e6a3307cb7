package dev.pointsman.wire;

/** What a caller asks of a model. */
public enum Operation {
    /** To answer. */
    ANSWER,
    /** To count the tokens of a request. */
    COUNT_TOKENS,
    /** To embed texts. */
    EMBED,
    /** To embed several texts, in the format that has an operation of its own for that. */
    EMBED_BATCH
}
