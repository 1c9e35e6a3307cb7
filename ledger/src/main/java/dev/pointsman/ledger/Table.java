package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a value becomes a row of a table: each column's name beside where its value comes from.
 *
 * @param <T> what one row is made of
 */
record Table<T>(String name, List<Column<T>> columns) {

    /**
     * A column's value is a {@code String}, {@code Long}, {@code Double}, {@code byte[]} or null.
     */
    record Column<T>(String name, Function<T, @Nullable Object> value) {}

    static <T> Column<T> column(String name, Function<T, @Nullable Object> value) {
        return new Column<>(name, value);
    }

    /**
     * The statement that inserts a row, and does nothing where one with its primary key stands
     * already.
     */
    String insert() {
        return columns.stream()
                .map(Column::name)
                .collect(
                        Collectors.joining(
                                ", ",
                                "INSERT INTO " + name + " (",
                                ") VALUES ("
                                        + String.join(
                                                ", ", Collections.nCopies(columns.size(), "?"))
                                        + ") ON CONFLICT DO NOTHING"));
    }

    /** The row's values in the order of the columns. */
    @Nullable Object[] row(T of) {
        @Nullable Object[] row = new @Nullable Object[columns.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = columns.get(i).value().apply(of);
        }
        return row;
    }
}
