package dev.pointsman.ledger;

import dev.pointsman.budget.Period;
import dev.pointsman.core.Money;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * What an account has spent in a period.
 *
 * @param account for example {@code key:ci}, see {@link dev.pointsman.budget.Accounts}
 * @param begin when the period began
 * @param spent the sum of what the requests cost that began in it
 * @param unpriced how many of them have a cost that nobody knows
 * @param reserved what is held back for requests under way
 */
public record AccountStanding(
        String account, Period period, Instant begin, Money spent, long unpriced, Money reserved) {

    static AccountStanding from(ResultSet row) throws SQLException {
        return new AccountStanding(
                row.getString(1),
                Period.of(row.getString(2)).orElseThrow(),
                Instant.ofEpochMilli(row.getLong(3)),
                Money.ofNanos(row.getLong(4)),
                row.getLong(5),
                Money.ofNanos(row.getLong(6)));
    }
}
