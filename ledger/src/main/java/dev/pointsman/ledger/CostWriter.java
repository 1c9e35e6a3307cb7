package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Puts other costs in the place of those that are stored, and keeps those. Only within transactions
 * that have the write lock, and no longer used after one that failed.
 */
final class CostWriter {

    private static final Column ID = Column.ofEntry("id");
    private static final Column AT = Column.ofEntry("at_ms");
    private static final Column COST = Column.ofEntry("cost_nanos");
    private static final Column CLASSIFICATION = Column.ofEntry("classification_nanos");
    private static final Column BASELINE = Column.ofEntry("baseline_nanos");

    private final Connection connection;
    private final boolean byDay;
    private final long repriced;
    private final PreparedStatement entry;
    private final PreparedStatement call;
    private final PreparedStatement former;
    private final Kinds kinds;
    private final Rollups rollups;

    /**
     * @param repriced the time that former costs are kept with, milliseconds
     */
    CostWriter(Connection connection, Dialect dialect, long repriced) throws SQLException {
        this.connection = connection;
        this.byDay = dialect.isByDay();
        this.repriced = repriced;
        this.entry =
                connection.prepareStatement(
                        "UPDATE entry SET kind = ?, cost_nanos = ?, classification_nanos = ?,"
                                + " baseline_nanos = ? WHERE id = ? AND at_ms = ?");
        this.call =
                connection.prepareStatement(
                        "UPDATE call SET cost_nanos = ?, price_version = ? WHERE request_id = ? AND"
                                + " number = ?"
                                + (byDay ? " AND at_ms = ?" : ""));
        this.former =
                connection.prepareStatement(
                        "INSERT INTO former_cost (request_id, number, repriced_ms, cost_nanos,"
                                + " price_version"
                                + (byDay
                                        ? ", at_ms) VALUES (?, ?, ?, ?, ?, ?)"
                                        : ") VALUES (?, ?, ?, ?, ?)"));
        this.kinds = Kinds.on(connection);
        this.rollups = Rollups.on(connection);
    }

    void write(List<Repricer.Change> changes) throws SQLException {
        if (byDay) {
            for (long day :
                    Partitions.daysOf(
                            changes.stream().mapToLong(each -> AT.number(each.after())))) {
                Partitions.make(connection, day);
            }
        }
        for (Repricer.Change change : changes) {
            Rows rows = change.after();
            add(
                    entry,
                    kinds.number(rows.kind()),
                    COST.in(rows),
                    CLASSIFICATION.in(rows),
                    BASELINE.in(rows),
                    ID.in(rows),
                    AT.in(rows));
            for (@Nullable Object[] row : rows.calls()) {
                StoredCall of = StoredCall.of(row);
                addOfDay(
                        call,
                        rows,
                        EntryShape.nanos(of.cost()),
                        of.version(),
                        ID.in(rows),
                        of.number());
            }
            for (Repricer.Former was : change.former()) {
                addOfDay(
                        former,
                        rows,
                        ID.in(rows),
                        was.number(),
                        repriced,
                        EntryShape.nanos(was.cost()),
                        was.version());
            }
        }
        entry.executeBatch();
        call.executeBatch();
        former.executeBatch();
        rollups.replace(changes);
    }

    private void addOfDay(PreparedStatement statement, Rows rows, @Nullable Object... values)
            throws SQLException {
        if (byDay) {
            statement.setObject(values.length + 1, AT.in(rows));
        }
        add(statement, values);
    }

    private static void add(PreparedStatement statement, @Nullable Object... values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }
}
