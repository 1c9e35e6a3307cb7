package dev.pointsman.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * A stream under way: its head and first chunk go out at once, then a chunk each tick, each with
 * the time it was sent at, then the end.
 */
final class UpstreamStream implements Ticks.Member {

    private static final byte[] HEAD = Payloads.streamHead();
    private static final byte[] CHUNK = Payloads.streamChunk();
    private static final int MARK = mark();

    private final Channel channel;
    private final int chunks;
    private int left;

    UpstreamStream(Channel channel, int chunks) {
        this.channel = channel;
        this.chunks = chunks;
        left = chunks - 1;
        channel.writeAndFlush(chunk(HEAD.length).writeBytes(HEAD).writeBytes(marked()));
    }

    @Override
    public boolean tick() {
        if (!channel.isActive()) {
            return false;
        }
        if (left == 0) {
            channel.writeAndFlush(Payloads.streamEnd(chunks));
            return false;
        }
        left--;
        channel.writeAndFlush(chunk(0).writeBytes(marked()));
        return true;
    }

    private ByteBuf chunk(int before) {
        return channel.alloc().directBuffer(before + CHUNK.length);
    }

    /** All streams are on one thread, and what this returns is copied at once. */
    private static byte[] marked() {
        Marks.write(CHUNK, MARK, System.nanoTime());
        return CHUNK;
    }

    private static int mark() {
        for (int i = 0; ; i++) {
            if (CHUNK[i] == Marks.SIGN) {
                return i + 1;
            }
        }
    }
}
