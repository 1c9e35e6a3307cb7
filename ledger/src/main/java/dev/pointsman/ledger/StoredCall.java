package dev.pointsman.ledger;

import static java.util.Map.entry;

import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A row of the table of calls, as far as its cost needs it. */
record StoredCall(
        long number,
        boolean classifies,
        boolean failed,
        String model,
        Usage usage,
        Money cost,
        @Nullable String version) {

    private static final Column START = Column.ofEntry("attempt_start_ms");

    /** Where the request's own row has what a row of the only attempt would. */
    private static final Map<String, Column> OF_REQUEST =
            Map.ofEntries(
                    entry("request_id", Column.ofEntry("id")),
                    entry("provider", Column.ofKind("provider")),
                    entry("model", Column.ofKind("answering_model")),
                    entry("start_ms", START),
                    entry("latency_ms", Column.ofEntry("attempt_latency_ms")),
                    entry("first_content_ms", Column.ofEntry("attempt_first_content_ms")),
                    entry("input_tokens", Column.ofEntry("input_tokens")),
                    entry("output_tokens", Column.ofEntry("output_tokens")),
                    entry("cache_read_tokens", Column.ofEntry("cache_read_tokens")),
                    entry("cache_write_tokens", Column.ofEntry("cache_write_tokens")),
                    entry("reasoning_tokens", Column.ofEntry("reasoning_tokens")),
                    entry("detail", Column.ofEntry("detail")),
                    entry("tokens_estimated", Column.ofKind("tokens_estimated")),
                    entry("cost_nanos", Column.ofEntry("cost_nanos")),
                    entry("price_version", Column.ofKind("price_version")));

    /** Whether the request's own row says all of its only attempt. */
    static boolean isOnly(Rows rows) {
        return START.in(rows) != null;
    }

    /** The attempts of a request, each as a row of the table of calls. */
    static List<@Nullable Object[]> rows(Rows rows) {
        if (!isOnly(rows)) {
            return rows.calls();
        }
        @Nullable Object[] only = new @Nullable Object[EntryShape.CALL.columns().size()];
        only[EntryShape.CALL.index("number")] = 1L;
        only[EntryShape.CALL.index("purpose")] = "answer";
        OF_REQUEST.forEach((name, column) -> only[EntryShape.CALL.index(name)] = column.in(rows));
        List<@Nullable Object[]> one = new ArrayList<>();
        one.add(only);
        return one;
    }

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
