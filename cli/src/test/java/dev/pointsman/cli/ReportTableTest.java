package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;
import dev.pointsman.ledger.Percentiles;
import dev.pointsman.ledger.Report;
import dev.pointsman.ledger.ReportRow;
import dev.pointsman.ledger.Sum;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

class ReportTableTest {

    private static final Percentiles TIMES =
            new Percentiles(Duration.ofMillis(800), Duration.ofMillis(2100));

    @Test
    void fit_leavesOutFirstWhatTellsNothing() {
        ReportTable table = table(row("a-model-with-a-name-of-some-length", 0, Optional.empty()));

        assertThat(table.fit(160).leftOut()).containsExactly("share", "first p50/p95");
        assertThat(table.toString()).contains("of it classifying", "fallbacks", "failed");
    }

    @Test
    void fit_whereAllColumnsTell_keepsCostAndTokensToTheLast() {
        ReportRow row = row("a-model-with-a-name-of-some-length", 3, Optional.of(TIMES));

        assertThat(table(row).fit(1000).leftOut()).isEmpty();
        assertThat(table(row).fit(120).toString().lines().findFirst().orElseThrow().split("  +"))
                .containsExactly(
                        "model",
                        "requests",
                        "failed",
                        "tokens in",
                        "tokens out",
                        "cost",
                        "saved",
                        "total p50/p95");
        assertThat(table(row).fit(1).toString().lines().findFirst().orElseThrow().split("  +"))
                .containsExactly("model", "requests", "tokens in", "tokens out", "cost", "saved");
    }

    private static ReportTable table(ReportRow row) {
        return new ReportTable(
                "model", new Report(List.of(row), row, List.of("a/b")), new Bars(false));
    }

    private static ReportRow row(String key, long failed, Optional<Percentiles> first) {
        return new ReportRow(
                key,
                400,
                1,
                failed,
                7,
                0,
                Usage.of(7_100, 160_000).withCache(500, 0),
                new Sum(Money.ofNanos(660_000_000), 0),
                new Sum(Money.ofNanos(1_000_000), 0),
                new Sum(Money.ofNanos(3_375_000_000L), 0),
                Optional.of(TIMES),
                first);
    }
}
