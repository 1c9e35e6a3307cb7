package dev.pointsman.ledger;

import dev.pointsman.core.Usage;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a group of requests came to. The practice provider's are in every figure unless the query
 * leaves them out; nothing was really paid for them.
 *
 * @param key what the row stands for; {@code total} in the total
 * @param share of all requests of the query, from 0 to 1
 * @param failed how many have no answer
 * @param fallbacks how many were answered by another model than the one tried first
 * @param practice how many the practice provider answered
 * @param tokens those of the answers; failed attempts and classification are in the cost only
 * @param cost what all attempts cost, classification included
 * @param classificationCost the part of it that was spent on finding the category
 * @param saved the baseline's cost less what was paid; unknown for a request without a baseline
 * @param latency from beginning to end, failed requests included; empty without requests
 * @param firstContent from beginning to first content; empty if no answer came in pieces
 */
public record ReportRow(
        String key,
        long requests,
        double share,
        long failed,
        long fallbacks,
        long practice,
        Usage tokens,
        Sum cost,
        Sum classificationCost,
        Sum saved,
        Optional<Percentiles> latency,
        Optional<Percentiles> firstContent) {

    /** How much of the input was read from the provider's cache; empty without input. */
    public OptionalDouble cacheHitRate() {
        long input = tokens.totalInput();
        return input == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) tokens.cacheRead() / input);
    }
}
