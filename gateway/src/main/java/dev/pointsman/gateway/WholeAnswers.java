package dev.pointsman.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.http.impl.headers.Http1xHeaders;

import java.nio.charset.StandardCharsets;

/**
 * Writes a model's whole answer as one buffer. Stands behind the usual encoder in a connection's
 * pipeline, which makes two buffers and two promises of it, and writes all else.
 */
final class WholeAnswers extends ChannelOutboundHandlerAdapter {

    private static final AttributeKey<WholeAnswers> KEY =
            AttributeKey.valueOf("pointsman-whole-answers");

    /** A longer body is cheaper left where it is. */
    private static final int LONGEST_BODY = 64 << 10;

    private static final int HEAD = 512;
    private static final byte[] STATUS = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LINE_END = '\r' << 8 | '\n';

    /** A loop's own, on the heap, where a byte is written with less ado; then copied at once. */
    private static final FastThreadLocal<ByteBuf> HEADS =
            new FastThreadLocal<>() {
                @Override
                protected ByteBuf initialValue() {
                    return Unpooled.buffer(HEAD);
                }
            };

    private final ChannelHandlerContext encoder;
    private boolean expected;

    private WholeAnswers(ChannelHandlerContext encoder) {
        this.encoder = encoder;
    }

    static void addTo(ChannelPipeline pipeline) {
        ChannelHandlerContext encoder = pipeline.context(HttpObjectEncoder.class);
        WholeAnswers added = new WholeAnswers(encoder);
        pipeline.addAfter(encoder.name(), null, added);
        pipeline.channel().attr(KEY).set(added);
    }

    /** The next answer is one with a body: not to HEAD. */
    static void expect(Channel channel) {
        channel.attr(KEY).get().expected = true;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (expected && message instanceof FullHttpResponse answer) {
            expected = false;
            if (fits(answer)) {
                encoder.write(encoded(context, answer), promise);
                return;
            }
        }
        context.write(message, promise);
    }

    private static boolean fits(FullHttpResponse answer) {
        return answer.status().equals(HttpResponseStatus.OK)
                && answer.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && answer.headers() instanceof Http1xHeaders
                && answer.content().readableBytes() <= LONGEST_BODY;
    }

    private static ByteBuf encoded(ChannelHandlerContext context, FullHttpResponse answer) {
        ByteBuf head = HEADS.get().clear();
        head.writeBytes(STATUS);
        ((Http1xHeaders) answer.headers()).encode(head, false);
        head.writeShort(LINE_END);
        ByteBuf body = answer.content();
        ByteBuf out = context.alloc().directBuffer(head.readableBytes() + body.readableBytes());
        out.writeBytes(head).writeBytes(body);
        answer.release();
        return out;
    }
}
