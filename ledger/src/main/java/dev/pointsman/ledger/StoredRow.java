package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A row of a view.
 *
 * @param values each a {@code String}, {@code Long}, {@code Double}, {@code byte[]} or null, in the
 *     order of the names
 */
public record StoredRow(List<String> names, List<@Nullable Object> values) {

    static List<String> names(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
        }
        return List.copyOf(names);
    }

    static StoredRow from(ResultSet result, List<String> names) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(names.size());
        for (int i = 1; i <= names.size(); i++) {
            values.add(value(result, i));
        }
        return new StoredRow(names, values);
    }

    /** As a row of a table has it. */
    static @Nullable Object value(ResultSet result, int column) throws SQLException {
        Object value = result.getObject(column);
        return switch (value) {
            case null -> null;
            case Integer number -> number.longValue();
            case Long number -> number;
            case Double number -> number;
            case byte[] bytes -> bytes;
            default -> result.getString(column);
        };
    }

    /** Each name with its value. */
    public void forEach(BiConsumer<String, @Nullable Object> consumer) {
        for (int i = 0; i < names.size(); i++) {
            consumer.accept(names.get(i), values.get(i));
        }
    }
}
