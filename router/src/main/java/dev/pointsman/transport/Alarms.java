package dev.pointsman.transport;

import dev.pointsman.transport.Transport.Cancellable;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What is to be run later on one event loop. Nearly all of it is cancelled before, and the delays
 * are few: those of one delay stand in one row in the order in which they are due, and only the
 * first has a timer. Confined to the loop.
 */
final class Alarms {

    /** Up to this a delay is kept to the millisecond. */
    private static final long EXACT_MILLIS = 1_024;

    /** Beyond, it is lengthened by less than one part in so many. */
    private static final long PARTS = 64;

    private final EventLoop loop;
    private final Map<Long, Row> rows = new HashMap<>();

    Alarms(EventLoop loop) {
        this.loop = loop;
    }

    Cancellable set(long millis, Runnable action) {
        long delay = rounded(Math.max(1, millis));
        Row row = rows.get(delay);
        if (row == null) {
            row = new Row(delay);
            rows.put(delay, row);
        }
        return row.add(action);
    }

    private static long rounded(long millis) {
        long step = millis <= EXACT_MILLIS ? 1 : Long.highestOneBit(millis) / PARTS;
        return (millis + step - 1) / step * step;
    }

    /** All of one delay, and its timer, which runs as long as the row is known. */
    private final class Row {
        private final long delay;
        private @Nullable Alarm first;
        private @Nullable Alarm last;

        Row(long delay) {
            this.delay = delay;
            startTimer(TimeUnit.MILLISECONDS.toNanos(delay));
        }

        private void startTimer(long nanos) {
            loop.schedule(this::ring, nanos, TimeUnit.NANOSECONDS);
        }

        Alarm add(Runnable action) {
            long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay);
            Alarm alarm = new Alarm(this, due, action);
            alarm.before = last;
            if (last == null) {
                first = alarm;
            } else {
                last.after = alarm;
            }
            last = alarm;
            return alarm;
        }

        void remove(Alarm alarm) {
            if (alarm.before == null) {
                first = alarm.after;
            } else {
                alarm.before.after = alarm.after;
            }
            if (alarm.after == null) {
                last = alarm.before;
            } else {
                alarm.after.before = alarm.before;
            }
        }

        private void ring() {
            long now = System.nanoTime();
            while (first != null && first.due - now <= 0) {
                Alarm due = first;
                due.cancel();
                due.action.run();
            }
            if (first == null) {
                rows.remove(delay);
            } else {
                startTimer(first.due - now);
            }
        }
    }

    private static final class Alarm implements Cancellable {
        private final Row row;
        private final long due;
        private final Runnable action;
        private @Nullable Alarm before;
        private @Nullable Alarm after;
        private boolean over;

        Alarm(Row row, long due, Runnable action) {
            this.row = row;
            this.due = due;
            this.action = action;
        }

        @Override
        public void cancel() {
            if (!over) {
                over = true;
                row.remove(this);
            }
        }
    }
}
