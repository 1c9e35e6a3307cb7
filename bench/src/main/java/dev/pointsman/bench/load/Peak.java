package dev.pointsman.bench.load;

import java.util.concurrent.locks.LockSupport;

/**
 * The largest amount of memory a program has resident while this is open, looked at ten times a
 * second.
 */
final class Peak implements AutoCloseable {

    private static final long INTERVAL = 100_000_000;

    private final Program program;
    private final Thread thread;
    private volatile long most;
    private volatile boolean closed;

    private Peak(Program program) {
        this.program = program;
        this.thread = Thread.ofPlatform().daemon().name("peak").unstarted(this::watch);
    }

    static Peak watch(Program program) {
        Peak peak = new Peak(program);
        peak.thread.start();
        return peak;
    }

    /** In bytes. */
    long most() {
        return most;
    }

    private void watch() {
        while (!closed) {
            most = Math.max(most, program.residentBytes());
            LockSupport.parkNanos(INTERVAL);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
