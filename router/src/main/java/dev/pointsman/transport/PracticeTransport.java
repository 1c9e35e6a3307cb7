package dev.pointsman.transport;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Usage;
import dev.pointsman.wire.Codec;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Calls nobody: the built-in practice provider answers every request in its own format with a
 * placeholder that says so. Its token counts are the estimates the decision was made with.
 */
public final class PracticeTransport implements Transport {

    private static final int OK = 200;

    private final ScheduledThreadPoolExecutor thread;
    private volatile Optional<Thread> running = Optional.empty();

    public PracticeTransport() {
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
        return new PracticeLane();
    }

    @Override
    public boolean onEventLoop() {
        return running.filter(Thread.currentThread()::equals).isPresent();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static void answer(Exchange exchange, Receiver receiver) {
        Codec codec = exchange.provider().format().codec();
        Usage usage = Usage.of(exchange.estimatedInput(), exchange.expectedOutput());
        Answer answer = new Answer(text(exchange), usage, Stop.END);
        String model = exchange.model().id();
        receiver.head(OK, name -> Optional.empty());
        receiver.bytes(
                exchange.stream()
                        ? codec.writeStream(answer, model)
                        : codec.writeAnswer(answer, model));
        receiver.end();
    }

    private static String text(Exchange exchange) {
        return "This is a placeholder from the practice provider: no model was called, because no"
                + " provider key is set. The decision is real, the cost an estimate. For an"
                + " answer from "
                + exchange.model().ref()
                + ", "
                + exchange.provider().unavailable().orElse("set its provider's key")
                + " and run the same command again.";
    }

    private final class PracticeLane implements Lane {
        @Override
        public void run(Runnable action) {
            thread.execute(action);
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            Future<?> timer = thread.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
            return () -> timer.cancel(false);
        }

        @Override
        public Cancellable send(Exchange exchange, Receiver receiver) {
            Future<?> call = thread.submit(() -> answer(exchange, receiver));
            return () -> call.cancel(false);
        }
    }
}
