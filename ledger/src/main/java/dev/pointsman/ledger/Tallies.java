package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one report by streaming the requests through once, or twice for tags. In SQL it took twice
 * as long (1M requests by category: 5.5 s against 2.6 s), since each grouping and each percentile
 * sorts them all, and SQLite knows no time zones.
 */
final class Tallies {

    private static final String TOTAL = "total";
    private static final String REQUESTS = "request r";
    private static final String EACH_TAG = "request r JOIN json_each(r.tags) t ON true";
    private static final String NO_KEY = "NULL";

    private static final Comparator<ReportRow> LARGEST_FIRST =
            Comparator.comparingLong(ReportRow::requests).reversed().thenComparing(ReportRow::key);

    private final Connection connection;
    private final Scope scope;
    private final Tally total = new Tally();
    private final Map<String, Tally> byKey = new HashMap<>();

    private Tallies(Connection connection, Scope scope) {
        this.connection = connection;
        this.scope = scope;
    }

    static Report report(Connection connection, ReportQuery query) throws SQLException {
        Tallies tallies = new Tallies(connection, Scope.of(query));
        Comparator<ReportRow> order = tallies.read(query.grouping());
        return tallies.report(order);
    }

    /** Gives the order of the rows. */
    private Comparator<ReportRow> read(Grouping grouping) throws SQLException {
        switch (grouping) {
            case Grouping.Category() -> each("r.category", this::addToBoth);
            case Grouping.Model() -> each("r.answering_model", this::addToBoth);
            case Grouping.Caller() -> each("r.caller", this::addToBoth);
            case Grouping.Tags() -> {
                each(NO_KEY, (key, request) -> total.add(request));
                each("t.key || '=' || t.value", EACH_TAG, List.of(), this::addToKey);
            }
            case Grouping.Tag(String key) -> {
                each(NO_KEY, (none, request) -> total.add(request));
                each("t.value", EACH_TAG + " AND t.key = ?", List.of(key), this::addToKey);
            }
            case Grouping.Day(ZoneId zone) -> {
                each(NO_KEY, (none, request) -> addToBoth(day(request, zone), request));
                return Comparator.comparing(ReportRow::key);
            }
        }
        return LARGEST_FIRST;
    }

    private Report report(Comparator<ReportRow> order) {
        List<ReportRow> rows =
                byKey.entrySet().stream()
                        .map(each -> each.getValue().row(each.getKey(), total))
                        .sorted(order)
                        .toList();
        return new Report(rows, total.row(TOTAL, total));
    }

    private void addToBoth(@Nullable String key, StoredRequest request) {
        total.add(request);
        addToKey(key, request);
    }

    private void addToKey(@Nullable String key, StoredRequest request) {
        byKey.computeIfAbsent(key == null ? Grouping.NONE : key, k -> new Tally()).add(request);
    }

    private static String day(StoredRequest request, ZoneId zone) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(request.atMillis()), zone).toString();
    }

    private interface Visitor {
        void visit(@Nullable String key, StoredRequest request);
    }

    private void each(String key, Visitor visitor) throws SQLException {
        each(key, REQUESTS, List.of(), visitor);
    }

    private void each(String key, String from, List<String> parameters, Visitor visitor)
            throws SQLException {
        String sql =
                "SELECT "
                        + key
                        + ", "
                        + StoredRequest.COLUMNS
                        + " FROM "
                        + from
                        + " WHERE "
                        + scope.condition();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setString(i + 1, parameters.get(i));
            }
            scope.bind(statement, parameters.size() + 1);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    visitor.visit(result.getString(1), StoredRequest.from(result, 2));
                }
            }
        }
    }
}
