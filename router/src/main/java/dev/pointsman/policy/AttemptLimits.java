package dev.pointsman.policy;

import java.time.Duration;

/**
 * How often and how long a request is tried.
 *
 * @param max calls for one request, fallbacks included; at least 1
 * @param connect time to a connection
 * @param firstContent time from sending to the first content
 * @param idle time between two pieces of content
 * @param total time for the whole request, all calls
 * @param keepAlive time without a byte after which a caller of the gateway who waits for a stream
 *     is told to go on waiting
 */
public record AttemptLimits(
        int max,
        Duration connect,
        Duration firstContent,
        Duration idle,
        Duration total,
        Duration keepAlive) {

    /** A sign of life every 15 s. */
    public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(15);

    /**
     * 3 calls; 5 s to connect, 120 s to the first content, 60 s between pieces, 600 s in all, a
     * sign of life every 15 s.
     */
    public static final AttemptLimits DEFAULT =
            new AttemptLimits(
                    3,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(600),
                    DEFAULT_KEEP_ALIVE);

    /** Those clocks, with the usual sign of life. */
    public AttemptLimits(
            int max, Duration connect, Duration firstContent, Duration idle, Duration total) {
        this(max, connect, firstContent, idle, total, DEFAULT_KEEP_ALIVE);
    }
}
