package dev.pointsman.wire;

/** Writes answers of one format. Implementations are stateless and thread-safe. */
interface AnswerWriter {

    /** The bytes of a whole answer. */
    byte[] whole(FullAnswer answer, Frame frame);

    /**
     * A writer of one streamed answer. What it writes is well-formed whatever comes, as long as
     * {@link Blocks} drives it.
     */
    BlockSink stream(Frame frame, Pieces out);
}
