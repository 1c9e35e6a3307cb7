package dev.pointsman.ledger;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.Budgets.Admission;
import dev.pointsman.budget.Period;
import dev.pointsman.budget.Reservation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Notes a batch in the books, within a transaction of a {@link Desk}. */
final class BookTransaction {

    private static final String FIND =
            "SELECT number, spent_nanos, reserved_nanos FROM spend"
                    + " WHERE account = ? AND period = ? AND begin_ms = ?";

    private static final String CURRENT =
            "SELECT account, period, begin_ms, spent_nanos, reserved_nanos FROM spend WHERE"
                    + " begin_ms <= ? AND end_ms > ?";

    private static final String RESERVE =
            "INSERT INTO reservation (request_id, spend, nanos, until_ms) VALUES (?, ?, ?, ?) ON"
                    + " CONFLICT (request_id, spend) DO UPDATE SET nanos = reservation.nanos +"
                    + " excluded.nanos, until_ms = excluded.until_ms";

    private static final String HOLD =
            "UPDATE spend SET reserved_nanos = reserved_nanos + ? WHERE number = ?";

    private static final String CHANGE =
            "UPDATE spend SET reserved_nanos = reserved_nanos + ? - r.nanos FROM reservation r"
                    + " WHERE r.request_id = ? AND r.spend = spend.number";

    private static final String SETTLE = "UPDATE reservation SET nanos = ? WHERE request_id = ?";

    private static final String RELEASE = "DELETE FROM reservation WHERE request_id = ?";

    /** A row of the table. */
    private record Open(Budget budget, long number, Balance balance, long reservedBefore) {}

    private final Connection connection;
    private final Dialect dialect;
    private final Map<AccountPeriod, Open> accounts = new LinkedHashMap<>();
    private final Map<AccountPeriod, Balance> current = new LinkedHashMap<>();

    BookTransaction(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /**
     * What is given back counts before what is asked for.
     *
     * @return the admissions, in the order in which they were asked for
     */
    List<Admission> note(List<BookEntry> batch) throws SQLException {
        giveBack(batch);
        List<Admission> admissions = new ArrayList<>();
        try (PreparedStatement reserve = connection.prepareStatement(RESERVE)) {
            for (BookEntry entry : batch) {
                if (entry instanceof BookEntry.Reserve asked) {
                    admissions.add(admit(asked.reservation(), reserve));
                }
            }
            reserve.executeBatch();
        }
        hold();
        return admissions;
    }

    /** Reads all accounts of the periods in which the moment is. */
    void read(long nowMillis) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(CURRENT)) {
            Parameters.set(find, nowMillis, nowMillis);
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    Period period = Period.of(row.getString(2)).orElseThrow();
                    current.put(
                            new AccountPeriod(row.getString(1), period, row.getLong(3)),
                            new Balance(row.getLong(4), row.getLong(5)));
                }
            }
        }
    }

    /** Tells the accounts as they stand. */
    void tell(LastKnown known) {
        current.forEach(known::learn);
        accounts.forEach((account, open) ->
                known.learn(
                        account, open.budget(), open.balance().spent(), open.balance().reserved()));
    }

    /** Gives up the reservations of requests that must be over by now. */
    void giveUpOld(long nowMillis) throws SQLException {
        List<String> old = new ArrayList<>();
        try (PreparedStatement find =
                connection.prepareStatement(
                        "SELECT DISTINCT request_id FROM reservation WHERE until_ms < ?")) {
            find.setLong(1, nowMillis);
            try (ResultSet found = find.executeQuery()) {
                while (found.next()) {
                    old.add(found.getString(1));
                }
            }
        }
        giveBack(old.stream().<BookEntry>map(BookEntry.Release::new).toList());
    }

    private void giveBack(List<BookEntry> batch) throws SQLException {
        Map<String, Long> settled = new LinkedHashMap<>();
        List<String> released = new ArrayList<>();
        for (BookEntry entry : batch) {
            switch (entry) {
                case BookEntry.Settle settle -> settled.put(settle.request(), settle.nanos());
                case BookEntry.Release release -> {
                    settled.put(release.request(), 0L);
                    released.add(release.request());
                }
                case BookEntry.Reserve reserve -> {}
            }
        }
        if (settled.isEmpty()) {
            return;
        }
        try (PreparedStatement change = connection.prepareStatement(CHANGE);
                PreparedStatement settle = connection.prepareStatement(SETTLE);
                PreparedStatement release = connection.prepareStatement(RELEASE)) {
            for (Map.Entry<String, Long> one : settled.entrySet()) {
                Parameters.add(change, one.getValue(), one.getKey());
                Parameters.add(settle, one.getValue(), one.getKey());
            }
            for (String request : released) {
                Parameters.add(release, request);
            }
            change.executeBatch();
            settle.executeBatch();
            release.executeBatch();
        }
    }

    private Admission admit(Reservation reservation, PreparedStatement reserve)
            throws SQLException {
        for (Budget budget : reservation.budgets()) {
            AccountPeriod account = AccountPeriod.of(budget, reservation.at());
            if (!accounts.containsKey(account)) {
                accounts.put(account, find(account, budget));
            }
        }
        Admission admission =
                Balance.admit(reservation, budget -> open(budget, reservation).balance());
        if (admission instanceof Admission.Admitted) {
            long until = reservation.at().plus(reservation.keep()).toEpochMilli();
            for (Budget budget : reservation.budgets()) {
                Parameters.add(
                        reserve,
                        reservation.request(),
                        open(budget, reservation).number(),
                        reservation.most().nanos(),
                        until);
            }
        }
        return admission;
    }

    private Open open(Budget budget, Reservation reservation) {
        return Objects.requireNonNull(accounts.get(AccountPeriod.of(budget, reservation.at())));
    }

    private void hold() throws SQLException {
        try (PreparedStatement hold = connection.prepareStatement(HOLD)) {
            for (Open open : accounts.values()) {
                long more = open.balance().reserved() - open.reservedBefore();
                if (more != 0) {
                    Parameters.add(hold, more, open.number());
                }
            }
            hold.executeBatch();
        }
    }

    /** The account; opened where there is none. */
    private Open find(AccountPeriod account, Budget budget) throws SQLException {
        Optional<Open> found = stored(account, budget);
        if (found.isPresent()) {
            return found.get();
        }
        new NewAccounts(connection, dialect).open(account);
        return stored(account, budget).orElseThrow();
    }

    private Optional<Open> stored(AccountPeriod account, Budget budget) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            Parameters.set(
                    find, account.account(), account.period().label(), account.beginMillis());
            try (ResultSet found = find.executeQuery()) {
                return found.next() ? Optional.of(read(found, budget)) : Optional.empty();
            }
        }
    }

    private static Open read(ResultSet row, Budget budget) throws SQLException {
        long reserved = row.getLong(3);
        return new Open(budget, row.getLong(1), new Balance(row.getLong(2), reserved), reserved);
    }
}
