package dev.pointsman.wire;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The headers of an answer. */
public interface Headers {

    /**
     * @param all by names in lower case
     */
    static Headers of(Map<String, String> all) {
        return new Headers() {
            @Override
            public Optional<String> first(String name) {
                return Optional.ofNullable(all.get(name));
            }

            @Override
            public void each(BiConsumer<String, String> visitor) {
                all.forEach(visitor);
            }
        };
    }

    /**
     * @param name in lower case
     */
    Optional<String> first(String name);

    /** Visits every header, in order; a name may come more than once. */
    void each(BiConsumer<String, String> visitor);
}
