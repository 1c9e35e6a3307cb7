package dev.pointsman.ledger;

import java.util.List;

/**
 * @param rows days in their order, others by number of requests, the most first
 * @param total every request of the query once, also those that are in no row or in several
 * @param baselines the models that any requests of the ledger have as their baseline, sorted; what
 *     was saved is measured against them
 */
public record Report(List<ReportRow> rows, ReportRow total, List<String> baselines) {

    public Report {
        rows = List.copyOf(rows);
        baselines = List.copyOf(baselines);
    }
}
