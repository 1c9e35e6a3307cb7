package dev.pointsman.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Lanes on one daemon thread, from which nobody can be called. */
final class OneThread implements Transport, Transport.Lane {

    private final ScheduledThreadPoolExecutor thread;
    private volatile Optional<Thread> running = Optional.empty();

    OneThread() {
        thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        work -> {
                            Thread started = new Thread(work, "pointsman-practice");
                            started.setDaemon(true);
                            running = Optional.of(started);
                            return started;
                        });
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Lane lane() {
        return this;
    }

    @Override
    public boolean onEventLoop() {
        return running.filter(Thread.currentThread()::equals).isPresent();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    @Override
    public void run(Runnable action) {
        if (onEventLoop()) {
            action.run();
        } else {
            thread.execute(action);
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        Future<?> timer = thread.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public Sent send(Exchange exchange, Receiver receiver) {
        throw new UnsupportedOperationException("Nobody can be called from here");
    }
}
