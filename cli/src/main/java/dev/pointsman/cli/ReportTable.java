package dev.pointsman.cli;

import dev.pointsman.ledger.Report;
import dev.pointsman.ledger.ReportRow;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A report for people. */
final class ReportTable {

    /** A line of cost by day is no longer than this; it shows the last days. */
    private static final int DAYS = 100;

    private final String by;
    private final Report report;
    private final Bars bars;
    private final long dearest;
    private final List<ReportColumn> columns = new ArrayList<>(ReportColumn.ALL);
    private final List<ReportColumn> leftOut = new ArrayList<>();

    /**
     * @param by what its rows stand for
     */
    ReportTable(String by, Report report, Bars bars) {
        this.by = by;
        this.report = report;
        this.bars = bars;
        this.dearest = report.rows().stream().mapToLong(ReportTable::nanos).max().orElse(0);
    }

    /**
     * Leaves columns out until it is no wider: those that say nothing of any row first. It may stay
     * wider, by long names.
     *
     * @param width in characters
     */
    ReportTable fit(int width) {
        List<ReportColumn> spare =
                columns.stream()
                        .filter(column -> column.rank() > 0)
                        .sorted(
                                Comparator.<ReportColumn, Boolean>comparing(
                                                column -> column.isTelling(report))
                                        .thenComparing(
                                                ReportColumn::rank, Comparator.reverseOrder()))
                        .toList();
        for (ReportColumn column : spare) {
            if (table().width() <= width) {
                break;
            }
            columns.remove(column);
            leftOut.add(column);
        }
        return this;
    }

    /** What {@link #fit} left out, in the order of the columns. */
    List<String> leftOut() {
        return ReportColumn.ALL.stream().filter(leftOut::contains).map(ReportColumn::name).toList();
    }

    @Override
    public String toString() {
        return table() + byDay() + assumption();
    }

    private Table table() {
        List<String> head = new ArrayList<>(List.of(by));
        columns.forEach(column -> head.add(column.name()));
        int bar = head.indexOf("cost") + 1;
        head.add(bar, "");
        Table table = new Table(1, head.toArray(String[]::new)).left(bar);
        report.rows().forEach(row -> table.row(cells(row, bar, bars.bar(nanos(row), dearest))));
        return table.rule().row(cells(report.total(), bar, ""));
    }

    private static long nanos(ReportRow row) {
        return row.cost().known().nanos();
    }

    private String[] cells(ReportRow row, int barColumn, String bar) {
        List<String> cells = new ArrayList<>(List.of(row.key()));
        columns.forEach(column -> cells.add(column.cell().apply(row)));
        cells.add(barColumn, bar);
        return cells.toArray(String[]::new);
    }

    /** What each day cost, in a line; nothing unless rows are days, and several. */
    private String byDay() {
        if (!by.equals("day") || report.rows().size() < 2) {
            return "";
        }
        LocalDate last = day(report.rows().getLast());
        LocalDate first = latest(day(report.rows().getFirst()), last.minusDays(DAYS - 1));
        List<Long> costs = new ArrayList<>();
        for (int i = 0; i <= first.until(last, ChronoUnit.DAYS); i++) {
            costs.add(0L);
        }
        for (ReportRow row : report.rows()) {
            int index = (int) first.until(day(row), ChronoUnit.DAYS);
            if (index >= 0) {
                costs.set(index, nanos(row));
            }
        }
        return "cost by day, %s to %s: %s%n".formatted(first, last, bars.line(costs));
    }

    private static LocalDate day(ReportRow row) {
        return LocalDate.parse(row.key());
    }

    private static LocalDate latest(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    /** What {@code saved} is measured against. */
    private String assumption() {
        return "saved: " + against(report.baselines()) + System.lineSeparator();
    }

    /** The assumption behind what was saved, in words. */
    static String against(List<String> baselines) {
        return baselines.isEmpty()
                ? "unknown, since the policy names no baseline"
                : "the answers' tokens at "
                        + String.join(" or ", baselines)
                        + (baselines.size() > 1 ? ", the baseline of its time" : "")
                        + ", less all that was paid; another model may use more or fewer";
    }
}
