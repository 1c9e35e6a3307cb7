package dev.pointsman.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in good order when it is interrupted: what is under way comes back and is
 * written, so that nothing paid for is lost, and the summary is printed. Made first and closed
 * last.
 */
final class Interrupt implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "pointsman-interrupt");
    private Runnable stop = () -> {};
    private boolean interrupted;

    Interrupt() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What an interrupt calls; at once if it has come already. */
    synchronized void then(Runnable action) {
        stop = action;
        if (interrupted) {
            action.run();
        }
    }

    private void interrupted() {
        synchronized (this) {
            interrupted = true;
            stop.run();
        }
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "pointsman: tasks under way did not end; --resume runs them again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        synchronized (this) {
            if (!interrupted) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }
}
