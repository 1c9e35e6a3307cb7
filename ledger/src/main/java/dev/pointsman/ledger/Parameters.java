package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Sets the parameters of statements. */
final class Parameters {

    private Parameters() {}

    /** All of them, in order. */
    static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        setFrom(1, statement, values);
    }

    /** All of them, in order, and adds that to the statement's batch. */
    static void add(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        set(statement, values);
        statement.addBatch();
    }

    /** Those from {@code first} on. */
    static void setFrom(int first, PreparedStatement statement, @Nullable Object... values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(first + i, values[i]);
        }
    }
}
