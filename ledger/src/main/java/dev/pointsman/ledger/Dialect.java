package dev.pointsman.ledger;

/** What one database says otherwise than another. */
enum Dialect {
    SQLITE("json_each(r.tags)"),
    POSTGRES("LATERAL jsonb_each_text(r.tags)");

    private final String tags;

    Dialect(String tags) {
        this.tags = tags;
    }

    /** A table of the tags of a request {@code r}: {@code key}, {@code value}. */
    String tags() {
        return tags;
    }
}
