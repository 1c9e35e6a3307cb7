package dev.pointsman.gateway;

import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Format;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection that takes too long to send the head of a request, or on which nothing moves.
 * While a provider is waited for, nothing is expected of the caller. Stands in a connection's
 * pipeline before everything else, since no later place sees a head that is not complete.
 */
final class ConnectionClock extends ChannelInboundHandlerAdapter {

    static final AttributeKey<ConnectionClock> KEY = AttributeKey.valueOf("pointsman-clock");

    private static final int REQUEST_TIMEOUT = 408;

    private final long headNanos;
    private final long idleNanos;
    private boolean headDone;
    private boolean receiving;
    private boolean answering;
    private boolean waiting;
    private long lastMove = System.nanoTime();
    private @Nullable Future<?> headTimer;
    private @Nullable Future<?> idleTimer;

    ConnectionClock(GatewaySettings.Limits limits) {
        this.headNanos = limits.headerTime().toNanos();
        this.idleNanos = limits.idle().toNanos();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().attr(KEY).set(this);
        startHead(context);
        startIdle(context, idleNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        lastMove = System.nanoTime();
        headDone = false;
        context.fireChannelRead(message);
        if (!headDone && !inRequest() && headTimer == null) {
            startHead(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopHead();
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        lastMove = System.nanoTime();
        context.fireChannelWritabilityChanged();
    }

    /** A head is complete. */
    void begun() {
        headDone = true;
        receiving = true;
        answering = true;
        stopHead();
    }

    /** The request is complete; the bytes that completed it begin no other head. */
    void received() {
        receiving = false;
        headDone = true;
    }

    /** A provider is waited for. */
    void waits() {
        waiting = true;
    }

    /** The answer is complete: once the request is too, the next bytes begin another head. */
    void over() {
        answering = false;
        waiting = false;
        lastMove = System.nanoTime();
    }

    /** The connection is about to be closed: no head is awaited any more. */
    void ends() {
        answering = true;
        stopHead();
    }

    private boolean inRequest() {
        return receiving || answering;
    }

    private void startHead(ChannelHandlerContext context) {
        headTimer =
                context.executor()
                        .schedule(() -> headRings(context), headNanos, TimeUnit.NANOSECONDS);
    }

    private void stopHead() {
        if (headTimer != null) {
            headTimer.cancel(false);
            headTimer = null;
        }
    }

    private void headRings(ChannelHandlerContext context) {
        headTimer = null;
        if (!inRequest()) {
            context.writeAndFlush(Unpooled.wrappedBuffer(tooLate()))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static byte[] tooLate() {
        byte[] body =
                ErrorBody.of(
                        Format.OPENAI_CHAT,
                        REQUEST_TIMEOUT,
                        "the head of the request took too long (gateway.limits.header-time)");
        String answer =
                "HTTP/1.1 408 Request Timeout\r\ncontent-type: application/json\r\n"
                        + "connection: close\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n"
                        + new String(body, StandardCharsets.UTF_8);
        return answer.getBytes(StandardCharsets.UTF_8);
    }

    private void startIdle(ChannelHandlerContext context, long nanos) {
        idleTimer =
                context.executor().schedule(() -> idleRings(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void idleRings(ChannelHandlerContext context) {
        boolean expectsNothing = waiting && context.channel().isWritable();
        long left = idleNanos - (System.nanoTime() - lastMove);
        if (left <= 0 && !expectsNothing) {
            context.close();
        } else {
            startIdle(context, left > 0 ? left : idleNanos);
        }
    }
}
