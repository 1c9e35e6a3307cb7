package dev.pointsman.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The numbered migrations of a PostgreSQL ledger. The table {@code pointsman_schema} says how many
 * it has had.
 */
final class PostgresSchema {

    /** In order; one that has been published is never changed. */
    private static final List<String> MIGRATIONS =
            List.of(
                    "postgres/001-ledger.sql",
                    "postgres/002-keys-and-detail.sql",
                    "postgres/003-budgets.sql",
                    "postgres/004-api-keys.sql");

    static final int VERSION = MIGRATIONS.size();

    /**
     * Whoever writes has this lock to the end of the transaction: one process writes at a time, as
     * in a SQLite file. The number stands for nothing.
     */
    private static final String LOCK =
            "SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock(7305812094117)";

    /** The same for those who touch the books of budgets, who need not wait for whole batches. */
    private static final String LOCK_BOOKS = "SELECT pg_advisory_xact_lock(7305812094118)";

    private PostgresSchema() {}

    /**
     * Takes the lock of the books. In a statement of its own: what is read after it is what those
     * who had it before have committed.
     */
    static void lockBooks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK_BOOKS);
        }
    }

    /**
     * Takes the write lock and brings the schema up to {@link #VERSION}.
     *
     * @throws LedgerException if it is newer than that
     */
    static void lock(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
            for (int version = version(statement); version < VERSION; version++) {
                for (String sql : Schema.statements(MIGRATIONS.get(version))) {
                    statement.execute(sql);
                }
                statement.execute("UPDATE pointsman_schema SET version = " + (version + 1));
            }
        }
        require(connection, name);
    }

    /**
     * @throws LedgerException if the database has another version than {@link #VERSION}
     */
    static void require(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version = exists(statement) ? version(statement) : 0;
            Schema.refuseNewer(version, VERSION, name);
            if (version < VERSION) {
                throw new LedgerException(
                        "The ledger at %s is not set up (schema %d of %d): route something first"
                                .formatted(name, version, VERSION));
            }
        }
    }

    /** Makes the table if it is not there. */
    private static int version(Statement statement) throws SQLException {
        if (!exists(statement)) {
            statement.execute("CREATE TABLE pointsman_schema (version BIGINT NOT NULL)");
            statement.execute("INSERT INTO pointsman_schema VALUES (0)");
        }
        try (ResultSet result = statement.executeQuery("SELECT version FROM pointsman_schema")) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    private static boolean exists(Statement statement) throws SQLException {
        try (ResultSet result =
                statement.executeQuery("SELECT to_regclass('pointsman_schema') IS NOT NULL")) {
            return result.next() && result.getBoolean(1);
        }
    }
}
