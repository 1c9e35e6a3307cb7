package dev.pointsman.wire;

final class GeminiAnswerWriter implements AnswerWriter {

    @Override
    public byte[] whole(FullAnswer answer, Frame frame) {
        throw new UnsupportedOperationException("not written");
    }

    @Override
    public BlockSink stream(Frame frame, Pieces out) {
        throw new UnsupportedOperationException("not written");
    }
}
