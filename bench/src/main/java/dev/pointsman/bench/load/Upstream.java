package dev.pointsman.bench.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;

import java.io.IOException;

/**
 * A provider that costs next to nothing, in a process of its own: {@code Upstream PORT}. Answers
 * every chat completion with the same bytes, or with a stream whose chunks carry their send time.
 * {@code GET /live} says how many streams are under way. Ends when its input does, so that it never
 * outlives what started it.
 */
final class Upstream {

    private Upstream() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Ticks ticks = new Ticks(loop.next());
        new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new UpstreamConnection(ticks, channel));
                            }
                        })
                .bind("127.0.0.1", Integer.parseInt(args[0]))
                .sync();
        while (System.in.read() >= 0) {
            // nothing is said to it
        }
        System.exit(0);
    }
}
