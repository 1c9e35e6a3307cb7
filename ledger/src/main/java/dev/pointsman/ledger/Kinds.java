package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of what entries have in common, found in the file or added to it. Only within a
 * transaction that has the write lock, or two processes would add the same; and no longer used
 * after one that failed.
 */
final class Kinds {

    /** Callers name models, and so there may be any number of kinds. */
    private static final int KNOWN = 1_000;

    private final PreparedStatement find;
    private final PreparedStatement insert;
    private final Map<List<@Nullable Object>, Long> known;

    private Kinds(
            PreparedStatement find,
            PreparedStatement insert,
            Map<List<@Nullable Object>, Long> known) {
        this.find = find;
        this.insert = insert;
        this.known = known;
    }

    static Kinds on(Connection connection) throws SQLException {
        return on(connection, new HashMap<>());
    }

    /**
     * @param known those that a transaction before found
     */
    static Kinds on(Connection connection, Map<List<@Nullable Object>, Long> known)
            throws SQLException {
        return new Kinds(
                connection.prepareStatement(EntryShape.KIND.find("number")),
                connection.prepareStatement(EntryShape.KIND.insert() + " RETURNING number"),
                known);
    }

    long number(List<@Nullable Object> kind) throws SQLException {
        Long number = known.get(kind);
        if (number == null) {
            number = stored(kind);
            if (known.size() == KNOWN) {
                known.clear();
            }
            known.put(kind, number);
        }
        return number;
    }

    private long stored(List<@Nullable Object> kind) throws SQLException {
        long found = first(find, kind);
        return found > 0 ? found : first(insert, kind);
    }

    /** The number in the only row; 0 if there is none. */
    private static long first(PreparedStatement statement, List<@Nullable Object> kind)
            throws SQLException {
        Parameters.set(statement, kind.toArray());
        try (ResultSet result = statement.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
