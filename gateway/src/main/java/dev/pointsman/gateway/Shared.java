package dev.pointsman.gateway;

import dev.pointsman.policy.GatewaySettings;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all event loops of a gateway share. Thread-safe. */
final class Shared {

    private final PassedOn passedOn = new PassedOn();
    private final Metrics metrics;
    private final Quotas quotas = new Quotas();
    private final AtomicLong bodyBytes = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Serving serving;
    private volatile boolean draining;

    Shared(Serving serving, Metrics metrics) {
        this.serving = serving;
        this.metrics = metrics;
    }

    Serving serving() {
        return serving;
    }

    void serve(Serving other) {
        serving = other;
    }

    PassedOn passedOn() {
        return passedOn;
    }

    Metrics metrics() {
        return metrics;
    }

    Quotas quotas() {
        return quotas;
    }

    /** Whether so many bytes more may be held; if so, they are, until {@link #release}. */
    boolean reserve(long bytes) {
        GatewaySettings.Limits limits = serving.limits();
        long most = (long) (Runtime.getRuntime().maxMemory() * limits.bodiesInFlight());
        if (bodyBytes.addAndGet(bytes) > most) {
            bodyBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(long bytes) {
        bodyBytes.addAndGet(-bytes);
    }

    /** Whether one more connection may be open; if so, it is, until {@link #closed}. */
    boolean opened() {
        return connections.incrementAndGet() <= serving.limits().connections();
    }

    void closed() {
        connections.decrementAndGet();
    }

    void begun() {
        requests.incrementAndGet();
    }

    void over() {
        requests.decrementAndGet();
    }

    /** Requests under way. */
    int requests() {
        return requests.get();
    }

    int connections() {
        return connections.get();
    }

    long bodyBytes() {
        return bodyBytes.get();
    }

    void drain() {
        draining = true;
    }

    boolean draining() {
        return draining;
    }
}
