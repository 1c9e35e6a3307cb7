package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The books in a SQLite file, which has one writer at a time. */
final class SqliteDesk implements Desk {

    private final Path file;
    private @Nullable Connection connection;
    private String identity = "";

    SqliteDesk(Path file) {
        this.file = file;
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public <T> T inTransaction(Work<T> work) throws SQLException {
        try {
            return within(connected(), work);
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T> T within(Connection open, Work<T> work) throws SQLException {
        try (Statement transaction = open.createStatement()) {
            transaction.execute(SqliteFile.BEGIN);
            Schema.require(open, file);
            T result = work.on(open);
            transaction.execute(SqliteFile.COMMIT);
            return result;
        }
    }

    /** Anew if the file is another than before. */
    private Connection connected() throws SQLException {
        if (connection != null && !identity.equals(SqliteFile.identity(file))) {
            close();
        }
        if (connection == null) {
            connection = SqliteStore.open(file);
            identity = SqliteFile.identity(file);
        }
        return connection;
    }

    @Override
    public void close() {
        if (connection != null) {
            SqliteFile.closeQuietly(connection);
            connection = null;
        }
    }
}
