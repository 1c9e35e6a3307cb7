package dev.pointsman.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

/**
 * The numbered migrations of a SQLite ledger. A file's {@code user_version} says how many it has
 * had.
 */
final class Schema {

    /**
     * In order; one that has been published is never changed. In a file each statement ends with a
     * semicolon at a line's end.
     */
    private static final List<String> MIGRATIONS =
            List.of(
                    "sqlite/001-ledger.sql",
                    "sqlite/002-narrow-entries.sql",
                    "sqlite/003-sessions.sql",
                    "sqlite/004-rollups.sql",
                    "sqlite/005-keys-and-detail.sql",
                    "sqlite/006-budgets.sql",
                    "sqlite/007-api-keys.sql");

    static final int VERSION = MIGRATIONS.size();

    /** The first version that has rollups: those of older requests are made when it is reached. */
    private static final int ROLLUPS = 4;

    private Schema() {}

    /**
     * Brings the file up to {@link #VERSION}; whoever else does so at once waits. In one
     * transaction: after a failure the caller closes the connection, and nothing has changed.
     *
     * @throws LedgerException if the file is newer than that
     */
    static void migrate(Connection connection, Object name) throws SQLException {
        migrate(connection, name, VERSION);
    }

    /** Up to a version before the last. */
    static void migrate(Connection connection, Object name, int last) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SqliteFile.BEGIN);
            int before = version(statement);
            for (int version = before; version < last; version++) {
                for (String sql : statements(MIGRATIONS.get(version))) {
                    statement.executeUpdate(sql);
                }
                statement.executeUpdate("PRAGMA user_version = " + (version + 1));
            }
            refuseNewer(version(statement), name);
            if (before < ROLLUPS && last == VERSION) {
                Rollups.on(connection).addStored();
            }
            statement.execute(SqliteFile.COMMIT);
        }
    }

    /**
     * @throws LedgerException if the file has another version than {@link #VERSION}
     */
    static void require(Connection connection, Object name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version = version(statement);
            refuseNewer(version, name);
            if (version < VERSION) {
                throw new LedgerException(
                        "The ledger at %s is not set up (schema %d of %d): route something first"
                                .formatted(name, version, VERSION));
            }
        }
    }

    private static void refuseNewer(int version, Object name) {
        refuseNewer(version, VERSION, name);
    }

    static void refuseNewer(int version, int known, Object name) {
        if (version > known) {
            throw new LedgerException(
                    "The ledger at %s has schema %d, and this Pointsman knows %d: update Pointsman, or name another ledger"
                            .formatted(name, version, known));
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    /** Those of a migration's file, each ended by a semicolon at a line's end. */
    static List<String> statements(String resource) {
        try (InputStream in =
                Objects.requireNonNull(Schema.class.getResourceAsStream(resource), resource)) {
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(sql.strip().split(";\\s*(\\R|$)"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
