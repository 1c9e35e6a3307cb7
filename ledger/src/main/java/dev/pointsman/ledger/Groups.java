package dev.pointsman.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Which requests a report's statements read and what they are grouped by: {@code key}, {@code from}
 * and parameters of SQL.
 */
record Groups(String key, String from, List<String> parameters, Scope scope) {

    private static final String EACH_TAG = "request r JOIN tag t ON t.request_id = r.id";

    /** All of them under one key. */
    static Groups one(String name, Scope scope) {
        return new Groups("?", "request r", List.of(name), scope);
    }

    static Groups byColumn(String column, Scope scope) {
        return new Groups(
                "coalesce(r." + column + ", ?)", "request r", List.of(Grouping.NONE), scope);
    }

    static Groups byTags(Scope scope) {
        return new Groups("t.key || '=' || t.value", EACH_TAG, List.of(), scope);
    }

    static Groups byTag(String key, Scope scope) {
        return new Groups("t.value", EACH_TAG + " AND t.key = ?", List.of(key), scope);
    }

    /** Their figures: {@code SELECT key, columns}, grouped. */
    String select(String columns) {
        return "SELECT "
                + key
                + " AS k, "
                + columns
                + " FROM "
                + from
                + " WHERE "
                + scope.condition()
                + " GROUP BY k";
    }

    /**
     * How often each value of a column occurs, ascending within the key: {@code SELECT key, value,
     * count}.
     */
    String distribution(String column) {
        return "SELECT "
                + key
                + " AS k, r."
                + column
                + " AS v, count(*) FROM "
                + from
                + " WHERE "
                + scope.condition()
                + " AND r."
                + column
                + " IS NOT NULL GROUP BY k, v ORDER BY k, v";
    }

    void bind(PreparedStatement statement) throws SQLException {
        int index = 1;
        for (String parameter : parameters) {
            statement.setString(index++, parameter);
        }
        scope.bind(statement, index);
    }
}
