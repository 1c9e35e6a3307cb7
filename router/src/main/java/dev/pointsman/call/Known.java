package dev.pointsman.call;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.DeploymentLimits;
import dev.pointsman.policy.RetryShare;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * What is known of the deployments that were called, whatever policy is in force. Callers can name
 * models without end, so the ones called least are forgotten beyond {@value #MOST}. A deployment
 * whose rules change begins anew. Thread-safe.
 */
final class Known {

    /** Some kilobytes each. */
    static final int MOST = 2_000;

    private final Clock wallClock;
    private final RandomGenerator random;
    private final Cache<String, DeploymentState> deployments =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    private final Map<String, UpstreamState> upstreams = new ConcurrentHashMap<>();

    Known(Clock wallClock, RandomGenerator random) {
        this.wallClock = wallClock;
        this.random = random;
    }

    DeploymentState of(Deployment deployment, AttemptRules rules) {
        DeploymentLimits limits = deployment.provider().limits();
        String name = deployment.model().ref();
        DeploymentState known = deployments.getIfPresent(name);
        if (known != null && known.isUnder(rules, limits)) {
            return known;
        }
        return deployments
                .asMap()
                .compute(
                        name,
                        (same, now) ->
                                now != null && now.isUnder(rules, limits)
                                        ? now
                                        : state(rules, limits));
    }

    private DeploymentState state(AttemptRules rules, DeploymentLimits limits) {
        return new DeploymentState(rules, limits, new Quota(limits, wallClock), random);
    }

    UpstreamState upstream(Deployment deployment, RetryShare retries) {
        String name = deployment.provider().name();
        UpstreamState known = upstreams.get(name);
        if (known != null && known.under(retries) == known) {
            return known;
        }
        return upstreams.compute(
                name, (same, now) -> now == null ? UpstreamState.of(retries) : now.under(retries));
    }

    Map<String, DeploymentState> deployments() {
        return deployments.asMap();
    }
}
