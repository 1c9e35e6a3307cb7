package dev.pointsman.cli;

import dev.pointsman.ledger.Percentiles;
import dev.pointsman.ledger.Report;
import dev.pointsman.ledger.ReportRow;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a report for people says of each row.
 *
 * @param rank which is left out first where there is no room for all: the highest; 0 never is
 */
record ReportColumn(String name, int rank, Function<ReportRow, String> cell) {

    static final ReportColumn SHARE =
            new ReportColumn("share", 7, row -> Figures.percent(row.share()));

    /** From left to right, without that of the bars. */
    static final List<ReportColumn> ALL =
            List.of(
                    new ReportColumn("requests", 0, row -> Figures.count(row.requests())),
                    SHARE,
                    new ReportColumn("failed", 2, row -> Figures.count(row.failed())),
                    new ReportColumn("fallbacks", 4, row -> Figures.count(row.fallbacks())),
                    new ReportColumn(
                            "tokens in", 0, row -> Figures.count(row.tokens().totalInput())),
                    new ReportColumn("from cache", 3, ReportColumn::fromCache),
                    new ReportColumn("tokens out", 0, row -> Figures.count(row.tokens().output())),
                    new ReportColumn(
                            "cost",
                            0,
                            row -> Figures.sum(row.cost().known(), row.cost().unknown())),
                    new ReportColumn(
                            "of it classifying",
                            6,
                            row ->
                                    Figures.sum(
                                            row.classificationCost().known(),
                                            row.classificationCost().unknown())),
                    new ReportColumn(
                            "saved",
                            0,
                            row -> Figures.sum(row.saved().known(), row.saved().unknown())),
                    new ReportColumn("first p50/p95", 5, row -> both(row.firstContent())),
                    new ReportColumn("total p50/p95", 1, row -> both(row.latency())));

    /** Whether it says what other columns do not, of any row. */
    boolean isTelling(Report report) {
        return this != SHARE
                && Stream.concat(report.rows().stream(), Stream.of(report.total()))
                        .map(cell)
                        .anyMatch(text -> !List.of("0", "-", "$0.00", "0.0%").contains(text));
    }

    private static String fromCache(ReportRow row) {
        return row.cacheHitRate().isPresent()
                ? Figures.percent(row.cacheHitRate().getAsDouble())
                : "-";
    }

    private static String both(Optional<Percentiles> percentiles) {
        return percentiles
                .map(of -> Figures.count(of.p50().toMillis()) + "/" + Figures.millis(of.p95()))
                .orElse("-");
    }
}
