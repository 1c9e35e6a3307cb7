package dev.pointsman.budget;

import dev.pointsman.core.Money;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a request may come to cost, to be held back until it is settled.
 *
 * @param request its id; a second reservation for one request adds to the first
 * @param at when the request began, which says the period it is charged to
 * @param budgets those it falls under; at least one
 * @param most what it costs at most; known
 * @param keep after that time it is over in any case, and nothing is held back for it
 */
public record Reservation(
        String request, Instant at, List<Budget> budgets, Money most, Duration keep) {

    public Reservation {
        budgets = List.copyOf(budgets);
        if (budgets.isEmpty() || !most.isKnown()) {
            throw new IllegalArgumentException("A reservation has budgets and a known amount");
        }
    }
}
