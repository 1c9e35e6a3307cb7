package dev.pointsman.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Transactions on the database in which keys are kept. Any number of threads may use it. */
sealed interface KeyDatabase extends AutoCloseable {

    /** What is done within one transaction. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Empty if there is no table of keys yet. */
    <T> Optional<T> read(Work<T> work) throws SQLException;

    /**
     * Brings the schema up to date first. Whoever else writes waits.
     *
     * @throws LedgerException if it is newer than this version knows
     */
    <T> T write(Work<T> work) throws SQLException;

    /** What messages call it. */
    String name();

    /** What tells it from others in a folder of files about it. */
    String fileName();

    @Override
    void close();

    /** A file of SQLite, which is opened for each transaction. */
    record Sqlite(Path file) implements KeyDatabase {

        @Override
        public <T> Optional<T> read(Work<T> work) throws SQLException {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            try (Connection connection = SqliteFile.openToRead(file)) {
                return is(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'api_key'")
                        ? Optional.of(work.on(connection))
                        : Optional.empty();
            }
        }

        @Override
        public <T> T write(Work<T> work) throws SQLException {
            create();
            try (Connection connection = SqliteFile.openToWrite(file);
                    Statement statement = connection.createStatement()) {
                Schema.migrate(connection, file);
                statement.execute(SqliteFile.BEGIN);
                T result = work.on(connection);
                statement.execute(SqliteFile.COMMIT);
                return result;
            }
        }

        private void create() throws SQLException {
            try {
                PrivateFiles.createFolders(file.resolveSibling(""));
                PrivateFiles.createFile(file);
            } catch (IOException e) {
                throw new SQLException("cannot create " + file + ": " + e, e);
            }
        }

        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public String fileName() {
            return String.valueOf(file.getFileName());
        }

        @Override
        public void close() {
            // Nothing is open between transactions.
        }
    }

    /** A database of PostgreSQL. */
    record Postgres(PostgresDatabase database) implements KeyDatabase {

        @Override
        public <T> Optional<T> read(Work<T> work) throws SQLException {
            try (Connection connection = database.connect()) {
                return is(
                                connection,
                                "SELECT CASE WHEN to_regclass('api_key') IS NULL THEN 0 ELSE 1 END")
                        ? Optional.of(work.on(connection))
                        : Optional.empty();
            }
        }

        @Override
        public <T> T write(Work<T> work) throws SQLException {
            try (Connection connection = database.connect()) {
                PostgresSchema.lock(connection, name());
                T result = work.on(connection);
                connection.commit();
                return result;
            }
        }

        @Override
        public String name() {
            return database.name();
        }

        @Override
        public String fileName() {
            return name().replaceAll("[^A-Za-z0-9.]+", "-");
        }

        @Override
        public void close() {
            database.close();
        }
    }

    private static boolean is(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() && result.getLong(1) > 0;
        }
    }
}
