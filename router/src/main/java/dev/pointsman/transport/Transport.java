package dev.pointsman.transport;

import dev.pointsman.core.Failure;
import dev.pointsman.wire.Headers;

import java.time.Duration;

/** A way to providers. Thread-safe. */
public interface Transport extends AutoCloseable {

    /**
     * A thread of execution for one request: everything given to it or coming from it runs one
     * after another. Never blocks. On an event loop of this transport it is that loop.
     */
    Lane lane();

    /** Whether the current thread is one that must not be blocked. */
    boolean onEventLoop();

    /** Ends every call and frees every connection. */
    @Override
    void close();

    /** See {@link Transport#lane()}. */
    interface Lane {
        /** Runs on this lane: at once if this thread is the lane's, else soon. */
        void run(Runnable action);

        /**
         * Runs once on this lane when the time has passed, by a clock that never jumps, unless it
         * is cancelled before.
         */
        Cancellable after(Duration delay, Runnable action);

        /** Begins a call; what comes of it is told on this lane. */
        Sent send(Exchange exchange, Receiver receiver);
    }

    /** Something under way that can be stopped; stopping twice, or after the end, does nothing. */
    @FunctionalInterface
    interface Cancellable {
        void cancel();
    }

    /** A call under way. To be used on its lane. */
    interface Sent extends Cancellable {

        /** None. */
        Sent NONE =
                new Sent() {
                    @Override
                    public void cancel() {}

                    @Override
                    public void pause() {}

                    @Override
                    public void resume() {}
                };

        /** Takes no more bytes off the connection, so that the provider is slowed. */
        void pause();

        /** Takes bytes again. */
        void resume();
    }

    /**
     * Is told what comes of a call: {@code head}, then {@code bytes} any number of times, then
     * {@code end}; or {@code failed} at any point.
     */
    interface Receiver {
        void head(int status, Headers headers);

        void bytes(byte[] bytes);

        void end();

        void failed(Failure failure);
    }
}
