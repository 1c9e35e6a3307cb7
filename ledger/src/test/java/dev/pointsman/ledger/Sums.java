package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** That the rollups of each dimension add up to the requests, and those to their attempts. */
final class Sums {

    private static final String OF_ROLLUPS =
            """
            SELECT dimension, sum(requests) AS requests, sum(failed) AS failed,
              sum(fallbacks) AS fallbacks, sum(estimated) AS estimated,
              sum(input_tokens) AS input, sum(output_tokens) AS output,
              sum(cache_read_tokens) AS cache_read, sum(cache_write_tokens) AS cache_write,
              sum(reasoning_tokens) AS reasoning,
              sum(cost_nanos) AS cost, sum(cost_unknown) AS cost_unknown,
              sum(classification_nanos) AS classification,
              sum(classification_unknown) AS classification_unknown,
              sum(saved_nanos) AS saved, sum(saved_unknown) AS saved_unknown
            FROM rollup GROUP BY dimension\
            """;

    private static final String OF_REQUESTS =
            """
            SELECT count(*) AS requests, sum(CASE WHEN outcome = 'failed' THEN 1 ELSE 0 END) AS failed,
              sum(fallback) AS fallbacks, sum(tokens_estimated) AS estimated,
              sum(input_tokens) AS input, sum(output_tokens) AS output,
              sum(cache_read_tokens) AS cache_read, sum(cache_write_tokens) AS cache_write,
              sum(reasoning_tokens) AS reasoning,
              sum(cost_nanos) AS cost, count(*) - count(cost_nanos) AS cost_unknown,
              sum(classification_nanos) AS classification,
              count(*) - count(classification_nanos) AS classification_unknown,
              sum(baseline_nanos - cost_nanos) AS saved,
              count(*) - count(baseline_nanos - cost_nanos) AS saved_unknown
            FROM request\
            """;

    private static final String UNLIKE_THEIR_ATTEMPTS =
            """
            SELECT r.id FROM request r LEFT JOIN
              (SELECT request_id, sum(cost_nanos) AS cost, count(*) - count(cost_nanos) AS unknown
               FROM attempt GROUP BY request_id) a ON a.request_id = r.id
            WHERE r.cost_nanos IS DISTINCT FROM
              CASE WHEN a.unknown > 0 THEN NULL ELSE coalesce(a.cost, 0) END\
            """;

    private Sums() {}

    /** Asks a database. */
    interface Query {
        List<Map<String, Object>> rows(String sql) throws Exception;
    }

    static void assertSame(Query query) throws Exception {
        String requests = query.rows(OF_REQUESTS).getFirst().toString();
        List<Map<String, Object>> rollups = query.rows(OF_ROLLUPS);
        assertThat(rollups.stream().map(row -> row.get("dimension")))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Dimension.values()).map(Dimension::label).toList());
        for (Map<String, Object> rollup : rollups) {
            Object dimension = rollup.remove("dimension");
            assertThat(rollup.toString()).as("rollups by %s", dimension).isEqualTo(requests);
        }
        assertThat(query.rows(UNLIKE_THEIR_ATTEMPTS)).isEmpty();
    }
}
