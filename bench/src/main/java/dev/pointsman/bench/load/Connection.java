package dev.pointsman.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;

import java.io.IOException;

/** One client connection. Confined to the event loop. */
final class Connection extends ChannelInboundHandlerAdapter implements Framing.Receiver {

    private final Channel channel;
    private final Caller caller;
    private final Framing framing = new Framing(this);
    private int status;
    private boolean gone;

    Connection(Channel channel, Caller caller) {
        this.channel = channel;
        this.caller = caller;
    }

    void send(ByteBuf request) {
        channel.writeAndFlush(request.duplicate(), channel.voidPromise());
    }

    /** Leaves; the caller is told nothing more. */
    void close() {
        gone = true;
        channel.close();
    }

    /** Leaves with a reset instead of an orderly end. */
    void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        close();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        caller.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (!gone) {
                framing.read(in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        exceptionCaught(context, new IOException("The connection was closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!gone) {
            close();
            caller.lost(cause);
        }
    }

    @Override
    public void head(byte[] head, int length) {
        status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0';
    }

    @Override
    public void body(ByteBuf bytes, int from, int length) {
        caller.body(bytes, from, length);
    }

    @Override
    public void end() {
        caller.answered(this, status);
    }
}
