package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Inserts any number of rows into a PostgreSQL table by one statement: an array a column.
 *
 * @param types of the columns
 */
record Bulk(String sql, List<String> types) {

    /**
     * @param more columns after the table's own
     */
    static Bulk into(Connection connection, Table<?> table, String... more) throws SQLException {
        List<String> columns = Stream.concat(table.names(), Stream.of(more)).toList();
        String names = String.join(", ", columns);
        List<String> types = types(connection, "SELECT " + names + " FROM " + table.name());
        return new Bulk(
                "INSERT INTO %s (%s) SELECT * FROM unnest(%s) ON CONFLICT DO NOTHING RETURNING %s"
                        .formatted(
                                table.name(),
                                names,
                                types.stream()
                                        .map(type -> "?::" + type + "[]")
                                        .collect(Collectors.joining(", ")),
                                columns.getFirst()),
                types);
    }

    private static List<String> types(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            ResultSetMetaData columns = statement.getMetaData();
            List<String> types = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                types.add(columns.getColumnTypeName(i));
            }
            return types;
        }
    }

    /** Gives the first column of those that were not there before. */
    List<String> insert(Connection connection, List<@Nullable Object[]> rows) throws SQLException {
        List<String> inserted = new ArrayList<>(rows.size());
        if (rows.isEmpty()) {
            return inserted;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < types.size(); i++) {
                statement.setArray(i + 1, connection.createArrayOf(types.get(i), column(rows, i)));
            }
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    inserted.add(result.getString(1));
                }
            }
        }
        return inserted;
    }

    private static @Nullable Object[] column(List<@Nullable Object[]> rows, int index) {
        boolean bytes = rows.stream().anyMatch(row -> row[index] instanceof byte[]);
        @Nullable Object[] column =
                bytes ? new byte[rows.size()][] : new @Nullable Object[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = rows.get(i)[index];
        }
        return column;
    }
}
