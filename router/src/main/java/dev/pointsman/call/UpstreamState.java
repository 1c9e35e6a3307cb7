package dev.pointsman.call;

import dev.pointsman.policy.RetryShare;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all models of one provider share: calls under way, and how many may be repetitions.
 * Thread-safe.
 */
final class UpstreamState {

    private final RetryShare settings;
    private final RetryBudget retries;
    private final AtomicInteger underWay;

    private UpstreamState(RetryShare settings, AtomicInteger underWay) {
        this.settings = settings;
        this.retries = new RetryBudget(settings);
        this.underWay = underWay;
    }

    static UpstreamState of(RetryShare settings) {
        return new UpstreamState(settings, new AtomicInteger());
    }

    /** The same under these settings: calls under way stay counted. */
    UpstreamState under(RetryShare others) {
        return settings.equals(others) ? this : new UpstreamState(others, underWay);
    }

    RetryBudget retries() {
        return retries;
    }

    AtomicInteger underWay() {
        return underWay;
    }
}
