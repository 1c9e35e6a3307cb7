package dev.pointsman.ledger;

import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/** A row of the request table, as far as reports need it. */
record StoredRequest(
        long atMillis,
        boolean failed,
        boolean fallback,
        boolean practice,
        Usage usage,
        Money cost,
        Money classificationCost,
        Money baseline,
        long latencyMillis,
        OptionalLong firstContentMillis) {

    /** The columns, of a table named {@code r}, that {@link #from} expects. */
    static final String COLUMNS =
            """
            r.at_ms, r.outcome, r.fallback, r.practice,
            r.input_tokens, r.output_tokens, r.cache_read_tokens, r.cache_write_tokens,
            r.reasoning_tokens, r.tokens_estimated,
            r.cost_nanos, r.classification_nanos, r.baseline_nanos, r.latency_ms, r.first_content_ms\
            """;

    /** Reads them from {@code first} on. */
    static StoredRequest from(ResultSet result, int first) throws SQLException {
        return new StoredRequest(
                result.getLong(first),
                result.getString(first + 1).equals("failed"),
                result.getBoolean(first + 2),
                result.getBoolean(first + 3),
                new Usage(
                        result.getLong(first + 4),
                        result.getLong(first + 5),
                        result.getLong(first + 6),
                        result.getLong(first + 7),
                        result.getLong(first + 8),
                        result.getBoolean(first + 9)),
                money(result, first + 10),
                money(result, first + 11),
                money(result, first + 12),
                result.getLong(first + 13),
                optional(result, first + 14));
    }

    /** The baseline's cost less what was paid; unknown if either is. */
    Money saved() {
        return baseline.minus(cost);
    }

    private static Money money(ResultSet result, int column) throws SQLException {
        OptionalLong nanos = optional(result, column);
        return nanos.isPresent() ? Money.ofNanos(nanos.getAsLong()) : Money.UNKNOWN;
    }

    private static OptionalLong optional(ResultSet result, int column) throws SQLException {
        long value = result.getLong(column);
        return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
