package dev.pointsman.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Several places where one model can be called: other keys, regions or providers. Calls are spread
 * over them; where one fails, the others are the next.
 *
 * @param name as categories and callers say it, like a model's
 * @param balance how calls are spread
 * @param models {@code provider/id} or aliases, each with its weight, 1 or more; at least one
 */
public record Pool(String name, Balance balance, Map<String, Integer> models) {

    /** How calls are spread over a pool. */
    public enum Balance {
        /** By chance, in proportion to the weights. */
        WEIGHTED,
        /** To the one with the fewest calls under way for its weight. */
        LEAST_LOADED;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Pool {
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
    }
}
