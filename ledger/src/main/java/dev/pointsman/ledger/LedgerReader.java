package dev.pointsman.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a ledger, also while others write to it; each call sees one state of it. Times are compared
 * in whole milliseconds. For one thread at a time.
 */
public final class LedgerReader implements AutoCloseable {

    /** So many rows are in memory at once, where the database leaves the choice. */
    static final int FETCH = 2_000;

    private final Object name;
    private final Connection connection;
    private final Dialect dialect;
    private final AutoCloseable resource;

    private LedgerReader(
            Object name, Connection connection, Dialect dialect, AutoCloseable resource) {
        this.name = name;
        this.connection = connection;
        this.dialect = dialect;
        this.resource = resource;
    }

    /**
     * Opens the file to read only.
     *
     * @throws LedgerException if there is none, it is no ledger, or a newer version made it
     */
    public static LedgerReader open(Path file) {
        Path path = file.toAbsolutePath();
        if (!Files.exists(path)) {
            throw new LedgerException("no ledger at " + path + " yet: route something first");
        }
        try {
            Connection connection = checked(SqliteFile.openToRead(path), path);
            return new LedgerReader(path, connection, Dialect.SQLITE, connection);
        } catch (SQLException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Connects to the database to read only.
     *
     * @throws LedgerException if that is not possible, it has no ledger, or a newer version made it
     */
    public static LedgerReader open(PostgresAddress address) {
        PostgresDatabase database = PostgresDatabase.at(address);
        try {
            Connection connection = database.connect();
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            PostgresSchema.require(connection, database.name());
            connection.rollback();
            return new LedgerReader(database.name(), connection, Dialect.POSTGRES, database);
        } catch (SQLException e) {
            SqliteFile.closeQuietly(database);
            throw unreadable(database.name(), e);
        } catch (RuntimeException e) {
            SqliteFile.closeQuietly(database);
            throw e;
        }
    }

    private static Connection checked(Connection connection, Path file) throws SQLException {
        try {
            Schema.require(connection, file);
            connection.rollback();
            return connection;
        } catch (SQLException | RuntimeException e) {
            SqliteFile.closeQuietly(connection);
            throw e;
        }
    }

    /**
     * Groups the query's requests.
     *
     * @throws LedgerException if the file cannot be read
     */
    public Report report(ReportQuery query) {
        return reading(() -> Tallies.report(connection, dialect, query));
    }

    /** The same from the requests alone, without rollups. */
    Report reportOfRequests(ReportQuery query) {
        return reading(() -> Tallies.reportOfRequests(connection, dialect, query));
    }

    /**
     * Passes on every answered request of the query, the oldest first, without keeping them in
     * memory. The grouping plays no part.
     *
     * @throws LedgerException if the file cannot be read
     */
    public void forEachAnswered(ReportQuery query, Consumer<AnsweredUsage> consumer) {
        reading(() -> {
            eachAnswered(Scope.of(query), consumer);
            return true;
        });
    }

    /**
     * Passes on every request of the query as the view {@code request} shows it, the oldest first,
     * without keeping them in memory. The grouping plays no part.
     *
     * @throws LedgerException if the ledger cannot be read
     */
    public void forEachRequest(ReportQuery query, Consumer<StoredRow> consumer) {
        reading(() -> {
            eachRequest(Scope.of(query), consumer);
            return true;
        });
    }

    /**
     * The accounts of budgets in the periods in which the moment is, in the order of their names.
     *
     * @throws LedgerException if the ledger cannot be read
     */
    public List<AccountStanding> accounts(Instant moment) {
        return reading(() -> accountsAt(moment.toEpochMilli()));
    }

    private List<AccountStanding> accountsAt(long millis) throws SQLException {
        String sql =
                "SELECT account, period, begin_ms, spent_nanos, unpriced, reserved_nanos FROM spend"
                        + " WHERE begin_ms <= ? AND end_ms > ? ORDER BY account, begin_ms";
        List<AccountStanding> accounts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, millis);
            statement.setLong(2, millis);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    accounts.add(AccountStanding.from(row));
                }
            }
        }
        return accounts;
    }

    private void eachRequest(Scope scope, Consumer<StoredRow> consumer) throws SQLException {
        String sql =
                "SELECT r.* FROM request r WHERE " + scope.condition() + " ORDER BY r.at_ms, r.id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH);
            scope.bind(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                List<String> names = StoredRow.names(result);
                while (result.next()) {
                    consumer.accept(StoredRow.from(result, names));
                }
            }
        }
    }

    private void eachAnswered(Scope scope, Consumer<AnsweredUsage> consumer) throws SQLException {
        String sql =
                "SELECT r.category, r.answering_model, "
                        + StoredRequest.COLUMNS
                        + " FROM request r WHERE r.answering_model IS NOT NULL AND "
                        + scope.condition()
                        + " ORDER BY r.at_ms";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH);
            scope.bind(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    consumer.accept(answered(result));
                }
            }
        }
    }

    private static AnsweredUsage answered(ResultSet result) throws SQLException {
        StoredRequest request = StoredRequest.from(result, 3);
        return new AnsweredUsage(
                Instant.ofEpochMilli(request.atMillis()),
                result.getString(1),
                result.getString(2),
                request.usage(),
                request.cost(),
                request.classificationCost(),
                request.baseline(),
                request.practice());
    }

    private interface Reading<T> {
        T read() throws SQLException;
    }

    /** Within one transaction, so that all statements see the same state. */
    private <T> T reading(Reading<T> reading) {
        try {
            try {
                return reading.read();
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw unreadable(name, e);
        }
    }

    private static LedgerException unreadable(Object name, SQLException cause) {
        return new LedgerException(
                "Cannot read the ledger at %s: %s. Check that it is a Pointsman ledger and may be read"
                        .formatted(name, cause.getMessage()),
                cause);
    }

    @Override
    public void close() {
        SqliteFile.closeQuietly(connection);
        SqliteFile.closeQuietly(resource);
    }
}
