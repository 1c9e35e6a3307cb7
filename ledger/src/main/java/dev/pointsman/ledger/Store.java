package dev.pointsman.ledger;

import java.sql.SQLException;
import java.util.List;

/** Where rows are kept; one implementation a database. Used by one thread at a time. */
interface Store extends AutoCloseable {

    /**
     * Commits all of them in one transaction, or none. Rows whose request is stored already are
     * left out, so that a batch of which nobody knows whether it was committed can be written
     * again. Connects first where it must.
     *
     * @throws SQLException if that is not possible, now or for these rows: {@link #refused} tells
     *     which
     */
    void write(List<Rows> batch) throws SQLException;

    /** Whether the rows themselves are the reason, so that writing them again would fail again. */
    boolean refused(SQLException failure);

    /** Lets go of the database. A later {@code write} connects again. Never throws. */
    @Override
    void close();
}
