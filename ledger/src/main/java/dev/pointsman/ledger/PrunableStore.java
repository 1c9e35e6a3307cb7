package dev.pointsman.ledger;

import java.sql.SQLException;

/** A store from which old requests can be deleted. */
interface PrunableStore extends Store {

    /**
     * Deletes some of the requests that began before, the oldest first and with all that belongs to
     * them, in one transaction that is short; their rollups stay. Whole hours or days only: some
     * that began a little before may be kept.
     *
     * @return whether there may be more
     */
    boolean deleteSome(long beforeMillis) throws SQLException;
}
