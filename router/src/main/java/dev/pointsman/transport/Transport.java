package dev.pointsman.transport;

import dev.pointsman.core.Failure;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** A way to providers. Thread-safe. */
public interface Transport extends AutoCloseable {

    /**
     * A thread of execution for one request: everything given to it or coming from it runs one
     * after another. Never blocks.
     */
    Lane lane();

    /** Whether the current thread is one that must not be blocked. */
    boolean onEventLoop();

    /** Ends every call and frees every connection. */
    @Override
    void close();

    /** See {@link Transport#lane()}. */
    interface Lane {
        /** Runs soon, on this lane. */
        void run(Runnable action);

        /**
         * Runs once on this lane when the time has passed, by a clock that never jumps, unless it
         * is cancelled before.
         */
        Cancellable after(Duration delay, Runnable action);

        /** Begins a call; what comes of it is told on this lane. */
        Cancellable send(Exchange exchange, Receiver receiver);
    }

    /** Something under way that can be stopped; stopping twice, or after the end, does nothing. */
    @FunctionalInterface
    interface Cancellable {
        void cancel();
    }

    /**
     * Is told what comes of a call: {@code head}, then {@code bytes} any number of times, then
     * {@code end}; or {@code failed} at any point.
     */
    interface Receiver {
        /**
         * @param header a response header's value by its lower-case name
         */
        void head(int status, Function<String, Optional<String>> header);

        void bytes(byte[] bytes);

        void end();

        void failed(Failure failure);
    }
}
