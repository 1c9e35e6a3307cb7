package dev.pointsman.budget;

import dev.pointsman.core.Exhausted;
import dev.pointsman.core.Money;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The books: what is spent of budgets, and what is held back for requests under way. What a request
 * cost is charged by the ledger, in the transaction that writes the request. Thread-safe; nothing
 * here blocks.
 */
public interface Budgets {

    /** Keeps no books, and so lets nobody spend who has a budget. */
    Budgets NONE =
            new Budgets() {
                @Override
                public CompletionStage<Admission> reserve(Reservation reservation) {
                    return CompletableFuture.failedStage(
                            new IllegalStateException(
                                    "There are budgets, and no ledger that keeps their books: give"
                                            + " one with budgets(ledger.budgets())"));
                }

                @Override
                public void settle(String request, Money cost) {}

                @Override
                public void release(String request) {}

                @Override
                public List<Standing> standings() {
                    return List.of();
                }
            };

    /**
     * Holds the amount back under every budget, or under none. A request is let in as long as
     * something is left, so that a budget is overspent by what one request costs at most. Completes
     * on a thread that must not be blocked.
     */
    CompletionStage<Admission> reserve(Reservation reservation);

    /** Says what a request came to, so that no more is held back until the ledger charges it. */
    void settle(String request, Money cost);

    /** Nothing is held back any more for a request that the ledger will not know of. */
    void release(String request);

    /** The accounts seen by this process, as they stood a moment ago. */
    List<Standing> standings();

    /** Whether a request may be made. */
    sealed interface Admission {

        /**
         * It may.
         *
         * @param spent soft budgets of which nothing was left
         */
        record Admitted(List<Exhausted> spent) implements Admission {}

        /** It may not. */
        record Refused(Exhausted spent) implements Admission {}
    }

    /**
     * An account in the present period.
     *
     * @param spent what the ledger has charged
     * @param reserved what is held back for requests under way
     */
    record Standing(Budget budget, Money spent, Money reserved) {}
}
