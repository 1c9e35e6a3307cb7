package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The books in a PostgreSQL database. */
final class PostgresDesk implements Desk {

    /** Someone waits for it, and can be let in without. */
    private static final String PATIENCE =
            "SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '1s'";

    private final PostgresAddress address;
    private @Nullable PostgresDatabase database;
    private boolean prepared;

    /** Does not connect yet. */
    PostgresDesk(PostgresAddress address) {
        this.address = address;
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRES;
    }

    @Override
    public <T> T inTransaction(Work<T> work) throws SQLException {
        if (database == null) {
            database = PostgresDatabase.at(address);
        }
        try {
            prepare(database);
            try (Connection connection = database.connect()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(PATIENCE);
                }
                PostgresSchema.lockBooks(connection);
                T result = work.on(connection);
                connection.commit();
                return result;
            }
        } catch (SQLException | RuntimeException e) {
            prepared = false;
            throw e;
        }
    }

    /** Sees that the tables are there. */
    private void prepare(PostgresDatabase in) throws SQLException {
        if (!prepared) {
            try (Connection connection = in.connect()) {
                PostgresSchema.lock(connection, address.toString());
                connection.commit();
            }
            prepared = true;
        }
    }

    @Override
    public void close() {
        prepared = false;
        if (database != null) {
            database.close();
            database = null;
        }
    }
}
