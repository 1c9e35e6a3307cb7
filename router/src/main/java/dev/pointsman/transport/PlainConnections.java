package dev.pointsman.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.vertx.core.internal.ContextInternal;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Connections to one provider by HTTP/1.1 without TLS, of one event loop. They stand in for those
 * of Vert.x, whose pool, futures and encoding cost about 5 us a request. Confined to the loop.
 */
final class PlainConnections {

    /** An idle connection is closed when it was seen idle twice: after one of these or two. */
    private static final long LOOK_SECONDS = 25;

    private static final int MAX_HEADER = 64 << 10;
    private static final int MAX_INITIAL_LINE = 4 << 10;
    private static final int MAX_PIECE = 64 << 10;

    private final ContextInternal context;
    private final Upstream upstream;
    private final Deque<PlainConnection> idle = new ArrayDeque<>();
    private final RequestHead head = new RequestHead();
    private boolean looking;

    PlainConnections(ContextInternal context, Upstream upstream) {
        this.context = context;
        this.upstream = upstream;
    }

    Upstream upstream() {
        return upstream;
    }

    ContextInternal context() {
        return context;
    }

    RequestHead head() {
        return head;
    }

    /** Gives the call a connection, or tells it that there is none. */
    void connect(PlainCall call, Duration timeout) {
        for (PlainConnection one = idle.pollLast(); one != null; one = idle.pollLast()) {
            if (one.isOpen()) {
                call.connected(one, true);
                return;
            }
        }
        dial(call, timeout);
    }

    /** The same by a new connection. */
    void dial(PlainCall call, Duration timeout) {
        context.owner()
                .nameResolver()
                .resolve(context.nettyEventLoop(), upstream.host())
                .addListener(found -> {
                    if (found.isSuccess()) {
                        InetSocketAddress host = (InetSocketAddress) found.getNow();
                        context.nettyEventLoop().execute(() -> connect(call, timeout, host));
                    } else {
                        context.dispatch(found.cause(), call::notConnected);
                    }
                });
    }

    /**
     * As a task of the loop, and in one go. While the loop goes through what happened to its
     * sockets, a new one may get the number of one just closed and be taken for it; one that it
     * sees registered and not yet connected looks hung up. Both would be closed.
     */
    private void connect(PlainCall call, Duration timeout, InetSocketAddress host) {
        ChannelFuture registered =
                new Bootstrap()
                        .group(context.nettyEventLoop())
                        .channelFactory(context.owner().transport().channelFactory(false))
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                        .handler(pipeline())
                        .register();
        if (registered.cause() != null) {
            context.dispatch(registered.cause(), call::notConnected);
            return;
        }
        Channel channel = registered.channel();
        channel.connect(new InetSocketAddress(host.getAddress(), upstream.port()))
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        PlainConnection connection = new PlainConnection(this, channel);
                        channel.pipeline().addLast(connection);
                        context.dispatch(connection, made -> call.connected(made, false));
                    } else {
                        context.dispatch(connected.cause(), call::notConnected);
                    }
                });
    }

    private ChannelHandler pipeline() {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(
                                FlushAfterPass.toProvider(),
                                new HttpResponseDecoder(
                                        new HttpDecoderConfig()
                                                .setMaxInitialLineLength(MAX_INITIAL_LINE)
                                                .setMaxHeaderSize(MAX_HEADER)
                                                .setMaxChunkSize(MAX_PIECE)));
            }
        };
    }

    void release(PlainConnection connection) {
        connection.seenIdle = false;
        idle.addLast(connection);
        if (!looking) {
            looking = true;
            startLooking();
        }
    }

    private void startLooking() {
        context.nettyEventLoop().schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        idle.removeIf(PlainConnection::closedAsIdle);
        looking = !idle.isEmpty();
        if (looking) {
            startLooking();
        }
    }
}
