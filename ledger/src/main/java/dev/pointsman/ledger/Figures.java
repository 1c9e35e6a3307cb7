package dev.pointsman.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes the rows of a report in the database. Percentiles walk the sorted distribution of whole
 * milliseconds that the database streams: exact, and the memory taken here grows with the number of
 * groups only.
 */
record Figures(Connection connection) {

    private static final String COLUMNS =
            """
            count(*), sum(r.outcome = 'failed'), sum(r.fallback), sum(r.practice),
            sum(r.input_tokens), sum(r.output_tokens), sum(r.cache_read_tokens), sum(r.cache_write_tokens),
            sum(r.reasoning_tokens), max(r.tokens_estimated),
            sum(r.cost_nanos), count(*) - count(r.cost_nanos),
            sum(r.classification_nanos), count(*) - count(r.classification_nanos),
            sum(r.baseline_nanos - r.cost_nanos), count(*) - count(r.baseline_nanos - r.cost_nanos),
            count(r.first_content_ms)\
            """;

    /**
     * In no particular order. {@code all} is the number of requests that shares are taken of; 0 if
     * these are all.
     */
    List<ReportRow> rows(Groups groups, long all) throws SQLException {
        Map<String, Long> requests = new HashMap<>();
        Map<String, Long> firstContents = new HashMap<>();
        List<ReportRow> bare = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(groups.select(COLUMNS))) {
            groups.bind(statement);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    ReportRow row = row(result, all);
                    bare.add(row);
                    requests.put(row.key(), row.requests());
                    firstContents.put(row.key(), result.getLong(18));
                }
            }
        }
        Map<String, Percentiles> latencies = percentiles(groups, "latency_ms", requests);
        Map<String, Percentiles> firsts = percentiles(groups, "first_content_ms", firstContents);
        return bare.stream()
                .map(row -> with(row, latencies.get(row.key()), firsts.get(row.key())))
                .toList();
    }
}
