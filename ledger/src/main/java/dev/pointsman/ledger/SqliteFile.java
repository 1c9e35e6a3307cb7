package dev.pointsman.ledger;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How connections to a ledger's file are opened. */
final class SqliteFile {

    /**
     * How long a statement waits for other processes that write; they hold the file for
     * milliseconds.
     */
    private static final int BUSY_MILLIS = 1_000;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Takes the write lock at once, so that a transaction never fails half-way for want of it. */
    static final String BEGIN = "BEGIN IMMEDIATE";

    static final String COMMIT = "COMMIT";

    private SqliteFile() {}

    /**
     * The driver's auto-commit stays on and transactions are begun in SQL: with it off, the driver
     * begins the next transaction at each commit, and would keep the file locked while it is idle.
     *
     * <p>SQLite takes no locks of its own for each value it is given: the driver lets one thread in
     * at a time. Nor does it look up each reference (the default), since rows are only added, in an
     * order that leaves none open.
     */
    static Connection openToWrite(Path file) throws SQLException {
        SQLiteConfig config = config();
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        Connection connection = config.createConnection(url(file));
        try (Statement statement = connection.createStatement()) {
            keepWriteAheadLog(statement);
            statement.execute("PRAGMA synchronous = NORMAL");
            return connection;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /**
     * SQLite does not wait to change this, whatever the busy timeout is: of several that open a new
     * file at once, all but one would fail.
     */
    private static void keepWriteAheadLog(Statement statement) throws SQLException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
        boolean kept = false;
        while (!kept) {
            try {
                statement.execute("PRAGMA journal_mode = WAL");
                kept = true;
            } catch (SQLException e) {
                if (code(e) != SQLiteErrorCode.SQLITE_BUSY || System.nanoTime() - end >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /** Auto-commit is off: what one transaction reads is one state of the ledger. */
    static Connection openToRead(Path file) throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        Connection connection = config.createConnection(url(file));
        try {
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /**
     * What tells the file from another at the same path; empty where there is none or the file
     * system cannot say.
     */
    static String identity(Path file) {
        try {
            return Objects.toString(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "");
        } catch (IOException e) {
            return "";
        }
    }

    static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // What was committed is safe; the rest is written again or given up by whoever holds
            // it.
        }
    }

    /** Whether the failure may pass without anyone changing anything about this file. */
    static boolean passes(SQLException failure) {
        return switch (code(failure)) {
            case SQLITE_BUSY,
                    SQLITE_LOCKED,
                    SQLITE_PROTOCOL,
                    SQLITE_FULL,
                    SQLITE_IOERR,
                    SQLITE_NOMEM ->
                    true;
            default -> false;
        };
    }

    /** The database's own code; the driver hides that of a batch in the cause. */
    static SQLiteErrorCode code(SQLException failure) {
        SQLException told =
                failure instanceof BatchUpdateException
                                && failure.getCause() instanceof SQLException cause
                        ? cause
                        : failure;
        return SQLiteErrorCode.getErrorCode(told.getErrorCode() & 0xFF);
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        return config;
    }

    /** As a URI, so that no character of the path is taken for a parameter. */
    private static String url(Path file) {
        return "jdbc:sqlite:" + file.toAbsolutePath().toUri();
    }
}
