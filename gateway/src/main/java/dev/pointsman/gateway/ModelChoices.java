package dev.pointsman.gateway;

import dev.pointsman.policy.Policy;
import dev.pointsman.wire.Format;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What callers mean by models' names, remembered under one policy. Thread-safe. */
final class ModelChoices {

    /** So many names are remembered; beyond, each is searched for again. */
    private static final int MOST_NAMES = 2_000;

    private static final int LONGEST_NAME = 200;

    private final Policy policy;
    private final boolean practice;
    private final Map<Asked, ModelChoice> known = new ConcurrentHashMap<>();

    private record Asked(Format format, boolean translatable, String name) {}

    ModelChoices(Policy policy, boolean practice) {
        this.policy = policy;
        this.practice = practice;
    }

    /**
     * @param translatable whether providers of other formats will do
     * @throws Refusal if there is no such model; says the nearest names
     */
    ModelChoice of(Format format, boolean translatable, String name) throws Refusal {
        Asked asked = new Asked(format, translatable, name);
        ModelChoice before = known.get(asked);
        if (before != null) {
            return before;
        }
        ModelChoice found = ModelChoice.of(policy, format, translatable, name, practice);
        if (known.size() < MOST_NAMES && name.length() <= LONGEST_NAME) {
            known.put(asked, found);
        }
        return found;
    }
}
