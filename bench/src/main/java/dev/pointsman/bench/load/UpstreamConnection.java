package dev.pointsman.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** One connection of the upstream: reads a request no further than it must, and answers it. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements Framing.Receiver {

    /** What decides the answer stands at the beginning of the body. */
    private static final int PEEK = 160;

    private static final String STREAM = "\"stream\":true";
    private static final String MAX_TOKENS = "\"max_tokens\":";
    private static final ByteBuf ANSWER = Payloads.answer();

    private final Ticks ticks;
    private final Channel channel;
    private final Framing framing = new Framing(this);
    private final byte[] peeked = new byte[PEEK];
    private int peekedLength;
    private boolean post;

    UpstreamConnection(Ticks ticks, Channel channel) {
        this.ticks = ticks;
        this.channel = channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            framing.read(in);
        } finally {
            in.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public void head(byte[] head, int length) {
        post = head[0] == 'P';
        peekedLength = 0;
    }

    @Override
    public void body(ByteBuf bytes, int from, int length) {
        int more = Math.min(length, PEEK - peekedLength);
        bytes.getBytes(from, peeked, peekedLength, more);
        peekedLength += more;
    }

    @Override
    public void end() {
        if (!post) {
            channel.writeAndFlush(Payloads.liveAnswer(ticks.members()));
            return;
        }
        String start = new String(peeked, 0, peekedLength, US_ASCII);
        if (start.contains(STREAM)) {
            ticks.add(new UpstreamStream(channel, chunks(start)));
        } else {
            channel.writeAndFlush(ANSWER.duplicate());
        }
    }

    private static int chunks(String start) {
        int from = start.indexOf(MAX_TOKENS) + MAX_TOKENS.length();
        return Integer.parseInt(start.substring(from, start.indexOf(',', from)));
    }
}
