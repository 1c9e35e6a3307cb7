package dev.pointsman.transport;

import dev.pointsman.wire.Body;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.internal.ContextInternal;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** One connection of {@link PlainConnections}: one call after another. Confined to its loop. */
final class PlainConnection extends ChannelInboundHandlerAdapter {

    /** Pieces of a body up to so many bytes are cheaper copied together. */
    private static final int COPIED = 64 << 10;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FIRST_FINAL = 200;

    private final PlainConnections home;
    private final Channel channel;
    private @Nullable PlainCall call;
    private boolean heard;
    private long sentNanos;
    private boolean interim;
    private boolean keepAlive;
    private boolean answered;

    /** Whether it was idle when it was last looked at. */
    boolean seenIdle;

    PlainConnection(PlainConnections home, Channel channel) {
        this.home = home;
        this.channel = channel;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    void close() {
        call = null;
        channel.close();
    }

    /** Gives it back unused. */
    void release() {
        call = null;
        home.release(this);
    }

    void flowing(boolean flowing) {
        channel.config().setAutoRead(flowing);
    }

    void send(PlainCall next, RequestHead head, Body body) {
        call = next;
        heard = false;
        sentNanos = System.nanoTime();
        long length = body.length();
        boolean together = length <= COPIED;
        ByteBuf out = channel.alloc().directBuffer(head.length() + (together ? (int) length : 0));
        out.writeBytes(head.bytes(), 0, head.length());
        if (together) {
            body.pieces().forEach(piece -> out.writeBytes(piece.duplicate()));
            channel.writeAndFlush(out, channel.voidPromise());
        } else {
            channel.write(out, channel.voidPromise());
            channel.writeAndFlush(
                    Unpooled.wrappedBuffer(body.pieces().toArray(ByteBuffer[]::new)),
                    channel.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        ContextInternal before = home.context().beginDispatch();
        try {
            if (message instanceof HttpResponse response) {
                head(response);
            }
            if (message instanceof HttpContent content) {
                content(content);
            }
        } finally {
            home.context().endDispatch(before);
        }
    }

    private void head(HttpResponse response) {
        PlainCall current = call;
        if (current == null || answered) {
            // nobody asked for it
            close();
            return;
        }
        if (response.decoderResult().isFailure()) {
            broken(response.decoderResult().cause());
            return;
        }
        int status = response.status().code();
        interim = status < FIRST_FINAL && status != SWITCHING_PROTOCOLS;
        if (!interim) {
            keepAlive = HttpUtil.isKeepAlive(response) && status != SWITCHING_PROTOCOLS;
            current.head(status, response.headers());
        }
    }

    private void content(HttpContent content) {
        try {
            PlainCall current = call;
            if (current == null || interim) {
                return;
            }
            if (content.decoderResult().isFailure()) {
                broken(content.decoderResult().cause());
                return;
            }
            ByteBuf buffer = content.content();
            if (buffer.isReadable()) {
                byte[] bytes = new byte[buffer.readableBytes()];
                buffer.readBytes(bytes);
                current.bytes(bytes);
            }
            if (content instanceof LastHttpContent && call != null) {
                answered = true;
                current.end();
            }
        } finally {
            content.release();
        }
    }

    /** What more a provider sends than an answer is seen by now. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!answered) {
            return;
        }
        answered = false;
        if (keepAlive && isOpen() && isSent()) {
            channel.config().setAutoRead(true);
            release();
        } else {
            close();
        }
    }

    /** Whether the whole request has gone: a provider may answer before it has read it. */
    private boolean isSent() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && waiting.isEmpty();
    }

    /** To be called again and again while idle: closes the second time. */
    boolean closedAsIdle() {
        if (!isOpen()) {
            return true;
        }
        if (seenIdle) {
            close();
        }
        boolean closed = seenIdle;
        seenIdle = true;
        return closed;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        broken(new ClosedChannelException());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken(cause);
    }

    private void broken(Throwable cause) {
        PlainCall current = call;
        close();
        boolean stale = !heard && System.nanoTime() - sentNanos < Failures.STALE_NANOS;
        if (current != null && !answered) {
            home.context().dispatch(cause, broken -> current.broken(broken, stale));
        }
    }
}
