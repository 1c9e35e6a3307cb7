package dev.pointsman.gateway;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.Grant;
import dev.pointsman.access.KeyHash;

import java.util.Optional;

/**
 * Who asks, by the key that was shown.
 *
 * @param name of the key; blank where none is needed
 * @param grant what it lets its holder do, budget included
 * @param stored tells a stored key from any other; empty of one that stands in the policy
 */
record Holder(String name, Grant grant, Optional<KeyHash> stored) {

    /** Whoever comes where no key is needed. */
    static final Holder ANYBODY = new Holder("", Grant.ALL, Optional.empty());

    /** The holder of a key of the policy. */
    static Holder ofPolicy(String name) {
        return new Holder(name, Grant.ALL, Optional.empty());
    }

    static Holder of(AccessKey key) {
        return new Holder(key.name(), key.grant(), Optional.of(key.hash()));
    }

    /** As refusals call it. */
    String words() {
        return "the key \"" + name + "\"";
    }
}
