package dev.pointsman.transport;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Clock;
import dev.pointsman.core.Failure.Phase;

import io.netty.channel.ConnectTimeoutException;

import java.time.Duration;

/** What a failure below HTTP is called. */
final class Failures {

    /**
     * A connection from the pool that breaks so soon after a request was sent on it, with nothing
     * read, had been closed by the provider before. One that breaks later may have carried the
     * request to somebody who worked on it.
     */
    static final long STALE_NANOS = Duration.ofSeconds(1).toNanos();

    private Failures() {}

    static Failure notConnected(Throwable cause, Duration connectTimeout) {
        return cause instanceof ConnectTimeoutException
                ? new Failure.Timeout(Clock.CONNECT, connectTimeout)
                : new Failure.Network(Phase.CONNECT, words(cause));
    }

    /** What happened, without the address: a query may hold a key. */
    static String words(Throwable cause) {
        String message = cause.getMessage();
        String kind = cause.getClass().getSimpleName().replaceAll("(Exception|Error)$", "");
        return message == null || message.contains("?") ? kind : kind + ": " + message;
    }
}
