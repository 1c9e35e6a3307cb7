package dev.pointsman.bench.load;

import io.netty.channel.EventLoop;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Acts so many times at even intervals, each time told the moment it was meant to act at. It never
 * slows down: what is late is caught up with at once. Confined to the event loop.
 */
final class Pacer {

    private final EventLoop loop;
    private final long begin;
    private final double interval;
    private final long times;
    private final LongConsumer action;
    private long done;

    private Pacer(EventLoop loop, double interval, long times, LongConsumer action) {
        this.loop = loop;
        this.interval = interval;
        this.times = times;
        this.action = action;
        begin = System.nanoTime();
    }

    /**
     * @param interval in nanoseconds
     */
    static void start(EventLoop loop, double interval, long times, LongConsumer action) {
        new Pacer(loop, interval, times, action).run();
    }

    private void run() {
        long due = due();
        while (done < times && System.nanoTime() >= due) {
            done++;
            action.accept(due);
            due = due();
        }
        if (done < times) {
            var unused = loop.schedule(this::run, due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private long due() {
        return begin + (long) (done * interval);
    }
}
