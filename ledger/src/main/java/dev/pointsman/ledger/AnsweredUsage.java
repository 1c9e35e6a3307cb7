package dev.pointsman.ledger;

import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

import java.time.Instant;

/**
 * The tokens of one answered request, from which its cost at another model's price can be computed.
 *
 * @param at when it began
 * @param model the one that answered, {@code provider/id}
 * @param usage the answer's tokens
 * @param cost what was paid for the request, failed attempts and classification included
 * @param classificationCost the part of it that was spent on finding the category
 * @param baseline what the answer would have cost without routing; unknown also where there was no
 *     baseline
 */
public record AnsweredUsage(
        Instant at,
        String category,
        String model,
        Usage usage,
        Money cost,
        Money classificationCost,
        Money baseline,
        boolean practice) {}
