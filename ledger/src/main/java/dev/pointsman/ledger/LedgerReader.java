package dev.pointsman.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a ledger, also while others write to it; each call sees one state of it. Times are compared
 * in whole milliseconds. For one thread at a time.
 */
public final class LedgerReader implements AutoCloseable {

    /** So many rows are in memory at once, where the database leaves the choice. */
    static final int FETCH = 2_000;

    private final LedgerConnection ledger;

    private LedgerReader(LedgerConnection ledger) {
        this.ledger = ledger;
    }

    /**
     * Opens the file to read only.
     *
     * @throws LedgerException if there is none, it is no ledger, or a newer version made it
     */
    public static LedgerReader open(Path file) {
        return new LedgerReader(LedgerConnection.toRead(file));
    }

    /**
     * Connects to the database to read only.
     *
     * @throws LedgerException if that is not possible, it has no ledger, or a newer version made it
     */
    public static LedgerReader open(PostgresAddress address) {
        return new LedgerReader(LedgerConnection.toRead(address));
    }

    /**
     * Groups the query's requests.
     *
     * @throws LedgerException if the file cannot be read
     */
    public Report report(ReportQuery query) {
        return ledger.transact(of -> Tallies.report(of, ledger.dialect(), query));
    }

    /** The same from the requests alone, without rollups. */
    Report reportOfRequests(ReportQuery query) {
        return ledger.transact(of -> Tallies.reportOfRequests(of, ledger.dialect(), query));
    }

    /**
     * Passes on every answered request of the query, the oldest first, without keeping them in
     * memory. The grouping plays no part.
     *
     * @throws LedgerException if the file cannot be read
     */
    public void forEachAnswered(ReportQuery query, Consumer<AnsweredUsage> consumer) {
        ledger.transact(of -> {
            eachAnswered(of, Scope.of(query), consumer);
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
        each("SELECT r.* FROM request r WHERE %s ORDER BY r.at_ms, r.id", query, consumer);
    }

    /**
     * Passes on every attempt of the query's requests with the columns of the view {@code attempt},
     * those of the oldest request first, without keeping them in memory. The grouping plays no
     * part.
     *
     * @throws LedgerException if the ledger cannot be read
     */
    public void forEachAttempt(ReportQuery query, Consumer<StoredRow> consumer) {
        Scope scope = Scope.of(query);
        StoredPages pages = new StoredPages(ledger.dialect(), scope.span());
        List<String> names = EntryShape.CALL.names().toList();
        ledger.transact(of -> {
            for (List<Rows> page = pages.next(of); !page.isEmpty(); page = pages.next(of)) {
                page.stream()
                        .filter(scope::includes)
                        .flatMap(rows -> StoredCall.rows(rows).stream())
                        .forEach(row -> consumer.accept(new StoredRow(names, Arrays.asList(row))));
            }
            return true;
        });
    }

    /** Rows of a statement whose condition is the query's. */
    private void each(String sql, ReportQuery query, Consumer<StoredRow> consumer) {
        Scope scope = Scope.of(query);
        ledger.transact(of -> {
            try (PreparedStatement statement =
                    of.prepareStatement(sql.formatted(scope.condition()))) {
                statement.setFetchSize(FETCH);
                scope.bind(statement, 1);
                try (ResultSet result = statement.executeQuery()) {
                    List<String> names = StoredRow.names(result);
                    while (result.next()) {
                        consumer.accept(StoredRow.from(result, names));
                    }
                }
            }
            return true;
        });
    }

    /**
     * The accounts of budgets in the periods in which the moment is, in the order of their names.
     *
     * @throws LedgerException if the ledger cannot be read
     */
    public List<AccountStanding> accounts(Instant moment) {
        return ledger.transact(of -> accountsAt(of, moment.toEpochMilli()));
    }

    private static List<AccountStanding> accountsAt(Connection connection, long millis)
            throws SQLException {
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

    private static void eachAnswered(
            Connection connection, Scope scope, Consumer<AnsweredUsage> consumer)
            throws SQLException {
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

    @Override
    public void close() {
        ledger.close();
    }
}
