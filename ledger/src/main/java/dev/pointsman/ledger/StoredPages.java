package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The requests of a span with their calls, the oldest first and so many at a time, each page by a
 * statement of its own. What is written meanwhile behind the last page is not seen. Not
 * thread-safe.
 */
final class StoredPages {

    static final int SIZE = 500;

    private static final Column AT = Column.ofEntry("at_ms");
    private static final Column ID = Column.ofEntry("id");

    private static final String PAGE =
            """
            SELECT %s, %s, %s
            FROM (SELECT * FROM entry WHERE at_ms >= ? AND at_ms < ? AND (at_ms > ? OR id > ?)
                  ORDER BY at_ms, id LIMIT ?) e
                 JOIN kind k ON k.number = e.kind
                 LEFT JOIN call c ON c.request_id = e.id%s
            ORDER BY e.at_ms, e.id, c.number\
            """;

    private final String sql;
    private final long until;
    private long at;
    private String id = "";

    StoredPages(Dialect dialect, Span span) {
        this.sql =
                PAGE.formatted(
                        columns("e", EntryShape.ENTRY),
                        columns("k", EntryShape.KIND),
                        columns("c", EntryShape.CALL),
                        dialect.isByDay() ? " AND c.at_ms = e.at_ms" : "");
        this.at = span.since();
        this.until = span.until();
    }

    private static String columns(String of, Table<?> table) {
        return table.names().map(name -> of + "." + name).collect(Collectors.joining(", "));
    }

    /** Empty at the end. */
    List<Rows> next(Connection connection) throws SQLException {
        List<Rows> page = new ArrayList<>(SIZE);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, at);
            statement.setLong(2, until);
            statement.setLong(3, at);
            statement.setString(4, id);
            statement.setLong(5, SIZE);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    read(result, page);
                }
            }
        }
        if (!page.isEmpty()) {
            at = AT.number(page.getLast());
            id = String.valueOf(ID.in(page.getLast()));
        }
        return page;
    }

    /** A request of several calls is in several rows, one after the other. */
    private static void read(ResultSet result, List<Rows> page) throws SQLException {
        @Nullable Object[] entry = row(EntryShape.ENTRY, result, 1);
        int kind = 1 + entry.length;
        int call = kind + EntryShape.KIND.columns().size();
        if (page.isEmpty() || !Objects.equals(page.getLast().entry()[0], entry[0])) {
            page.add(
                    new Rows(
                            Arrays.asList(row(EntryShape.KIND, result, kind)),
                            entry,
                            new ArrayList<>(),
                            List.of()));
        }
        if (result.getString(call) != null) {
            page.getLast().calls().add(row(EntryShape.CALL, result, call));
        }
    }

    private static @Nullable Object[] row(Table<?> table, ResultSet result, int first)
            throws SQLException {
        @Nullable Object[] row = new @Nullable Object[table.columns().size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = StoredRow.value(result, first + i);
        }
        return row;
    }
}
