package dev.pointsman.wire;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A request's bytes in pieces, so that a change in the middle of a long body copies nothing. The
 * bytes must not be changed.
 *
 * @param pieces in order
 */
public record Body(List<ByteBuffer> pieces) {

    /** No bytes. */
    public static final Body EMPTY = new Body(List.of());

    public Body {
        pieces = List.copyOf(pieces);
    }

    public static Body of(byte[] bytes) {
        return new Body(List.of(ByteBuffer.wrap(bytes)));
    }

    public long length() {
        long length = 0;
        for (ByteBuffer piece : pieces) {
            length += piece.remaining();
        }
        return length;
    }

    /** All of it in one array; the very array it was made of, if it is that. */
    public byte[] bytes() {
        if (pieces.size() == 1) {
            ByteBuffer only = pieces.getFirst();
            if (only.hasArray()
                    && only.arrayOffset() == 0
                    && only.remaining() == only.array().length) {
                return only.array();
            }
        }
        byte[] all = new byte[Math.toIntExact(length())];
        int at = 0;
        for (ByteBuffer piece : pieces) {
            piece.get(piece.position(), all, at, piece.remaining());
            at += piece.remaining();
        }
        return all;
    }
}
