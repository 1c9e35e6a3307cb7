package dev.pointsman.gateway;

import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.policy.Policy;
import dev.pointsman.route.Parts;

/** All that one policy makes of the gateway; a request keeps the one it came in under. */
record Serving(
        Parts parts, Parts unrecorded, Doorkeeper door, ModelLists models, ModelChoices choices) {

    /**
     * @param loopback whether only this machine reaches the gateway
     */
    static Serving of(Parts parts, boolean loopback) {
        return new Serving(
                parts,
                parts.unrecorded(),
                new Doorkeeper(parts.policy().gateway(), loopback),
                new ModelLists(parts.policy(), parts.practice()),
                new ModelChoices(parts.policy(), parts.practice()));
    }

    Policy policy() {
        return parts.policy();
    }

    GatewaySettings.Limits limits() {
        return policy().gateway().limits();
    }
}
