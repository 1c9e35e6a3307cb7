package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;

/** That reports come to the same, whether made of rollups or of requests. */
final class BothWays {

    private static final List<Grouping> GROUPINGS =
            List.of(
                    new Grouping.Category(),
                    new Grouping.Model(),
                    new Grouping.Caller(),
                    new Grouping.Key(),
                    new Grouping.Day(ZoneOffset.UTC),
                    new Grouping.Day(ZoneId.of("Pacific/Kiritimati")),
                    new Grouping.Day(ZoneId.of("America/New_York")),
                    new Grouping.Day(ZoneId.of("Asia/Kolkata")));

    private BothWays() {}

    /** Over all time, and over spans that the seed chooses around the entries of the tests. */
    static void assertSame(LedgerReader reader, long seed) {
        Random random = new Random(seed);
        for (Grouping grouping : GROUPINGS) {
            ReportQuery all = ReportQuery.by(grouping);
            assertSame(reader, all, seed);
            assertSame(
                    reader,
                    all.withSince(Entries.AT.plusMillis(random.nextInt(86_400_000)))
                            .withPractice(ReportQuery.Practice.EXCLUDED),
                    seed);
            assertSame(
                    reader,
                    all.withSince(Entries.AT.plusMillis(random.nextInt(40_000_000)))
                            .withUntil(Entries.AT.plus(Duration.ofMinutes(random.nextInt(3_000))))
                            .withPractice(ReportQuery.Practice.ONLY),
                    seed);
        }
    }

    private static void assertSame(LedgerReader reader, ReportQuery query, long seed) {
        assertThat(reader.report(query))
                .as("seed %d, %s", seed, query)
                .isEqualTo(reader.reportOfRequests(query));
    }
}
