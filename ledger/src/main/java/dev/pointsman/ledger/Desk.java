package dev.pointsman.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** Where the books are kept; one implementation a database. Used by one thread at a time. */
interface Desk extends AutoCloseable {

    /** What is done in a transaction. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    Dialect dialect();

    /** In one transaction, which nobody else who touches the books runs beside. */
    <T> T inTransaction(Work<T> work) throws SQLException;

    /** Lets go of the database. A later transaction connects again. Never throws. */
    @Override
    void close();
}
