package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        makePartitions(changes);
        for (Repricer.Change change : changes) {
            addEntry(change.after());
            Set<Long> changed = new HashSet<>();
            for (Repricer.Former was : change.former()) {
                addFormer(was, change.after());
                changed.add(was.number());
            }
            for (@Nullable Object[] row : change.after().calls()) {
                StoredCall of = StoredCall.of(row);
                if (changed.contains(of.number())) {
                    addCall(of, change.after());
                }
            }
        }
        entry.executeBatch();
        call.executeBatch();
        former.executeBatch();
        rollups.replace(changes);
    }

    private void makePartitions(List<Repricer.Change> changes) throws SQLException {
        if (byDay) {
            for (long day :
                    Partitions.daysOf(
                            changes.stream().mapToLong(each -> AT.number(each.after())))) {
                Partitions.make(connection, day);
            }
        }
    }

    private void addEntry(Rows rows) throws SQLException {
        Parameters.add(
                entry,
                kinds.number(rows.kind()),
                COST.in(rows),
                CLASSIFICATION.in(rows),
                BASELINE.in(rows),
                ID.in(rows),
                AT.in(rows));
    }

    private void addCall(StoredCall of, Rows rows) throws SQLException {
        addOfDay(call, rows, EntryShape.nanos(of.cost()), of.version(), ID.in(rows), of.number());
    }

    private void addFormer(Repricer.Former was, Rows rows) throws SQLException {
        addOfDay(
                former,
                rows,
                ID.in(rows),
                was.number(),
                repriced,
                EntryShape.nanos(was.cost()),
                was.version());
    }

    private void addOfDay(PreparedStatement statement, Rows rows, @Nullable Object... values)
            throws SQLException {
        if (byDay) {
            statement.setObject(values.length + 1, AT.in(rows));
        }
        Parameters.add(statement, values);
    }
}
