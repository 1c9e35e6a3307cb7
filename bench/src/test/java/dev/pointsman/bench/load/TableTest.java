package dev.pointsman.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class TableTest {

    private static final List<Row> ROWS =
            List.of(
                    new Row.Medians(Metric.THROUGHPUT),
                    Row.ratio(Metric.THROUGHPUT, Goal.atLeast(0.5).stretch(0.6)),
                    Row.added(Metric.P50, Target.NGINX, Goal.atMost(0.25)));

    private final Rounds rounds = new Rounds();

    TableTest() {
        for (double throughput : new double[] {90, 100, 300}) {
            rounds.add(Target.NGINX, Map.of(Metric.THROUGHPUT, throughput * 1000, Metric.P50, 0.2));
            rounds.add("pointsman", Map.of(Metric.THROUGHPUT, throughput * 550, Metric.P50, 0.5));
        }
    }

    @Test
    void table_goals_judgedByTheLastTargetsMedians() {
        List<String> lines =
                Table.of(ROWS, rounds, List.of(Target.NGINX, "pointsman")).lines().toList();
        assertThat(lines.get(1)).contains("requests/s").contains("100,000").contains("55,000");
        assertThat(lines.get(2)).contains("1.00").contains("0.55").endsWith("yes");
        assertThat(lines.get(3)).contains("+0.300").endsWith("no");
    }

    @Test
    void table_onlyReferences_nothingJudged() {
        assertThat(Table.of(ROWS, rounds, List.of(Target.NGINX)))
                .doesNotContain("yes")
                .doesNotContain(" no");
    }
}
