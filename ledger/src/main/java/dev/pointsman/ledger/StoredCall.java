package dev.pointsman.ledger;

import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

/** A row of the table of calls, as far as its cost needs it. */
record StoredCall(
        long number,
        boolean classifies,
        boolean failed,
        String model,
        Usage usage,
        Money cost,
        @Nullable String version) {

    static StoredCall of(@Nullable Object[] row) {
        return new StoredCall(
                number("number", row),
                "classify".equals(in("purpose", row)),
                in("failure_kind", row) != null,
                String.valueOf(in("model", row)),
                new Usage(
                        number("input_tokens", row),
                        number("output_tokens", row),
                        number("cache_read_tokens", row),
                        number("cache_write_tokens", row),
                        number("reasoning_tokens", row),
                        DetailJson.read(in("detail", row) instanceof String json ? json : null),
                        number("tokens_estimated", row) != 0),
                Column.money(in("cost_nanos", row)),
                in("price_version", row) instanceof String version ? version : null);
    }

    /** Whether it gave an answer; the last that did gave that of the request. */
    boolean answered() {
        return !classifies && !failed;
    }

    private static @Nullable Object in(String column, @Nullable Object[] row) {
        return row[EntryShape.CALL.index(column)];
    }

    private static long number(String column, @Nullable Object[] row) {
        return in(column, row) instanceof Long number ? number : 0;
    }
}
