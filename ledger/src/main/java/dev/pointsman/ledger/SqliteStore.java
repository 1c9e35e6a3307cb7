package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A ledger in a SQLite file. After any failure it connects anew, so it finds a file that was
 * repaired, replaced or removed.
 */
final class SqliteStore implements PrunableStore {

    /** The last is that of the entries themselves. */
    private static final List<String> DELETE_SOME =
            Stream.of(
                            "former_cost WHERE request_id",
                            "call WHERE request_id",
                            "content WHERE request_id",
                            "entry WHERE id")
                    .map(table ->
                            "DELETE FROM "
                                    + table
                                    + " IN (SELECT id FROM entry WHERE at_ms < ? ORDER BY"
                                    + " at_ms LIMIT 500)")
                    .toList();

    private final Path file;
    private @Nullable Session session;

    SqliteStore(Path file) {
        this.file = file;
    }

    /**
     * Connects and brings the schema up to date.
     *
     * @throws SQLException if the file cannot be written now
     * @throws LedgerException if its schema is newer than this version knows
     */
    void connect() throws SQLException {
        session();
    }

    @Override
    public void write(List<Rows> batch) throws SQLException {
        try {
            session().write(batch);
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean deleteSome(long beforeMillis) throws SQLException {
        try {
            return session().deleteSome(Grain.hour(beforeMillis));
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean refused(SQLException failure) {
        return switch (SqliteFile.code(failure)) {
            case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE -> true;
            default -> false;
        };
    }

    @Override
    public void close() {
        if (session != null) {
            SqliteFile.closeQuietly(session);
            session = null;
        }
    }

    private Session session() throws SQLException {
        if (session != null && !session.file().equals(SqliteFile.identity(file))) {
            close();
        }
        if (session == null) {
            session = open();
        }
        return session;
    }

    private Session open() throws SQLException {
        Connection connection = open(file);
        try {
            return Session.on(connection, SqliteFile.identity(file));
        } catch (SQLException | RuntimeException e) {
            SqliteFile.closeQuietly(connection);
            throw e;
        }
    }

    /** Creates the file where it is missing and brings its schema up to date. */
    static Connection open(Path file) throws SQLException {
        createFile(file);
        Connection connection = SqliteFile.openToWrite(file);
        try {
            Schema.migrate(connection, file);
            return connection;
        } catch (SQLException | RuntimeException e) {
            SqliteFile.closeQuietly(connection);
            throw e;
        }
    }

    private static void createFile(Path file) throws SQLException {
        try {
            PrivateFiles.createFile(file);
        } catch (IOException e) {
            throw new SQLException("cannot create " + file + ": " + e, e);
        }
    }

    /** An open connection with its statements. */
    private record Session(
            Connection connection,
            String file,
            Statement transaction,
            Kinds kinds,
            PreparedStatement entry,
            PreparedStatement call,
            PreparedStatement content,
            Rollups rollups,
            Charges charges)
            implements AutoCloseable {

        static Session on(Connection connection, String file) throws SQLException {
            return new Session(
                    connection,
                    file,
                    connection.createStatement(),
                    Kinds.on(connection),
                    connection.prepareStatement(EntryShape.ENTRY.insert("kind")),
                    connection.prepareStatement(EntryShape.CALL.insert()),
                    connection.prepareStatement(EntryShape.CONTENT.insert()),
                    Rollups.on(connection),
                    new Charges(connection, Dialect.SQLITE));
        }

        void write(List<Rows> batch) throws SQLException {
            transaction.execute(SqliteFile.BEGIN);
            Schema.require(connection, file); // Rows without what a later version adds are no good.
            for (Rows rows : batch) {
                Parameters.set(entry, rows.entry());
                entry.setLong(rows.entry().length + 1, kinds.number(rows.kind()));
                entry.addBatch();
            }
            List<Rows> stored = stored(batch, entry.executeBatch());
            for (Rows rows : stored) {
                add(call, rows.calls());
                add(content, rows.content());
            }
            call.executeBatch();
            content.executeBatch();
            rollups.add(stored);
            charges.charge(stored);
            transaction.execute(SqliteFile.COMMIT);
        }

        boolean deleteSome(long before) throws SQLException {
            transaction.execute(SqliteFile.BEGIN);
            Schema.require(connection, file);
            Span.keep(connection, before);
            boolean some = false;
            for (String sql : DELETE_SOME) {
                try (PreparedStatement delete = connection.prepareStatement(sql)) {
                    delete.setLong(1, before);
                    some |= delete.executeUpdate() > 0;
                }
            }
            transaction.execute(SqliteFile.COMMIT);
            return some;
        }

        /** Those whose request was not there before. */
        private static List<Rows> stored(List<Rows> batch, int[] counts) {
            List<Rows> stored = new ArrayList<>(batch.size());
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] != 0) {
                    stored.add(batch.get(i));
                }
            }
            return stored;
        }

        private static void add(PreparedStatement insert, List<@Nullable Object[]> rows)
                throws SQLException {
            for (@Nullable Object[] row : rows) {
                Parameters.add(insert, row);
            }
        }

        /** Undoes what is not committed. */
        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
