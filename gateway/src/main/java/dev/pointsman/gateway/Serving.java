package dev.pointsman.gateway;

import dev.pointsman.access.AccessKeys;
import dev.pointsman.access.Grant;
import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.policy.Policy;
import dev.pointsman.route.Parts;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All that one policy makes of the gateway; a request keeps the one it came in under. */
record Serving(
        Parts parts,
        Parts unrecorded,
        Doorkeeper door,
        ModelLists models,
        ModelChoices choices,
        Map<Grant, Allowed> grants) {

    /**
     * @param loopback whether only this machine reaches the gateway
     * @param keys those of callers beside the policy's
     */
    static Serving of(Parts parts, boolean loopback, AccessKeys keys) {
        return new Serving(
                parts,
                parts.unrecorded(),
                new Doorkeeper(parts.policy().gateway(), loopback, keys),
                new ModelLists(parts.policy(), parts.practice()),
                new ModelChoices(parts.policy(), parts.practice()),
                new ConcurrentHashMap<>());
    }

    /** What a grant comes to here. */
    Allowed allowed(Grant grant) {
        Allowed known = grants.get(grant);
        return known != null
                ? known
                : grants.computeIfAbsent(grant, first -> new Allowed(policy(), first));
    }

    Policy policy() {
        return parts.policy();
    }

    GatewaySettings.Limits limits() {
        return policy().gateway().limits();
    }
}
