package dev.pointsman.cli;

import dev.pointsman.policy.Nearest;
import dev.pointsman.policy.Policy;

import java.util.Collection;

/** Whether a policy has what a key is to be for. */
record GrantCheck(Policy policy) {

    private static final String ANY = "/*";

    /**
     * An alias, a pool, {@code provider/id} or {@code provider/*}.
     *
     * @throws UserException if the policy has no such thing; says the nearest name
     */
    void model(String name) {
        if (name.endsWith(ANY)) {
            String provider = name.substring(0, name.length() - ANY.length());
            require("provider", provider, policy.providers().keySet());
        } else if (!policy.pools().containsKey(name)) {
            policy.deployment(name);
        }
    }

    /**
     * @throws UserException if the policy has no such category; says the nearest name
     */
    void category(String name) {
        require("category", name, policy.categories().keySet());
    }

    private static void require(String what, String name, Collection<String> known) {
        if (!known.contains(name)) {
            throw new UserException(
                    "the policy has no "
                            + what
                            + " \""
                            + name
                            + "\""
                            + Nearest.to(name, known)
                                    .map(near -> "; did you mean \"" + near + "\"?")
                                    .orElse("; there are " + String.join(", ", known)));
        }
    }
}
