package dev.pointsman.ledger;

/** What one database says otherwise than another. */
enum Dialect {
    SQLITE("json_each(r.tags)", "SELECT value FROM json_each(?)", "SELECT 1"),
    POSTGRES(
            "LATERAL jsonb_each_text(r.tags)",
            "SELECT jsonb_array_elements_text(?::jsonb)",
            "SET LOCAL statement_timeout = 0");

    private final String tags;
    private final String elements;
    private final String unhurried;

    Dialect(String tags, String elements, String unhurried) {
        this.tags = tags;
        this.elements = elements;
        this.unhurried = unhurried;
    }

    /** Lets what follows in the transaction take its time. */
    String unhurried() {
        return unhurried;
    }

    /** Selects the elements of a JSON array of texts, which is its parameter. */
    String elements() {
        return elements;
    }

    /** A table of the tags of a request {@code r}: {@code key}, {@code value}. */
    String tags() {
        return tags;
    }

    /**
     * Whether what belongs to a request has the request's time too, since it is kept by the day.
     */
    boolean isByDay() {
        return this == POSTGRES;
    }
}
