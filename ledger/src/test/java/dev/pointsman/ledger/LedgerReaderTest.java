package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pointsman.core.Candidate;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Money;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class LedgerReaderTest {

    private static final ReportQuery BY_CATEGORY = ReportQuery.by(new Grouping.Category());

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
    }

    /**
     * a: triage, cheap, 1,000 in and 100 out: 90,000 nanos against a baseline of 9,000,000. b:
     * code, cheap fails, the priced answers 200 in and 20 out: 900,000. c: code, unknown price,
     * practice. d: triage, failed, asked by nobody, 36 hours later.
     */
    private Report report(ReportQuery query) {
        Task tagged = Task.of("x").caller("app.A").tag("job", "nightly");
        record(
                Entries.answered(
                        "a",
                        Entries.AT,
                        tagged.tag("team", "red"),
                        Entries.CHEAP,
                        Usage.of(1_000, 100)),
                category(
                        "code",
                        Entries.entry(
                                "b",
                                Entries.AT.plusSeconds(1),
                                tagged,
                                List.of(
                                        Entries.failure(
                                                Entries.CHEAP,
                                                Entries.AT,
                                                new Failure.Overloaded(Optional.empty(), "busy")),
                                        Entries.success(
                                                Entries.PRICED,
                                                Entries.AT.plusSeconds(1),
                                                Usage.of(200, 20))),
                                Entries.CHEAP)),
                practice(
                        category(
                                "code",
                                Entries.answered(
                                        "c",
                                        Entries.AT.plusSeconds(2),
                                        Task.of("x").caller("app.B"),
                                        Entries.UNPRICED,
                                        Usage.of(50, 5)))),
                Entries.entry(
                        "d",
                        Entries.AT.plus(Duration.ofHours(36)),
                        Task.of("x"),
                        List.of(
                                Entries.failure(
                                        Entries.CHEAP,
                                        Entries.AT,
                                        new Failure.ServerError(false, "500"))),
                        Entries.CHEAP));
        try (LedgerReader reader = LedgerReader.open(file)) {
            return reader.report(query);
        }
    }

    @Test
    void byCategory_addsUpToTheHandComputedFigures() {
        Report report = report(BY_CATEGORY);

        assertThat(report.rows()).extracting(ReportRow::key).containsExactly("code", "triage");
        ReportRow code = report.rows().getFirst();
        assertThat(code.requests()).isEqualTo(2);
        assertThat(code.share()).isCloseTo(0.5, within(1e-9));
        assertThat(code.failed()).isZero();
        assertThat(code.fallbacks()).isEqualTo(1);
        assertThat(code.practice()).isEqualTo(1);
        assertThat(code.tokens()).isEqualTo(Usage.of(250, 25));
        assertThat(code.cost()).isEqualTo(new Sum(Money.ofNanos(900_000), 1));
        assertThat(code.classificationCost()).isEqualTo(new Sum(Money.ZERO, 0));
        assertThat(code.saved()).isEqualTo(new Sum(Money.ofNanos(8_100_000), 1));
        assertThat(code.latency())
                .contains(new Percentiles(Duration.ofMillis(900), Duration.ofMillis(900)));
        assertThat(code.firstContent())
                .contains(new Percentiles(Duration.ofMillis(300), Duration.ofMillis(300)));

        ReportRow total = report.total();
        assertThat(total.key()).isEqualTo("total");
        assertThat(total.requests()).isEqualTo(4);
        assertThat(total.share()).isEqualTo(1);
        assertThat(total.failed()).isEqualTo(1);
        assertThat(total.tokens()).isEqualTo(Usage.of(1_250, 125));
        assertThat(total.cost()).isEqualTo(new Sum(Money.ofNanos(990_000), 1));
        assertThat(total.saved()).isEqualTo(new Sum(Money.ofNanos(17_010_000), 2));
    }

    @Test
    void byModel_showsFailuresUnderNone() {
        assertThat(report(ReportQuery.by(new Grouping.Model())).rows())
                .extracting(ReportRow::key)
                .containsExactly("(none)", "anthropic/sonnet", "local/llama", "openai/nano");
    }

    @Test
    void byCaller_showsUnknownCallersUnderNone() {
        assertThat(report(ReportQuery.by(new Grouping.Caller())).rows())
                .extracting(ReportRow::key, ReportRow::requests)
                .containsExactly(tuple("app.A", 2), tuple("(none)", 1), tuple("app.B", 1));
    }

    @Test
    void byKey_showsRequestsWithoutOneUnderNone() {
        record(
                Entries.answered(
                        "e", Entries.AT, Task.of("x").key("team"), Entries.CHEAP, Usage.of(1, 1)),
                Entries.answered(
                        "f", Entries.AT, Task.of("x").key("team"), Entries.PRICED, Usage.of(1, 1)));

        assertThat(report(ReportQuery.by(new Grouping.Key())).rows())
                .extracting(ReportRow::key, ReportRow::requests)
                .containsExactly(tuple("(none)", 4), tuple("team", 2));
    }

    @Test
    void byTags_countsARequestInEachOfItsRows_andInTheTotalOnce() {
        Report report = report(ReportQuery.by(new Grouping.Tags()));

        assertThat(report.rows())
                .extracting(ReportRow::key, ReportRow::requests)
                .containsExactly(tuple("job=nightly", 2), tuple("team=red", 1));
        assertThat(report.total().requests()).isEqualTo(4);
        assertThat(report.total().cost()).isEqualTo(new Sum(Money.ofNanos(990_000), 1));
    }

    @Test
    void byOneTag_showsItsValuesOnly() {
        assertThat(report(ReportQuery.by(new Grouping.Tag("team"))).rows())
                .extracting(ReportRow::key, ReportRow::requests)
                .containsExactly(tuple("red", 1));
    }

    @Test
    void byDay_followsTheZone() {
        assertThat(report(ReportQuery.by(new Grouping.Day(ZoneOffset.UTC))).rows())
                .extracting(ReportRow::key, ReportRow::requests)
                .containsExactly(tuple("2026-11-23", 3), tuple("2026-11-25", 1));
        try (LedgerReader reader = LedgerReader.open(file)) {
            ZoneId kiritimati = ZoneId.of("Pacific/Kiritimati");
            assertThat(reader.report(ReportQuery.by(new Grouping.Day(kiritimati))).rows())
                    .extracting(ReportRow::key, ReportRow::requests)
                    .containsExactly(tuple("2026-11-24", 3), tuple("2026-11-25", 1));
        }
    }

    @Test
    void sinceAndUntil_areInclusiveAndExclusive() {
        ReportQuery query =
                BY_CATEGORY
                        .withSince(Entries.AT.plusSeconds(1))
                        .withUntil(Entries.AT.plusSeconds(2));

        assertThat(report(query).rows()).extracting(ReportRow::fallbacks).containsExactly(1L);
    }

    @Test
    void practice_canBeLeftOutOrAlone() {
        assertThat(
                        report(BY_CATEGORY.withPractice(ReportQuery.Practice.EXCLUDED))
                                .total()
                                .requests())
                .isEqualTo(3);
        try (LedgerReader reader = LedgerReader.open(file)) {
            Report only = reader.report(BY_CATEGORY.withPractice(ReportQuery.Practice.ONLY));
            assertThat(only.total().requests()).isEqualTo(1);
            assertThat(only.total().practice()).isEqualTo(1);
        }
    }

    @Test
    void queryThatMatchesNothing_givesNoRowsAndAZeroTotal() {
        Report report = report(BY_CATEGORY.withSince(Instant.parse("2030-01-01T00:00:00Z")));

        assertThat(report.rows()).isEmpty();
        assertThat(report.total().requests()).isZero();
        assertThat(report.total().latency()).isEmpty();
    }

    @Test
    void percentiles_areOfNearestRank() {
        record(
                IntStream.rangeClosed(1, 20)
                        .mapToObj(i -> latency("id-" + i, i * 10))
                        .toArray(Entry[]::new));

        try (LedgerReader reader = LedgerReader.open(file)) {
            assertThat(reader.report(BY_CATEGORY).total().latency())
                    .contains(new Percentiles(Duration.ofMillis(100), Duration.ofMillis(190)));
        }
    }

    @Test
    void percentiles_ofOneRequest_areItsLatency() {
        record(latency("id-1", 42));

        try (LedgerReader reader = LedgerReader.open(file)) {
            assertThat(reader.report(BY_CATEGORY).rows().getFirst().latency())
                    .contains(new Percentiles(Duration.ofMillis(42), Duration.ofMillis(42)));
        }
    }

    @Test
    void answeredRequests_arePassedOnWithTheirUsage_oldestFirst() {
        report(BY_CATEGORY);
        List<AnsweredUsage> answered = new ArrayList<>();

        try (LedgerReader reader = LedgerReader.open(file)) {
            reader.forEachAnswered(BY_CATEGORY, answered::add);
        }

        Money baseline = Money.ofNanos(9_000_000);
        assertThat(answered)
                .containsExactly(
                        new AnsweredUsage(
                                Entries.AT,
                                "triage",
                                "openai/nano",
                                Usage.of(1_000, 100),
                                Money.ofNanos(90_000),
                                Money.ZERO,
                                baseline,
                                false),
                        new AnsweredUsage(
                                Entries.AT.plusSeconds(1),
                                "code",
                                "anthropic/sonnet",
                                Usage.of(200, 20),
                                Money.ofNanos(900_000),
                                Money.ZERO,
                                baseline,
                                false),
                        new AnsweredUsage(
                                Entries.AT.plusSeconds(2),
                                "code",
                                "local/llama",
                                Usage.of(50, 5),
                                Money.UNKNOWN,
                                Money.ZERO,
                                baseline,
                                true));
    }

    @Test
    void missingLedger_saysWhatToDo() {
        assertThatThrownBy(() -> LedgerReader.open(file))
                .isInstanceOf(LedgerException.class)
                .hasMessage("no ledger at " + file + " yet: route something first");
        assertThat(file).doesNotExist();
    }

    @Test
    void emptyFile_isNoLedgerYet() throws Exception {
        Files.createFile(file);

        assertThatThrownBy(() -> LedgerReader.open(file))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("route something first");
    }

    private static org.assertj.core.groups.Tuple tuple(String key, long requests) {
        return org.assertj.core.groups.Tuple.tuple(key, requests);
    }

    private void record(Entry... entries) {
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            for (Entry entry : entries) {
                ledger.record(entry);
            }
        }
    }

    private static Entry latency(String id, long millis) {
        Entry e = Entries.simple(id);
        return new Entry(
                e.at(),
                e.task(),
                e.decision(),
                e.attempts(),
                e.answer(),
                Duration.ofMillis(millis),
                Optional.empty(),
                false);
    }

    private static Entry category(String category, Entry e) {
        List<Candidate> candidates = e.decision().candidates();
        return new Entry(
                e.at(),
                e.task(),
                Entries.decision(e.decision().id(), category, candidates),
                e.attempts(),
                e.answer(),
                e.latency(),
                e.baseline(),
                e.practice());
    }

    private static Entry practice(Entry e) {
        return new Entry(
                e.at(),
                e.task(),
                e.decision(),
                e.attempts(),
                e.answer(),
                e.latency(),
                e.baseline(),
                true);
    }
}
