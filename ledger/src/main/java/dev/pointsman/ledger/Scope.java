package dev.pointsman.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/**
 * The requests a statement reads, as a condition on {@code r}: from a millisecond to before
 * another, with practice or without.
 */
record Scope(long sinceMillis, long untilMillis, ReportQuery.Practice practice) {

    static Scope of(ReportQuery query) {
        return new Scope(millis(query.since()), millis(query.until()), query.practice());
    }

    Scope between(long since, long until) {
        return new Scope(Math.max(since, sinceMillis), Math.min(until, untilMillis), practice);
    }

    String condition() {
        return "r.at_ms >= ? AND r.at_ms < ?"
                + switch (practice) {
                    case ALL -> "";
                    case ONLY -> " AND r.practice = 1";
                    case EXCLUDED -> " AND r.practice = 0";
                };
    }

    /** Sets the condition's parameters, from {@code index} on; gives the next index. */
    int bind(PreparedStatement statement, int index) throws SQLException {
        statement.setLong(index, sinceMillis);
        statement.setLong(index + 1, untilMillis);
        return index + 2;
    }

    /**
     * The first whole millisecond that is not before the moment; the first or last there is for
     * moments beyond.
     */
    static long millis(Instant moment) {
        try {
            return moment.plusNanos(999_999).toEpochMilli();
        } catch (ArithmeticException | java.time.DateTimeException e) {
            return moment.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
