package dev.pointsman.ledger;

import java.util.List;

/**
 * @param rows days in their order, others by number of requests, the most first
 * @param total every request of the query once, also those that are in no row or in several
 */
public record Report(List<ReportRow> rows, ReportRow total) {

    public Report {
        rows = List.copyOf(rows);
    }
}
