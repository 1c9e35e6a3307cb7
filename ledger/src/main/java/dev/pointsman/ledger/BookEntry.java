package dev.pointsman.ledger;

import dev.pointsman.budget.Budgets.Admission;
import dev.pointsman.budget.Reservation;

import java.util.concurrent.CompletableFuture;

/** What is to be noted in the books. */
sealed interface BookEntry {

    record Reserve(Reservation reservation, CompletableFuture<Admission> admission)
            implements BookEntry {}

    record Settle(String request, long nanos) implements BookEntry {}

    record Release(String request) implements BookEntry {}
}
