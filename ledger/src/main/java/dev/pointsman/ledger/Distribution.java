package dev.pointsman.ledger;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How often each duration occurs, in whole milliseconds: exact, in memory that grows with the
 * number of different durations and not with that of requests.
 */
final class Distribution {

    private final Map<Long, Long> counts = new HashMap<>();
    private long total;

    void add(long millis) {
        counts.merge(millis, 1L, Long::sum);
        total++;
    }

    /** By nearest rank; empty without durations. */
    Optional<Percentiles> percentiles() {
        return total == 0
                ? Optional.empty()
                : Optional.of(new Percentiles(percentile(50), percentile(95)));
    }

    private Duration percentile(int percent) {
        long upTo = 0;
        for (Map.Entry<Long, Long> count : new TreeMap<>(counts).entrySet()) {
            upTo += count.getValue();
            if (upTo * 100 >= total * percent) {
                return Duration.ofMillis(count.getKey());
            }
        }
        throw new IllegalStateException("The counts add up to the total");
    }
}
