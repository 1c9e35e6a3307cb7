package dev.pointsman.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/**
 * Milliseconds from one to before another.
 *
 * @param until at least {@code since}
 */
record Span(long since, long until) {

    boolean isEmpty() {
        return since >= until;
    }

    /**
     * The whole hours of UTC in it. An hour of which requests were deleted counts as a whole even
     * if only a part of it is in this span.
     *
     * @param kept the first moment of which no request was deleted
     */
    Span hours(long kept) {
        long from = since < kept ? Grain.hour(since) : next(since);
        long to = until < kept ? next(until) : Grain.hour(until);
        return new Span(from, Math.max(from, to));
    }

    /** What is in this span and not in its part, if that has anything. */
    List<Span> without(Span part) {
        return part.isEmpty()
                ? List.of(this)
                : Stream.of(new Span(since, part.since), new Span(part.until, until))
                        .filter(span -> !span.isEmpty())
                        .toList();
    }

    /** The moment before which requests were deleted, all of them. */
    static long kept(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT max(since_ms) FROM kept")) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** Notes that requests before it are deleted. */
    static void keep(Connection connection, long since) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE kept SET since_ms = ? WHERE since_ms < ?")) {
            statement.setLong(1, since);
            statement.setLong(2, since);
            statement.executeUpdate();
        }
    }

    /** The beginning of the first hour that does not begin before. */
    private static long next(long millis) {
        return Math.ceilDiv(millis, Grain.HOUR) * Grain.HOUR;
    }
}
