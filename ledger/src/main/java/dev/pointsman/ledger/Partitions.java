package dev.pointsman.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The tables' parts, one a day of UTC, named {@code entry_20261123}. Only within a transaction that
 * has the write lock.
 */
final class Partitions {

    private static final List<String> TABLES = List.of("entry", "call", "content", "former_cost");
    private static final long DAY = Duration.ofDays(1).toMillis();

    /** So many days are there before they come. */
    private static final int AHEAD = 2;

    private Partitions() {}

    /** Days since 1970 of these milliseconds and of those to come. */
    static Set<Long> days(LongStream millis, long now) {
        Set<Long> days = daysOf(millis);
        for (int i = 0; i <= AHEAD; i++) {
            days.add(day(now) + i);
        }
        return days;
    }

    static Set<Long> daysOf(LongStream millis) {
        Set<Long> days = new HashSet<>();
        millis.forEach(each -> days.add(day(each)));
        return days;
    }

    /** The beginning of the day in which the millisecond is. */
    static long dayOf(long millis) {
        return day(millis) * DAY;
    }

    /** Since 1970. */
    static long day(long millis) {
        return Math.floorDiv(millis, DAY);
    }

    /**
     * Makes the day's parts unless they are there. Attached afterwards, so that nobody who reads
     * has to wait.
     */
    static void make(Connection connection, long day) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                String part = table + "_" + label(day);
                if (!exists(statement, part)) {
                    statement.execute(
                            "CREATE TABLE " + part + " (LIKE " + table + " INCLUDING ALL)");
                    statement.execute(
                            "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)"
                                    .formatted(table, part, day * DAY, (day + 1) * DAY));
                }
            }
        }
    }

    /** Drops the parts of days that ended by then. Gives whether there were any. */
    static boolean drop(Connection connection, long beforeMillis) throws SQLException {
        List<String> old = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                old.addAll(old(statement, table, label(day(beforeMillis))));
            }
            for (String part : old) {
                statement.execute("DROP TABLE " + part);
            }
        }
        return !old.isEmpty();
    }

    private static List<String> old(Statement statement, String table, String before)
            throws SQLException {
        String sql =
                """
                SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = '%s'::regclass AND c.relname < '%s_%s'\
                """
                        .formatted(table, table, before);
        try (ResultSet result = statement.executeQuery(sql)) {
            List<String> names = new ArrayList<>();
            while (result.next()) {
                names.add(result.getString(1));
            }
            return names;
        }
    }

    private static boolean exists(Statement statement, String table) throws SQLException {
        try (ResultSet result =
                statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            return result.next() && result.getBoolean(1);
        }
    }

    private static String label(long day) {
        return LocalDate.ofEpochDay(day).format(DateTimeFormatter.BASIC_ISO_DATE);
    }
}
