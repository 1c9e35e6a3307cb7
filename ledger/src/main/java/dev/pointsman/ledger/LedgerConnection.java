package dev.pointsman.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One connection to a ledger that is there, to read it or to change what is stored. For one thread.
 *
 * @param name of the ledger, for messages
 * @param resource what the connection is of
 * @param writes whether transactions take the write lock
 */
record LedgerConnection(
        Object name, Connection connection, Dialect dialect, boolean writes, AutoCloseable resource)
        implements AutoCloseable {

    /** Who changes what is stored can wait longer for the file than who writes requests. */
    private static final String PATIENT = "PRAGMA busy_timeout = 10000";

    /**
     * To read the file only.
     *
     * @throws LedgerException if there is none, it is no ledger, or another version made it
     */
    static LedgerConnection toRead(Path file) {
        Path path = existing(file);
        try {
            Connection connection = SqliteFile.openToRead(path);
            return checked(
                    new LedgerConnection(path, connection, Dialect.SQLITE, false, connection));
        } catch (SQLException e) {
            throw unusable("read", path, e);
        }
    }

    /**
     * To change what is in the file, which is brought up to date.
     *
     * @throws LedgerException if there is none, it is no ledger, or a newer version made it
     */
    static LedgerConnection toWrite(Path file) {
        Path path = existing(file);
        try {
            Connection connection = SqliteFile.openToWrite(path);
            try (Statement statement = connection.createStatement()) {
                statement.execute(PATIENT);
                Schema.migrate(connection, path);
            } catch (SQLException | RuntimeException e) {
                SqliteFile.closeQuietly(connection);
                throw e;
            }
            return new LedgerConnection(path, connection, Dialect.SQLITE, true, connection);
        } catch (SQLException e) {
            throw unusable("write", path, e);
        }
    }

    private static Path existing(Path file) {
        Path path = file.toAbsolutePath();
        if (!Files.exists(path)) {
            throw new LedgerException("no ledger at " + path + " yet: route something first");
        }
        return path;
    }

    /**
     * To read the database only.
     *
     * @throws LedgerException if that is not possible, it has no ledger, or another version made it
     */
    static LedgerConnection toRead(PostgresAddress address) {
        LedgerConnection opened = to(address, false);
        try {
            opened.connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            opened.connection.setReadOnly(true);
            return checked(opened);
        } catch (SQLException e) {
            opened.close();
            throw unusable("read", opened.name, e);
        }
    }

    /**
     * To change what is in the database.
     *
     * @throws LedgerException if that is not possible, it has no ledger, or another version made it
     */
    static LedgerConnection toWrite(PostgresAddress address) {
        return checked(to(address, true));
    }

    private static LedgerConnection to(PostgresAddress address, boolean writes) {
        PostgresDatabase database = PostgresDatabase.at(address);
        try {
            return new LedgerConnection(
                    database.name(), database.connect(), Dialect.POSTGRES, writes, database);
        } catch (SQLException e) {
            SqliteFile.closeQuietly(database);
            throw unusable(writes ? "write" : "read", database.name(), e);
        }
    }

    private static LedgerConnection checked(LedgerConnection opened) {
        try {
            opened.require();
            opened.connection.rollback();
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw unusable(opened.writes ? "write" : "read", opened.name, e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void require() throws SQLException {
        switch (dialect) {
            case SQLITE -> Schema.require(connection, name);
            case POSTGRES -> PostgresSchema.require(connection, name.toString());
        }
    }

    /** What is done in one transaction. */
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /**
     * Does it in one transaction, with the write lock if this connection writes.
     *
     * @throws LedgerException if the ledger fails; nothing of it is done then
     */
    <T> T transact(Work<T> work) {
        try {
            return writes ? write(work) : read(work);
        } catch (SQLException e) {
            throw unusable(writes ? "write" : "read", name, e);
        }
    }

    private <T> T read(Work<T> work) throws SQLException {
        try {
            return work.in(connection);
        } finally {
            connection.rollback();
        }
    }

    private <T> T write(Work<T> work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean done = false;
            try {
                begin(statement);
                T result = work.in(connection);
                statement.execute(SqliteFile.COMMIT);
                done = true;
                return result;
            } finally {
                if (!done) {
                    SqliteFile.closeQuietly(() -> statement.execute("ROLLBACK"));
                }
            }
        }
    }

    private void begin(Statement statement) throws SQLException {
        switch (dialect) {
            case SQLITE -> {
                statement.execute(SqliteFile.BEGIN);
                require();
            }
            case POSTGRES -> PostgresSchema.lock(connection, name.toString());
        }
    }

    private static LedgerException unusable(String what, Object name, SQLException cause) {
        return new LedgerException(
                "Cannot %s the ledger at %s: %s. Check that it is a Pointsman ledger and may be %s"
                        .formatted(
                                what,
                                name,
                                String.valueOf(cause.getMessage()).replaceFirst("\\.$", ""),
                                what.equals("read") ? "read" : "written"),
                cause);
    }

    @Override
    public void close() {
        SqliteFile.closeQuietly(connection);
        SqliteFile.closeQuietly(resource);
    }
}
