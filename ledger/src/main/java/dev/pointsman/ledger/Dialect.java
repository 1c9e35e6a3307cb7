package dev.pointsman.ledger;

/** What one database says otherwise than another. */
enum Dialect {
    SQLITE("json_each(r.tags)", "SELECT value FROM json_each(?)"),
    POSTGRES("LATERAL jsonb_each_text(r.tags)", "SELECT jsonb_array_elements_text(?::jsonb)");

    private final String tags;
    private final String elements;

    Dialect(String tags, String elements) {
        this.tags = tags;
        this.elements = elements;
    }

    /** Selects the elements of a JSON array of texts, which is its parameter. */
    String elements() {
        return elements;
    }

    /** A table of the tags of a request {@code r}: {@code key}, {@code value}. */
    String tags() {
        return tags;
    }
}
