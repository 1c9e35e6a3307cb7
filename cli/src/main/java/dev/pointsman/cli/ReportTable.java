package dev.pointsman.cli;

import dev.pointsman.ledger.Percentiles;
import dev.pointsman.ledger.Report;
import dev.pointsman.ledger.ReportRow;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A report for people. */
final class ReportTable {

    /** A line of cost by day is no longer than this; it shows the last days. */
    private static final int DAYS = 100;

    private final String by;
    private final Report report;
    private final Bars bars;
    private final long dearest;

    /**
     * @param by what its rows stand for
     */
    ReportTable(String by, Report report, Bars bars) {
        this.by = by;
        this.report = report;
        this.bars = bars;
        this.dearest = report.rows().stream().mapToLong(ReportTable::nanos).max().orElse(0);
    }

    @Override
    public String toString() {
        Table table =
                new Table(
                                1,
                                by,
                                "requests",
                                "share",
                                "failed",
                                "fallbacks",
                                "tokens in",
                                "from cache",
                                "tokens out",
                                "cost",
                                "",
                                "of it classifying",
                                "saved",
                                "first p50/p95",
                                "total p50/p95")
                        .left(9);
        report.rows().forEach(row -> table.row(cells(row, bars.bar(nanos(row), dearest))));
        table.rule().row(cells(report.total(), ""));
        return table + byDay() + assumption();
    }

    private static long nanos(ReportRow row) {
        return row.cost().known().nanos();
    }

    private static String[] cells(ReportRow row, String bar) {
        return new String[] {
            row.key(),
            Figures.count(row.requests()),
            Figures.percent(row.share()),
            Figures.count(row.failed()),
            Figures.count(row.fallbacks()),
            Figures.count(row.tokens().totalInput()),
            row.cacheHitRate().isPresent()
                    ? Figures.percent(row.cacheHitRate().getAsDouble())
                    : "-",
            Figures.count(row.tokens().output()),
            Figures.sum(row.cost().known(), row.cost().unknown()),
            bar,
            Figures.sum(row.classificationCost().known(), row.classificationCost().unknown()),
            Figures.sum(row.saved().known(), row.saved().unknown()),
            both(row.firstContent()),
            both(row.latency())
        };
    }

    private static String both(Optional<Percentiles> percentiles) {
        return percentiles
                .map(of -> Figures.count(of.p50().toMillis()) + "/" + Figures.millis(of.p95()))
                .orElse("-");
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
                : "what the answers' tokens would have cost at "
                        + String.join(" or ", baselines)
                        + (baselines.size() > 1 ? ", the baseline of its time" : "")
                        + ", less all that was paid; another model may use more or fewer";
    }
}
