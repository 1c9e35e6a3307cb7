package dev.pointsman.ledger;

import dev.pointsman.budget.Accounts;
import dev.pointsman.budget.Period;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Opens accounts, with what the ledger knows of their period already. That of all and of keys is in
 * the rollups; for a tag the requests of the period are read, once for all its values: from then on
 * {@link Charges} opens those that are new.
 */
final class NewAccounts {

    private static final String OPEN =
            "INSERT INTO spend (account, period, begin_ms, end_ms, spent_nanos, unpriced,"
                    + " reserved_nanos) ";

    private static final String OF_ROLLUPS =
            OPEN
                    + "SELECT ?, ?, ?, ?, coalesce(sum(cost_nanos), 0), coalesce(sum(cost_unknown),"
                    + " 0), 0 FROM rollup WHERE dimension = ? AND practice = 0 AND key = ? AND"
                    + " hour_ms >= ? AND hour_ms < ?";

    private static final String OF_TAG =
            OPEN
                    + "SELECT ? || t.value, ?, ?, ?, coalesce(sum(r.cost_nanos), 0), count(*) -"
                    + " count(r.cost_nanos), 0 FROM request r JOIN tag t ON t.request_id = r.id"
                    + " WHERE t.key = ? AND r.practice = 0 AND r.at_ms >= ? AND r.at_ms < ?"
                    + " GROUP BY t.value ON CONFLICT DO NOTHING";

    private static final String EMPTY =
            OPEN + "VALUES (?, ?, ?, ?, 0, 0, 0) ON CONFLICT DO NOTHING";

    private static final String TRACK =
            "INSERT INTO tracked (tag, period) VALUES (?, ?) ON CONFLICT DO NOTHING";

    private final Connection connection;
    private final Dialect dialect;

    NewAccounts(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** There is no such account yet. */
    void open(AccountPeriod account) throws SQLException {
        String name = account.account().substring(account.account().indexOf(':') + 1);
        if (account.account().equals(Accounts.ALL)) {
            open(account, Dimension.TOTAL, "");
        } else if (account.account().equals(Accounts.ofKey(name))) {
            open(account, Dimension.KEY, name);
        } else {
            track(name.substring(0, name.indexOf('=')), account);
            openEmpty(account);
        }
    }

    private void open(AccountPeriod account, Dimension dimension, String key) throws SQLException {
        execute(
                OF_ROLLUPS,
                account.account(),
                account.period().label(),
                account.beginMillis(),
                account.endMillis(),
                dimension.label(),
                key,
                account.beginMillis(),
                account.endMillis());
    }

    void openEmpty(AccountPeriod account) throws SQLException {
        execute(
                EMPTY,
                account.account(),
                account.period().label(),
                account.beginMillis(),
                account.endMillis());
    }

    private void track(String tag, AccountPeriod like) throws SQLException {
        Period period = like.period();
        if (execute(TRACK, tag, period.label()) == 0) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(dialect.unhurried());
        }
        execute(
                OF_TAG,
                Accounts.ofTag(tag, ""),
                period.label(),
                like.beginMillis(),
                like.endMillis(),
                tag,
                like.beginMillis(),
                like.endMillis());
    }

    private int execute(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters.set(statement, values);
            return statement.executeUpdate();
        }
    }
}
