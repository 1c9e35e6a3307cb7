package dev.pointsman.ledger;

import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/** A row of the request table, as far as reports need it beside what they group by. */
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
            r.reasoning_tokens, r.tokens_estimated, r.detail,
            r.cost_nanos, r.classification_nanos, r.baseline_nanos, r.latency_ms, r.first_content_ms\
            """;

    private static final Column FAILED = Column.ofKind("outcome");
    private static final Column FALLBACK = Column.ofKind("fallback");
    private static final Column ESTIMATED = Column.ofKind("tokens_estimated");
    private static final Column DETAIL = Column.ofEntry("detail");
    private static final Column AT = Column.ofEntry("at_ms");
    private static final Column INPUT = Column.ofEntry("input_tokens");
    private static final Column OUTPUT = Column.ofEntry("output_tokens");
    private static final Column CACHE_READ = Column.ofEntry("cache_read_tokens");
    private static final Column CACHE_WRITE = Column.ofEntry("cache_write_tokens");
    private static final Column REASONING = Column.ofEntry("reasoning_tokens");
    private static final Column COST = Column.ofEntry("cost_nanos");
    private static final Column CLASSIFICATION = Column.ofEntry("classification_nanos");
    private static final Column BASELINE = Column.ofEntry("baseline_nanos");
    private static final Column LATENCY = Column.ofEntry("latency_ms");
    private static final Column FIRST_CONTENT = Column.ofEntry("first_content_ms");

    static StoredRequest of(Rows rows) {
        return new StoredRequest(
                AT.number(rows),
                "failed".equals(FAILED.in(rows)),
                FALLBACK.number(rows) != 0,
                Grain.PRACTICE.number(rows) != 0,
                new Usage(
                        INPUT.number(rows),
                        OUTPUT.number(rows),
                        CACHE_READ.number(rows),
                        CACHE_WRITE.number(rows),
                        REASONING.number(rows),
                        DetailJson.read(DETAIL.text(rows)),
                        ESTIMATED.number(rows) != 0),
                COST.money(rows),
                CLASSIFICATION.money(rows),
                BASELINE.money(rows),
                LATENCY.number(rows),
                FIRST_CONTENT.in(rows) instanceof Long millis
                        ? OptionalLong.of(millis)
                        : OptionalLong.empty());
    }

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
                        DetailJson.read(result.getString(first + 10)),
                        result.getBoolean(first + 9)),
                money(result, first + 11),
                money(result, first + 12),
                money(result, first + 13),
                result.getLong(first + 14),
                optional(result, first + 15));
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
