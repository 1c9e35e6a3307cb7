package dev.pointsman.ledger;

import dev.pointsman.core.Money;

import org.jspecify.annotations.Nullable;

/** Where a value is in {@link Rows}: among what many have in common, or in the entry's own row. */
record Column(boolean ofKind, int index) {

    static Column ofKind(String name) {
        return new Column(true, EntryShape.KIND.index(name));
    }

    static Column ofEntry(String name) {
        return new Column(false, EntryShape.ENTRY.index(name));
    }

    @Nullable Object in(Rows rows) {
        return ofKind ? rows.kind().get(index) : rows.entry()[index];
    }

    /** 0 where there is none. */
    long number(Rows rows) {
        return in(rows) instanceof Long number ? number : 0;
    }

    @Nullable String text(Rows rows) {
        return in(rows) instanceof String text ? text : null;
    }

    Money money(Rows rows) {
        return in(rows) instanceof Long nanos ? Money.ofNanos(nanos) : Money.UNKNOWN;
    }
}
