package dev.pointsman.ledger;

import dev.pointsman.budget.Budgets;
import dev.pointsman.core.Recorder;

import java.time.Duration;

/** Where entries are kept: in a file of SQLite, in PostgreSQL or nowhere. Thread-safe. */
public sealed interface Ledger extends Recorder, AutoCloseable
        permits SqliteLedger, PostgresLedger, NoLedger {

    /**
     * Keeps nothing, as it was told: nothing it is given counts as dropped. Nor has it books, so
     * nobody may spend who has a budget.
     */
    Ledger NOWHERE = new NoLedger();

    /**
     * Writes at once what waits, and waits for that. Who must know that one entry is safe looks at
     * {@link #dropped()} before recording it and after this.
     *
     * @return whether, within the timeout and without an interrupt, every entry taken before this
     *     call was dealt with: committed (for PostgreSQL: in the spool on disk), or dropped and
     *     counted because it cannot be stored
     */
    boolean flush(Duration timeout);

    /**
     * The books of budgets, in the same store: what is spent is the sum of the requests' costs that
     * are written there. While the store cannot be written, requests are let in by what was known
     * last, each process for itself.
     */
    Budgets budgets();

    /** How many entries this object was given and has not stored and never will. */
    long dropped();

    /** Writes what waits, for a bounded time, and lets go of the store. Never throws. */
    @Override
    void close();
}
