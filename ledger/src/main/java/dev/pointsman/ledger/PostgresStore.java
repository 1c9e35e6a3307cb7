package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A ledger in PostgreSQL. Each batch takes a connection of its own, and so finds a database that
 * was restarted or replaced; what it knows of the database it forgets after a failure.
 */
final class PostgresStore implements PrunableStore {

    private static final Column AT = Column.ofEntry("at_ms");
    private static final Column ID = Column.ofEntry("id");

    private final PostgresAddress address;
    private final Clock clock;
    private @Nullable PostgresDatabase database;
    private final Map<List<@Nullable Object>, Long> kinds = new HashMap<>();
    private final Set<Long> days = new HashSet<>();
    private @Nullable Inserts inserts;

    /** Does not connect yet. */
    PostgresStore(PostgresAddress address, Clock clock) {
        this.address = address;
        this.clock = clock;
    }

    /** The statements, which are made by the types of the tables' columns. */
    private record Inserts(Bulk entry, Bulk call, Bulk content) {

        static Inserts on(Connection connection) throws SQLException {
            return new Inserts(
                    Bulk.into(connection, EntryShape.ENTRY, "kind"),
                    Bulk.into(connection, EntryShape.CALL, "at_ms"),
                    Bulk.into(connection, EntryShape.CONTENT, "at_ms"));
        }
    }

    @Override
    public void write(List<Rows> batch) throws SQLException {
        try (Connection connection = connect()) {
            PostgresSchema.lock(connection, address.toString());
            write(connection, batch.stream().map(Rows::withoutNul).toList());
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            forget();
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        if (database == null) {
            database = PostgresDatabase.at(address);
        }
        return database.connect();
    }

    private void forget() {
        kinds.clear();
        days.clear();
        inserts = null;
    }

    private void write(Connection connection, List<Rows> batch) throws SQLException {
        makePartitions(connection, batch);
        Inserts into = inserts == null ? Inserts.on(connection) : inserts;
        inserts = into;
        List<Rows> stored =
                stored(batch, into.entry().insert(connection, entries(connection, batch)));
        List<@Nullable Object[]> calls = new ArrayList<>();
        List<@Nullable Object[]> contents = new ArrayList<>();
        for (Rows rows : stored) {
            rows.calls().forEach(row -> calls.add(with(row, AT.number(rows))));
            rows.content().forEach(row -> contents.add(with(row, AT.number(rows))));
        }
        into.call().insert(connection, calls);
        into.content().insert(connection, contents);
        Rollups.on(connection).add(stored);
        PostgresSchema.lockBooks(connection);
        new Charges(connection, Dialect.POSTGRES).charge(stored);
    }

    private void makePartitions(Connection connection, List<Rows> batch) throws SQLException {
        long kept = Partitions.day(Span.kept(connection));
        days.removeIf(day -> day < kept); // Another process may have dropped them.
        for (long day : Partitions.days(batch.stream().mapToLong(AT::number), clock.millis())) {
            if (!days.contains(day)) {
                Partitions.make(connection, day);
                days.add(day);
            }
        }
    }

    private List<@Nullable Object[]> entries(Connection connection, List<Rows> batch)
            throws SQLException {
        Kinds known = Kinds.on(connection, kinds);
        List<@Nullable Object[]> entries = new ArrayList<>(batch.size());
        for (Rows rows : batch) {
            entries.add(with(rows.entry(), known.number(rows.kind())));
        }
        return entries;
    }

    private static @Nullable Object[] with(@Nullable Object[] row, long last) {
        @Nullable Object[] longer = Arrays.copyOf(row, row.length + 1);
        longer[row.length] = last;
        return longer;
    }

    /** Those whose request was not there before, each once. */
    private static List<Rows> stored(List<Rows> batch, List<String> ids) {
        Set<String> left = new HashSet<>(ids);
        return batch.stream()
                .filter(rows -> ID.in(rows) instanceof String id && left.remove(id))
                .toList();
    }

    /** Values that do not fit, violated constraints, and rows too large for an index. */
    @Override
    public boolean refused(SQLException failure) {
        String state = failure.getSQLState();
        return state != null
                && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    }

    /** Drops whole days; a day that ends later is kept. */
    @Override
    public boolean deleteSome(long beforeMillis) throws SQLException {
        long before = Partitions.dayOf(beforeMillis);
        try (Connection connection = connect()) {
            PostgresSchema.lock(connection, address.toString());
            days.clear();
            Span.keep(connection, before);
            boolean some = Partitions.drop(connection, before);
            connection.commit();
            return some;
        }
    }

    @Override
    public void close() {
        forget();
        if (database != null) {
            database.close();
            database = null;
        }
    }
}
