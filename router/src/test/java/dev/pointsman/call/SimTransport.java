package dev.pointsman.call;

import dev.pointsman.transport.Exchange;
import dev.pointsman.transport.Transport;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * A transport in virtual time: days pass in seconds, and the same seeds give the same events. Its
 * monotonic clock overflows a {@code long} on the way, as {@link System#nanoTime()} may. On one
 * thread.
 */
final class SimTransport implements Transport, Transport.Lane {

    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofHours(1).toNanos();
    private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");
    private static final int FEW = 1024;

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(
                    Comparator.<Timer>comparingLong(timer -> timer.at)
                            .thenComparingLong(timer -> timer.number));
    private final Map<String, SimUpstream> upstreams = new HashMap<>();
    private Duration jumped = Duration.ZERO;
    private long elapsed;
    private long numbered;
    private int cancelled;

    /** What answers the calls to a provider. */
    void upstream(String provider, SimUpstream upstream) {
        upstreams.put(provider, upstream);
    }

    /** Monotonic nanoseconds. */
    long nanos() {
        return ORIGIN + elapsed;
    }

    /** Nanoseconds since the beginning. */
    long elapsed() {
        return elapsed;
    }

    /** Sets the wall clock, and that alone. */
    void jump(Duration by) {
        jumped = jumped.plus(by);
    }

    Clock wallClock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return BEGIN.plusNanos(elapsed).plus(jumped);
            }
        };
    }

    /** Timers that are set and have neither rung nor been cancelled. */
    int timers() {
        return timers.size() - cancelled;
    }

    /** Lets all happen that happens until then. */
    void runUntil(Duration end) {
        while (!timers.isEmpty() && timers.peek().at <= end.toNanos()) {
            ring(timers.poll());
        }
        elapsed = Math.max(elapsed, end.toNanos());
    }

    /** Lets everything happen. */
    void runOut() {
        while (!timers.isEmpty()) {
            ring(timers.poll());
        }
    }

    private void ring(Timer timer) {
        elapsed = timer.at;
        if (timer.over) {
            cancelled--;
        } else {
            timer.over = true;
            timer.action.run();
        }
    }

    @Override
    public Lane lane() {
        return this;
    }

    @Override
    public boolean onEventLoop() {
        return false;
    }

    @Override
    public void close() {
        timers.clear();
    }

    @Override
    public void run(Runnable action) {
        action.run();
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        Timer timer = new Timer(elapsed + Math.max(0, delay.toNanos()), numbered++, action);
        timers.add(timer);
        return () -> forget(timer);
    }

    private void forget(Timer timer) {
        if (timer.over) {
            return;
        }
        timer.over = true;
        timer.action = () -> {};
        cancelled++;
        if (cancelled > FEW && cancelled > timers.size() / 2) {
            timers.removeIf(each -> each.over);
            cancelled = 0;
        }
    }

    @Override
    public Sent send(Exchange exchange, Receiver receiver) {
        SimUpstream upstream = upstreams.get(exchange.provider().name());
        SimCall call = new SimCall(upstream, upstream.answer(exchange, elapsed), receiver);
        call.next();
        return call;
    }

    private static final class Timer {
        private final long at;
        private final long number;
        private Runnable action;
        private boolean over;

        Timer(long at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }
    }

    /** One call under way: step after step, until it ends or is given up. */
    private final class SimCall implements Sent {
        private final SimUpstream upstream;
        private final Deque<SimAnswer.Step> steps;
        private final Receiver receiver;
        private Cancellable due = () -> {};
        private boolean paused;
        private boolean over;

        SimCall(SimUpstream upstream, SimAnswer answer, Receiver receiver) {
            this.upstream = upstream;
            this.steps = new ArrayDeque<>(answer.steps());
            this.receiver = receiver;
            upstream.begun();
        }

        private void next() {
            if (!over && !paused && !steps.isEmpty()) {
                due = after(steps.peek().after(), this::step);
            }
        }

        private void step() {
            SimAnswer.Step step = steps.poll();
            if (step.last()) {
                over = true;
                upstream.ended();
            }
            step.tell(receiver);
            next();
        }

        @Override
        public void cancel() {
            if (!over) {
                over = true;
                due.cancel();
                steps.clear();
                upstream.abandoned();
            }
        }

        @Override
        public void pause() {
            paused = true;
            due.cancel();
        }

        @Override
        public void resume() {
            paused = false;
            next();
        }
    }
}
