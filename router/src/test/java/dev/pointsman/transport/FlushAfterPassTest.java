package dev.pointsman.transport;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

class FlushAfterPassTest {

    private static final int MUCH = 1 << 20;

    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<String> seen = new ArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        server.close();
    }

    @Test
    void written_inOnePass_isSentWhenItIsOver_toProvidersFirst() {
        Channel caller = connected("caller", FlushAfterPass.toCaller());
        Channel provider = connected("provider", FlushAfterPass.toProvider());

        inOnePass(() -> {
            caller.writeAndFlush(text("answer"));
            provider.writeAndFlush(text("request"));
            caller.writeAndFlush(text("more"));
            seen.add("over");
        });

        assertThat(seen).containsExactly("over", "provider", "caller");
    }

    @Test
    void longPass_sendsMeanwhile() {
        Channel one = connected("one", FlushAfterPass.toCaller());
        Channel other = connected("other", FlushAfterPass.toCaller());

        inOnePass(() -> {
            one.writeAndFlush(text("early"));
            takeLong();
            other.writeAndFlush(text("late"));
            seen.add("over");
        });

        assertThat(seen).containsExactly("one", "other", "over");
    }

    @Test
    void much_isSentAtOnce() {
        Channel channel = connected("much", FlushAfterPass.toCaller());

        inOnePass(() -> {
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[MUCH]));
            seen.add("over");
        });

        assertThat(seen).startsWith("much", "over");
    }

    @Test
    void closed_sendsWhatWaits() throws IOException {
        Channel channel = connected("closed", FlushAfterPass.toCaller());
        try (Socket peer = server.accept()) {
            inOnePass(() -> {
                channel.writeAndFlush(text("farewell"));
                channel.close();
            });

            assertThat(peer.getInputStream().readAllBytes()).asString().isEqualTo("farewell");
        }
    }

    @Test
    void writtenWhileOthersAreSent_isSentToo() throws IOException {
        Channel provider = connected("provider", FlushAfterPass.toProvider());
        try (Socket peer = server.accept()) {
            Channel caller =
                    connected(
                            "caller",
                            FlushAfterPass.toCaller(),
                            () -> provider.writeAndFlush(text("second")));

            inOnePass(() -> {
                provider.writeAndFlush(text("first,"));
                caller.writeAndFlush(text("answer"));
            });

            assertThat(peer.getInputStream().readNBytes(12)).asString().isEqualTo("first,second");
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    private static void takeLong() {
        long end = System.nanoTime() + Duration.ofMillis(2).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** Runs it on the loop as one task, and waits until what it left for later is done. */
    private void inOnePass(Runnable task) {
        loop.submit(task).syncUninterruptibly();
        loop.submit(() -> {}).syncUninterruptibly();
    }

    private Channel connected(String name, FlushAfterPass handler) {
        return connected(name, handler, () -> {});
    }

    /** Notes when something is sent, and does something then. */
    private Channel connected(String name, FlushAfterPass handler, Runnable whenSent) {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(noting(name, whenSent), handler);
                            }
                        })
                .connect(server.getLocalSocketAddress())
                .syncUninterruptibly()
                .channel();
    }

    private ChannelHandler noting(String name, Runnable whenSent) {
        return new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {
                seen.add(name);
                context.flush();
                whenSent.run();
            }
        };
    }
}
