package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the requests of an hour came to, kept beside them. Only within the transaction that writes
 * them, and with the write lock, since rows are read, added to and written back.
 */
final class Rollups {

    private static final String FIND =
            "SELECT %s FROM rollup WHERE dimension = ? AND hour_ms = ? AND practice = ? AND key = ?"
                    .formatted(String.join(", ", Tally.COLUMNS));

    private static final String PUT =
            """
            INSERT INTO rollup (dimension, hour_ms, practice, key, %s) VALUES (?, ?, ?, ?, %s)
            ON CONFLICT (dimension, hour_ms, practice, key) DO UPDATE SET %s\
            """
                    .formatted(
                            String.join(", ", Tally.COLUMNS),
                            String.join(", ", Collections.nCopies(Tally.COLUMNS.size(), "?")),
                            Tally.COLUMNS.stream()
                                    .map(column -> column + " = excluded." + column)
                                    .collect(Collectors.joining(", ")));

    private static final String STORED =
            "SELECT r.category, r.answering_model, r.caller, r.key_name, "
                    + StoredRequest.COLUMNS
                    + " FROM request r ORDER BY r.at_ms";

    private record Key(Dimension dimension, long hour, boolean practice, String key) {}

    private final Connection connection;
    private final PreparedStatement find;
    private final PreparedStatement put;

    private Rollups(Connection connection, PreparedStatement find, PreparedStatement put) {
        this.connection = connection;
        this.find = find;
        this.put = put;
    }

    static Rollups on(Connection connection) throws SQLException {
        return new Rollups(
                connection, connection.prepareStatement(FIND), connection.prepareStatement(PUT));
    }

    void add(List<Rows> batch) throws SQLException {
        Map<Grain, Tally> grains = new HashMap<>();
        for (Rows rows : batch) {
            grains.computeIfAbsent(Grain.of(rows), grain -> new Tally())
                    .add(StoredRequest.of(rows));
        }
        add(grains);
    }

    /** Adds all requests that are stored, an hour at a time. */
    void addStored() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(STORED)) {
            Map<Grain, Tally> grains = new HashMap<>();
            long hour = Long.MIN_VALUE;
            while (result.next()) {
                StoredRequest request = StoredRequest.from(result, 5);
                Grain grain = grain(result, request);
                if (grain.hour() != hour) {
                    add(grains);
                    grains.clear();
                    hour = grain.hour();
                }
                grains.computeIfAbsent(grain, each -> new Tally()).add(request);
            }
            add(grains);
        }
    }

    private static Grain grain(ResultSet result, StoredRequest request) throws SQLException {
        return new Grain(
                Grain.hour(request.atMillis()),
                request.practice(),
                result.getString(1),
                orNone(result.getString(2)),
                orNone(result.getString(3)),
                orNone(result.getString(4)));
    }

    private static String orNone(@Nullable String text) {
        return text == null ? Grouping.NONE : text;
    }

    void replace(List<Repricer.Change> changes) throws SQLException {
        Map<Grain, Tally> grains = new HashMap<>();
        for (Repricer.Change change : changes) {
            grains.computeIfAbsent(Grain.of(change.after()), grain -> new Tally())
                    .replace(StoredRequest.of(change.before()), StoredRequest.of(change.after()));
        }
        add(grains);
    }

    private void add(Map<Grain, Tally> grains) throws SQLException {
        Map<Key, Tally> tallies = new HashMap<>();
        grains.forEach((grain, tally) -> {
            for (Dimension dimension : Dimension.values()) {
                Key key = new Key(dimension, grain.hour(), grain.practice(), dimension.key(grain));
                tallies.computeIfAbsent(key, each -> new Tally()).add(tally);
            }
        });
        for (Map.Entry<Key, Tally> each : tallies.entrySet()) {
            addStored(each.getKey(), each.getValue());
            bind(put, each.getKey(), each.getValue().values());
            put.addBatch();
        }
        put.executeBatch();
    }

    private void addStored(Key key, Tally to) throws SQLException {
        bind(find, key);
        try (ResultSet result = find.executeQuery()) {
            if (result.next()) {
                to.add(result, 1, key.practice());
            }
        }
    }

    private static void bind(PreparedStatement statement, Key key, Object... values)
            throws SQLException {
        statement.setString(1, key.dimension().label());
        statement.setLong(2, key.hour());
        statement.setLong(3, key.practice() ? 1 : 0);
        statement.setString(4, key.key());
        Parameters.setFrom(5, statement, values);
    }
}
