package dev.pointsman.ledger;

import java.time.Instant;

/**
 * Which requests are read, and how they are grouped.
 *
 * @param since the first moment at which they may have begun
 * @param until the first moment at which they may no longer have begun
 * @param practice whether those of the practice provider count
 */
public record ReportQuery(Grouping grouping, Instant since, Instant until, Practice practice) {

    /** Whether requests that the built-in practice provider answered count. */
    public enum Practice {
        ALL,
        ONLY,
        EXCLUDED
    }

    /** Everything there is. */
    public static ReportQuery by(Grouping grouping) {
        return new ReportQuery(grouping, Instant.MIN, Instant.MAX, Practice.ALL);
    }

    public ReportQuery withSince(Instant moment) {
        return new ReportQuery(grouping, moment, until, practice);
    }

    public ReportQuery withUntil(Instant moment) {
        return new ReportQuery(grouping, since, moment, practice);
    }

    public ReportQuery withPractice(Practice which) {
        return new ReportQuery(grouping, since, until, which);
    }
}
