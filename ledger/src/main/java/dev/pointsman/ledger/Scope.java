package dev.pointsman.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/**
 * The requests a statement reads: from a millisecond to before another, with practice or without.
 */
record Scope(long sinceMillis, long untilMillis, ReportQuery.Practice practice) {

    static Scope of(ReportQuery query) {
        return new Scope(millis(query.since()), millis(query.until()), query.practice());
    }

    /** As a condition on a table named {@code r}. */
    String condition() {
        return "r.at_ms >= ? AND r.at_ms < ?"
                + switch (practice) {
                    case ALL -> "";
                    case ONLY -> " AND r.practice = 1";
                    case EXCLUDED -> " AND r.practice = 0";
                };
    }

    /** Sets the condition's parameters, from {@code first} on. */
    void bind(PreparedStatement statement, int first) throws SQLException {
        statement.setLong(first, sinceMillis);
        statement.setLong(first + 1, untilMillis);
    }

    /** As requests are stored; the first or the last there is for moments beyond. */
    private static long millis(Instant moment) {
        try {
            return moment.toEpochMilli();
        } catch (ArithmeticException e) {
            return moment.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
