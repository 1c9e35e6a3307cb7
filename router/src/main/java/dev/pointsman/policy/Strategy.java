package dev.pointsman.policy;

import java.util.Locale;

/** How a category ranks the models that can do a task. */
public enum Strategy {
    /** As the policy lists them. */
    ORDER,
    /** By expected cost, cheapest first; models of unknown price last. */
    CHEAPEST;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
