package dev.pointsman.ledger;

import static java.util.stream.Collectors.joining;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

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
     *
     * @param more columns after the table's own
     */
    String insert(String... more) {
        List<String> names = Stream.concat(names(), Stream.of(more)).toList();
        return "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING"
                .formatted(
                        name,
                        String.join(", ", names),
                        String.join(", ", Collections.nCopies(names.size(), "?")));
    }

    /** The statement that finds the column's value in the row that has all the values of a row. */
    String find(String column) {
        return "SELECT %s FROM %s WHERE %s"
                .formatted(
                        column,
                        name,
                        names().map(n -> n + " IS NOT DISTINCT FROM ?").collect(joining(" AND ")));
    }

    /** Where the column's value is in a row. */
    int index(String column) {
        return names().toList().indexOf(column);
    }

    Stream<String> names() {
        return columns.stream().map(Column::name);
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
