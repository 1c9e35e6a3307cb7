package dev.pointsman.ledger;

import dev.pointsman.budget.Accounts;
import dev.pointsman.budget.Period;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Charges requests to the accounts of budgets, in the transaction that writes them: what is spent
 * is the sum of what is written. Nothing is held back for them any more.
 */
final class Charges {

    private static final String ANY = "SELECT EXISTS (SELECT 1 FROM spend)";

    private static final String END =
            "DELETE FROM reservation WHERE request_id IN (%s) RETURNING request_id, spend, nanos";

    private static final String CHARGE =
            "UPDATE spend SET spent_nanos = spent_nanos + ?, unpriced = unpriced + ? WHERE account"
                    + " = ? AND begin_ms <= ? AND end_ms > ?";

    private static final String HELD =
            "UPDATE spend SET spent_nanos = spent_nanos + ?, reserved_nanos = reserved_nanos - ?"
                    + " WHERE number = ?";

    private static final Column ID = Column.ofEntry("id");
    private static final Column AT = Column.ofEntry("at_ms");
    private static final Column COST = Column.ofEntry("cost_nanos");
    private static final Column PRACTICE = Column.ofKind("practice");
    private static final Column KEY = Column.ofKind("key_name");
    private static final Column TAGS = Column.ofEntry("tags");

    /**
     * What an account is charged in an hour.
     *
     * @param tag whose value it is of; blank if it is of none
     */
    private record Hour(String account, String tag, long beginMillis) {}

    private final Connection connection;
    private final Dialect dialect;

    Charges(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** Those that were not written before. */
    void charge(List<Rows> written) throws SQLException {
        if (written.isEmpty() || !isAny()) {
            return;
        }
        Map<String, Rows> byId = new HashMap<>();
        written.forEach(rows -> byId.put(String.valueOf(ID.in(rows)), rows));
        end(byId);
        Map<Hour, long[]> charges = new LinkedHashMap<>();
        for (Rows rows : written) {
            if (PRACTICE.number(rows) == 0) {
                add(rows, charges);
            }
        }
        openNew(charges.keySet());
        charge(charges);
    }

    /** Values that tags with budgets did not have before in this period. */
    private void openNew(Set<Hour> charged) throws SQLException {
        Map<String, List<Period>> tracked = tracked();
        if (tracked.isEmpty()) {
            return;
        }
        NewAccounts accounts = new NewAccounts(connection, dialect);
        for (Hour hour : charged) {
            for (Period period : tracked.getOrDefault(hour.tag(), List.of())) {
                Instant begin = period.begin(Instant.ofEpochMilli(hour.beginMillis()));
                accounts.openEmpty(new AccountPeriod(hour.account(), period, begin.toEpochMilli()));
            }
        }
    }

    private Map<String, List<Period>> tracked() throws SQLException {
        Map<String, List<Period>> tracked = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT tag, period FROM tracked")) {
            while (row.next()) {
                tracked.computeIfAbsent(row.getString(1), none -> new ArrayList<>())
                        .add(Period.of(row.getString(2)).orElseThrow());
            }
        }
        return tracked;
    }

    private boolean isAny() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet any = statement.executeQuery(ANY)) {
            return any.next() && any.getBoolean(1);
        }
    }

    /** Where nobody knows what a request cost, what was held back for it is charged. */
    private void end(Map<String, Rows> written) throws SQLException {
        Map<Long, long[]> held = new LinkedHashMap<>();
        try (PreparedStatement end =
                connection.prepareStatement(END.formatted(dialect.elements()))) {
            end.setString(1, JsonText.array(written.keySet()));
            try (ResultSet ended = end.executeQuery()) {
                while (ended.next()) {
                    long[] sums = held.computeIfAbsent(ended.getLong(2), none -> new long[2]);
                    Rows rows = written.get(ended.getString(1));
                    boolean unknown = rows != null && COST.in(rows) == null;
                    sums[0] += unknown ? ended.getLong(3) : 0;
                    sums[1] += ended.getLong(3);
                }
            }
        }
        try (PreparedStatement change = connection.prepareStatement(HELD)) {
            for (Map.Entry<Long, long[]> one : held.entrySet()) {
                change.setLong(1, one.getValue()[0]);
                change.setLong(2, one.getValue()[1]);
                change.setLong(3, one.getKey());
                change.addBatch();
            }
            change.executeBatch();
        }
    }

    private static void add(Rows rows, Map<Hour, long[]> to) {
        long hour = Grain.hour(AT.number(rows));
        List<Hour> charged = new ArrayList<>();
        charged.add(new Hour(Accounts.ALL, "", hour));
        if (KEY.in(rows) instanceof String key) {
            charged.add(new Hour(Accounts.ofKey(key), "", hour));
        }
        if (TAGS.in(rows) instanceof String tags) {
            JsonText.texts(tags)
                    .forEach((key, value) ->
                            charged.add(new Hour(Accounts.ofTag(key, value), key, hour)));
        }
        boolean known = COST.in(rows) != null;
        for (Hour one : charged) {
            long[] sums = to.computeIfAbsent(one, none -> new long[2]);
            sums[0] += COST.number(rows);
            sums[1] += known ? 0 : 1;
        }
    }

    private void charge(Map<Hour, long[]> charges) throws SQLException {
        try (PreparedStatement charge = connection.prepareStatement(CHARGE)) {
            for (Map.Entry<Hour, long[]> one : charges.entrySet()) {
                charge.setLong(1, one.getValue()[0]);
                charge.setLong(2, one.getValue()[1]);
                charge.setString(3, one.getKey().account());
                charge.setLong(4, one.getKey().beginMillis());
                charge.setLong(5, one.getKey().beginMillis());
                charge.addBatch();
            }
            charge.executeBatch();
        }
    }
}
