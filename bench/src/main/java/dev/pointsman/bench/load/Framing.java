package dev.pointsman.bench.load;

import io.netty.buffer.ByteBuf;

/**
 * Where one HTTP/1.1 message after another begins and ends in a stream of bytes, and nothing more:
 * it trusts its peer, since both ends of a measurement are ours. Without content-length or chunks a
 * message has no body.
 */
final class Framing {

    /** Is told of each message's parts in turn. */
    interface Receiver {
        /**
         * @param head the buffer that holds the head, valid during the call
         */
        void head(byte[] head, int length);

        /** A piece of the body, without the framing of chunks. */
        void body(ByteBuf bytes, int from, int length);

        void end();
    }

    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER
    }

    private static final int HEAD_END = 0x0d0a0d0a;
    private static final int MAX_HEAD = 16 << 10;

    private final Receiver receiver;
    private final byte[] head = new byte[MAX_HEAD];
    private State state = State.HEAD;
    private int headLength;
    private int last;
    private long left;

    Framing(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Reads all there is. */
    void read(ByteBuf in) {
        while (in.isReadable()) {
            switch (state) {
                case HEAD -> head(in);
                case BODY, CHUNK -> body(in);
                case CHUNK_SIZE -> chunkSize(in);
                case CHUNK_END -> chunkEnd(in);
                case TRAILER -> trailer(in);
            }
        }
    }

    private void head(ByteBuf in) {
        int end = in.writerIndex();
        for (int i = in.readerIndex(); i < end; i++) {
            byte b = in.getByte(i);
            head[headLength++] = b;
            last = last << 8 | b;
            if (last == HEAD_END) {
                in.readerIndex(i + 1);
                headRead();
                return;
            }
        }
        in.readerIndex(end);
    }

    private void headRead() {
        int length = headLength;
        headLength = 0;
        last = 0;
        left = 0;
        state = bodyOf(length);
        receiver.head(head, length);
        if (state == State.BODY && left == 0) {
            over();
        }
    }

    private State bodyOf(int length) {
        for (int i = 0; i < length - 1; i++) {
            if (head[i] == '\n') {
                if (begins(i + 1, "content-length:")) {
                    left = number(i + 16);
                    return State.BODY;
                }
                if (begins(i + 1, "transfer-encoding: chunked")) {
                    return State.CHUNK_SIZE;
                }
            }
        }
        return State.BODY;
    }

    private boolean begins(int at, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            int c = head[at + i];
            if (c != lower.charAt(i) && (c | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private long number(int at) {
        long number = 0;
        for (int i = at; head[i] != '\r'; i++) {
            if (head[i] != ' ') {
                number = number * 10 + head[i] - '0';
            }
        }
        return number;
    }

    private void body(ByteBuf in) {
        int length = (int) Math.min(left, in.readableBytes());
        receiver.body(in, in.readerIndex(), length);
        in.skipBytes(length);
        left -= length;
        if (left == 0) {
            if (state == State.BODY) {
                over();
            } else {
                state = State.CHUNK_END;
            }
        }
    }

    private void chunkSize(ByteBuf in) {
        byte b = in.readByte();
        if (b == '\n') {
            state = left == 0 ? State.TRAILER : State.CHUNK;
        } else if (b != '\r') {
            left = left << 4 | Character.digit(b, 16);
        }
    }

    private void chunkEnd(ByteBuf in) {
        if (in.readByte() == '\n') {
            state = State.CHUNK_SIZE;
        }
    }

    /** No trailers are sent: the empty line is the end. */
    private void trailer(ByteBuf in) {
        if (in.readByte() == '\n') {
            over();
        }
    }

    private void over() {
        state = State.HEAD;
        receiver.end();
    }
}
