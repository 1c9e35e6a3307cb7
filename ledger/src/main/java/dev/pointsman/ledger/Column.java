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

    /** Puts the value there. */
    void put(@Nullable Object value, Rows rows) {
        if (ofKind) {
            rows.kind().set(index, value);
        } else {
            rows.entry()[index] = value;
        }
    }

    /** 0 where there is none. */
    long number(Rows rows) {
        return in(rows) instanceof Long number ? number : 0;
    }

    @Nullable String text(Rows rows) {
        return in(rows) instanceof String text ? text : null;
    }

    Money money(Rows rows) {
        return money(in(rows));
    }

    /** As it is stored. */
    static Money money(@Nullable Object nanos) {
        return nanos instanceof Long known ? Money.ofNanos(known) : Money.UNKNOWN;
    }
}
