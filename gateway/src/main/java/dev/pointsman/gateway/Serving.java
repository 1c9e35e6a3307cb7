package dev.pointsman.gateway;

import dev.pointsman.core.Recorder;
import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.policy.Policy;
import dev.pointsman.route.Parts;

/** All that one policy makes of the gateway; a request keeps the one it came in under. */
record Serving(
        Parts parts, Parts unrecorded, Doorkeeper door, ModelLists models, ModelChoices choices) {

    static Serving of(Parts parts) {
        Parts unrecorded =
                new Parts(
                        parts.policy(),
                        Recorder.NONE,
                        parts.practice(),
                        parts.clock(),
                        parts.ids(),
                        parts.cascade(),
                        parts.decider(),
                        parts.connection());
        return new Serving(
                parts,
                unrecorded,
                new Doorkeeper(parts.policy().gateway()),
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
