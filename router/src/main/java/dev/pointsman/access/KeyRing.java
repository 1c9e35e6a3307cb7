package dev.pointsman.access;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Keys as they stood at one moment, revoked ones too. Immutable and thread-safe. */
public final class KeyRing {

    /** No key, and none is needed. */
    public static final KeyRing EMPTY = new KeyRing(Map.of(), false);

    /** No key, and one is needed: what is known when the keys themselves cannot be. */
    public static final KeyRing LOCKED = new KeyRing(Map.of(), true);

    private final Map<KeyHash, AccessKey> keys;
    private final boolean needed;

    private KeyRing(Map<KeyHash, AccessKey> keys, boolean needed) {
        this.keys = keys;
        this.needed = needed;
    }

    /** A key is needed if there is any at all, be it revoked. */
    public static KeyRing of(Collection<AccessKey> keys) {
        Map<KeyHash, AccessKey> byHash =
                keys.stream()
                        .collect(
                                Collectors.toMap(
                                        AccessKey::hash, Function.identity(), (one, same) -> same));
        return new KeyRing(byHash, !byHash.isEmpty());
    }

    /**
     * The key of that text, also a revoked one. Hashing takes as long for every text of a length;
     * where in the map a hash is says nothing of texts.
     */
    public Optional<AccessKey> find(String shown) {
        return keys.isEmpty() ? Optional.empty() : Optional.ofNullable(keys.get(KeyHash.of(shown)));
    }

    /** Whether callers must show a key. */
    public boolean isNeeded() {
        return needed;
    }

    public List<AccessKey> keys() {
        return List.copyOf(keys.values());
    }

    /** The same without keys of these names; a key is still needed if one was. */
    public KeyRing without(Set<String> names) {
        Map<KeyHash, AccessKey> left = new HashMap<>(keys);
        left.values().removeIf(key -> names.contains(key.name()));
        return left.size() == keys.size() ? this : new KeyRing(left, needed);
    }
}
