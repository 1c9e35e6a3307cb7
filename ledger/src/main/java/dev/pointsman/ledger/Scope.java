package dev.pointsman.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/**
 * The requests a statement reads: from a millisecond to before another, with practice or without.
 */
record Scope(Span span, ReportQuery.Practice practice) {

    /** Beyond them, there is no room for the hour around a moment. */
    private static final long FIRST = Long.MIN_VALUE / 2;

    private static final long LAST = Long.MAX_VALUE / 2;

    static Scope of(ReportQuery query) {
        return new Scope(new Span(millis(query.since()), millis(query.until())), query.practice());
    }

    Scope withSpan(Span other) {
        return new Scope(other, practice);
    }

    /** Whether practice or its absence leaves it in. */
    boolean includes(Rows rows) {
        boolean practised = Grain.PRACTICE.number(rows) != 0;
        return switch (practice) {
            case ALL -> true;
            case ONLY -> practised;
            case EXCLUDED -> !practised;
        };
    }

    /** As a condition on requests named {@code r}. */
    String condition() {
        return condition("at_ms");
    }

    /** As a condition on a table named {@code r} that has the time in that column. */
    String condition(String at) {
        return "r.%s >= ? AND r.%s < ?".formatted(at, at)
                + switch (practice) {
                    case ALL -> "";
                    case ONLY -> " AND r.practice = 1";
                    case EXCLUDED -> " AND r.practice = 0";
                };
    }

    /** Sets the condition's parameters, from {@code first} on. */
    void bind(PreparedStatement statement, int first) throws SQLException {
        statement.setLong(first, span.since());
        statement.setLong(first + 1, span.until());
    }

    /** As requests are stored; the first or the last there is for moments beyond. */
    private static long millis(Instant moment) {
        try {
            return Math.clamp(moment.toEpochMilli(), FIRST, LAST);
        } catch (ArithmeticException e) {
            return moment.isBefore(Instant.EPOCH) ? FIRST : LAST;
        }
    }
}
