package dev.pointsman.policy;

import java.time.Duration;
import java.util.List;

/**
 * How the gateway serves.
 *
 * @param keys whoever calls must show one of them; if there is none, everybody may call
 * @param hosts names by which it may be called without keys on a loopback address, beside those
 *     that no site of the web can have: addresses, names without a dot, {@code localhost} and
 *     {@code *.internal}
 * @param limits what is taken from callers
 */
public record GatewaySettings(List<Key> keys, List<String> hosts, Limits limits) {

    /** No keys, no further hosts, the usual limits. */
    public static final GatewaySettings DEFAULT =
            new GatewaySettings(List.of(), List.of(), Limits.DEFAULT);

    public GatewaySettings {
        keys = List.copyOf(keys);
        hosts = List.copyOf(hosts);
    }

    /** The same, for callers with one of these keys. */
    public GatewaySettings keys(Key... others) {
        return new GatewaySettings(List.of(others), hosts, limits);
    }

    /** The same, called by these names too. */
    public GatewaySettings hosts(String... others) {
        return new GatewaySettings(keys, List.of(others), limits);
    }

    /** The same with other limits. */
    public GatewaySettings limits(Limits others) {
        return new GatewaySettings(keys, hosts, others);
    }

    /**
     * A key that lets a caller in.
     *
     * @param name who holds it, for reports
     * @param key the key itself
     */
    public record Key(String name, Setting key) {}

    /**
     * What is taken from callers, and how much at once.
     *
     * @param body bytes of a request's body; 413 beyond
     * @param header bytes of a request's head; 431 beyond
     * @param headerTime time from a request's first byte to the end of its head; 408 beyond
     * @param idle time without a byte in either direction, after which a connection is closed
     * @param connections open at once; 503 beyond
     * @param upstreamRequests calls to one provider at once; beyond, the next candidate, or 429
     * @param bodiesInFlight the share of the heap that the bodies of all requests may take, from 0
     *     to 1; 503 beyond
     */
    public record Limits(
            long body,
            int header,
            Duration headerTime,
            Duration idle,
            int connections,
            int upstreamRequests,
            double bodiesInFlight) {

        /**
         * 64 MB a body, 64 KB a head, 10 s to send it, 120 s idle, 10,000 connections, 1,024 calls
         * a provider, a quarter of the heap.
         */
        public static final Limits DEFAULT =
                new Limits(
                        64L << 20,
                        64 << 10,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(120),
                        10_000,
                        1_024,
                        0.25);
    }
}
