package dev.pointsman.core;

import java.time.Instant;
import java.util.Optional;

/**
 * A budget of which nothing was left when a request came.
 *
 * @param account whose it is, for example {@code key:ci}
 * @param limit for example {@code 50usd/month}
 * @param hard whether the request was refused for it; else it went to the cheaper models
 * @param renews when there is something again; empty if never by itself
 */
public record Exhausted(String account, String limit, boolean hard, Optional<Instant> renews) {

    /** What happened, in words. */
    public String words() {
        return "the budget of "
                + account
                + " ("
                + limit
                + ") is spent"
                + renews.map(at -> "; it renews at " + at)
                        .orElse("; it does not renew by itself: someone must raise it");
    }
}
