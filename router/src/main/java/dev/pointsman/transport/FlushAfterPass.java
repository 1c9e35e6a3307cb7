package dev.pointsman.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.FastThreadLocal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Sends what is written to connections while an event loop goes once through what is ready when it
 * is through: in a row, first to providers, then to callers. Who receives it on this machine is
 * woken once for several and not for each, and does not take the processor from the loop each time.
 * Nothing waits longer than half a millisecond and what the loop is then in the midst of; nothing
 * waits where a connection has much to send, or is closed.
 *
 * <p>One for each connection, first in its pipeline; those of a loop find each other. Confined to
 * the loop.
 */
public final class FlushAfterPass extends ChannelOutboundHandlerAdapter {

    private static final long LONGEST_NANOS = 500_000;

    private static final FastThreadLocal<Pass> PASS =
            new FastThreadLocal<>() {
                @Override
                protected Pass initialValue() {
                    return new Pass();
                }
            };

    private final boolean provider;

    /** Where it stands, while it waits. */
    private @Nullable ChannelHandlerContext waiting;

    private FlushAfterPass(boolean provider) {
        this.provider = provider;
    }

    /** For a connection to a provider. */
    static FlushAfterPass toProvider() {
        return new FlushAfterPass(true);
    }

    /** For a caller's connection. */
    public static FlushAfterPass toCaller() {
        return new FlushAfterPass(false);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            waiting = null;
            context.flush();
        } else if (waiting == null) {
            waiting = context;
            PASS.get().add(this, context);
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        send();
        context.close(promise);
    }

    private void send() {
        ChannelHandlerContext context = waiting;
        if (context != null) {
            waiting = null;
            context.flush();
        }
    }

    /** Those of one loop that wait. */
    private static final class Pass implements Runnable {
        private final List<FlushAfterPass> toProviders = new ArrayList<>();
        private final List<FlushAfterPass> toCallers = new ArrayList<>();
        private long since;
        private boolean planned;
        private boolean sending;

        void add(FlushAfterPass one, ChannelHandlerContext context) {
            boolean first = toProviders.isEmpty() && toCallers.isEmpty();
            (one.provider ? toProviders : toCallers).add(one);
            if (first) {
                since = System.nanoTime();
            } else if (!sending && System.nanoTime() - since > LONGEST_NANOS) {
                send();
                return;
            }
            if (!planned) {
                planned = true;
                context.executor().execute(this);
            }
        }

        @Override
        public void run() {
            planned = false;
            send();
        }

        private void send() {
            sending = true;
            try {
                send(toProviders);
                send(toCallers);
            } finally {
                sending = false;
            }
        }

        /** What is sent may let more be written, which joins the row or the next. */
        private static void send(List<FlushAfterPass> row) {
            try {
                for (int i = 0; i < row.size(); i++) {
                    row.get(i).send();
                }
            } finally {
                row.clear();
            }
        }
    }
}
