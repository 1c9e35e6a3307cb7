package dev.pointsman.gateway;

import dev.pointsman.access.Grant;
import dev.pointsman.access.KeyHash;
import dev.pointsman.call.CallerQuota;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The limits a minute of the keys that were shown, in this process. One for each key that has any,
 * which is as many as somebody made. Thread-safe.
 */
final class Quotas {

    private final Map<KeyHash, CallerQuota> byKey = new ConcurrentHashMap<>();

    Optional<CallerQuota> of(Holder holder) {
        Grant grant = holder.grant();
        return grant.requestsPerMinute() == 0 && grant.tokensPerMinute() == 0
                ? Optional.empty()
                : holder.stored().map(hash -> byKey.computeIfAbsent(hash, first -> quota(grant)));
    }

    private static CallerQuota quota(Grant grant) {
        return new CallerQuota(grant.requestsPerMinute(), grant.tokensPerMinute());
    }
}
