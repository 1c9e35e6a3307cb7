package dev.pointsman.ledger;

import java.time.ZoneId;

/** What the rows of a report stand for. */
public sealed interface Grouping {

    /**
     * The key of requests that have nothing to be grouped by: no model answered, no caller is
     * known, or there was no key.
     */
    String NONE = "(none)";

    /** The task's category. */
    record Category() implements Grouping {}

    /** The model that answered, {@code provider/id}; {@link #NONE} where none did. */
    record Model() implements Grouping {}

    /** Who asked; {@link #NONE} where nobody knows. */
    record Caller() implements Grouping {}

    /** The name of the key it was asked with; {@link #NONE} without one. */
    record Key() implements Grouping {}

    /**
     * Each tag, {@code key=value}: a request with several tags counts in several rows, one without
     * in none.
     */
    record Tags() implements Grouping {}

    /** The values of one tag; requests without it count in no row. */
    record Tag(String key) implements Grouping {}

    /** The day on which a request began, as {@code 2026-11-23} in that zone. */
    record Day(ZoneId zone) implements Grouping {}
}
