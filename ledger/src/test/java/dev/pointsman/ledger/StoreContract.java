package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What every store must do. */
abstract class StoreContract {

    private PrunableStore store;

    /** A store on an empty database. */
    abstract PrunableStore store() throws SQLException;

    /** One more on the same database. */
    abstract PrunableStore another();

    abstract LedgerReader reader();

    /** What a query on that database gives, column names in lower case. */
    abstract List<Map<String, Object>> query(String sql) throws SQLException;

    @BeforeEach
    void open() throws SQLException {
        store = store();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void entry_withEveryDetail_isReadBackToTheNano() throws Exception {
        Task task =
                Task.of(Entries.PROMPT)
                        .system("be brief")
                        .caller("app.Triage.run")
                        .session("s-1")
                        .key("team-red")
                        .tag("job", "nightly")
                        .tag("team", "red");
        Usage usage = new Usage(1_001, 303, 77, 55, 200, true);
        Entry entry =
                Entries.entry(
                        "id-1",
                        Entries.AT,
                        task,
                        List.of(
                                Entries.triage(Entries.CHEAP, Entries.AT, Usage.of(333, 7)),
                                Entries.failure(
                                        Entries.CHEAP,
                                        Entries.AT.plusMillis(100),
                                        new Failure.Overloaded(Optional.empty(), "busy")),
                                Entries.success(Entries.PRICED, Entries.AT.plusMillis(150), usage)),
                        Entries.CHEAP);

        store.write(List.of(Entries.rows(entry)));

        // triage 333 * 50 + 7 * 400 = 19,450; answer 1,001 * 3,000 + 303 * 15,000 + 77 * 300 + 55 *
        // 3,750
        Map<String, Object> request = query("SELECT * FROM request").getFirst();
        assertThat(request)
                .containsEntry("id", "id-1")
                .containsEntry("at_ms", Entries.AT.toEpochMilli())
                .containsEntry("practice", 0L)
                .containsEntry("category", "triage")
                .containsEntry("confidence", 0.75)
                .containsEntry("source", "rule")
                .containsEntry("unsure", 0L)
                .containsEntry("chosen_model", "openai/nano")
                .containsEntry("answering_model", "anthropic/sonnet")
                .containsEntry("provider", "anthropic")
                .containsEntry("fallback", 1L)
                .containsEntry("outcome", "ok")
                .containsEntry("failure_kind", null)
                .containsEntry("estimated_input", 1_010L)
                .containsEntry("input_tokens", 1_001L)
                .containsEntry("output_tokens", 303L)
                .containsEntry("cache_read_tokens", 77L)
                .containsEntry("cache_write_tokens", 55L)
                .containsEntry("reasoning_tokens", 200L)
                .containsEntry("tokens_estimated", 1L)
                .containsEntry("cost_nanos", entry.totalCost().nanos())
                .containsEntry("cost_nanos", 7_777_350L + 19_450L)
                .containsEntry("classification_nanos", 19_450L)
                .containsEntry("price_version", "2026-11")
                .containsEntry("baseline_model", "anthropic/opus")
                .containsEntry("baseline_nanos", 9_000_000L)
                .containsEntry("latency_ms", 900L)
                .containsEntry("first_content_ms", 450L)
                .containsEntry("caller", "app.Triage.run")
                .containsEntry("key_name", "team-red")
                .containsEntry("detail", null)
                .containsEntry("policy", "policy-1");
        assertThat((byte[]) request.get("task_hash")).hasSize(32);
        assertThat((byte[]) request.get("session_hash")).hasSize(32);
        assertThat(query("SELECT key || '=' || value AS tag FROM tag ORDER BY key"))
                .extracting(row -> row.get("tag"))
                .containsExactly("job=nightly", "team=red");
        assertThat(
                        query(
                                "SELECT number || purpose || model || cost_nanos ||"
                                    + " coalesce(failure_kind, '-') || coalesce(failure_message,"
                                    + " '-') AS a FROM attempt ORDER BY number"))
                .extracting(row -> row.get("a"))
                .containsExactly(
                        "1classifyopenai/nano19450--",
                        "2answeropenai/nano0overloadedbusy",
                        "3answeranthropic/sonnet7777350--");
        assertThat(query("SELECT role || ':' || text AS c FROM content ORDER BY number"))
                .extracting(row -> row.get("c"))
                .containsExactly(
                        "system:be brief", "user:" + Entries.PROMPT, "answer:" + Entries.ANSWER);
    }

    @Test
    void onlyAttempt_thatAnswered_isReadBackWhole() throws Exception {
        Usage usage = new Usage(1_001, 303, 77, 55, 200, false);

        store.write(
                List.of(
                        Entries.rows(
                                Entries.answered(
                                        "id-1", Entries.AT, Task.of("x"), Entries.PRICED, usage))));

        assertThat(query("SELECT * FROM attempt"))
                .singleElement(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("request_id", "id-1")
                .containsEntry("number", 1L)
                .containsEntry("purpose", "answer")
                .containsEntry("provider", "anthropic")
                .containsEntry("model", "anthropic/sonnet")
                .containsEntry("start_ms", Entries.AT.toEpochMilli())
                .containsEntry("latency_ms", 800L)
                .containsEntry("first_content_ms", 300L)
                .containsEntry("input_tokens", 1_001L)
                .containsEntry("output_tokens", 303L)
                .containsEntry("cache_read_tokens", 77L)
                .containsEntry("cache_write_tokens", 55L)
                .containsEntry("reasoning_tokens", 200L)
                .containsEntry("tokens_estimated", 0L)
                .containsEntry("cost_nanos", 7_777_350L)
                .containsEntry("price_version", "2026-11")
                .containsEntry("failure_kind", null)
                .containsEntry("failure_message", null);
    }

    @Test
    void tokensThatArePricedApart_areReadBack_ofTheRequestAndOfEachAttempt() throws Exception {
        Usage whole =
                new Usage(900, 300, 80, 60, 20, false)
                        .withDetail(new Usage.Detail(50, 1, 2, 3, 4, 5, ServiceTier.FLEX));
        Usage cached =
                new Usage(9, 3, 0, 6, 0, false)
                        .withDetail(new Usage.Detail(5, 0, 0, 0, 0, 0, ServiceTier.STANDARD));
        Failure busy = new Failure.Overloaded(Optional.empty(), "busy");
        store.write(
                List.of(
                        Entries.rows(
                                Entries.answered(
                                        "only", Entries.AT, Task.of("x"), Entries.PRICED, whole)),
                        Entries.rows(
                                Entries.entry(
                                        "several",
                                        Entries.AT.plusSeconds(1),
                                        Task.of("x"),
                                        List.of(
                                                Entries.triage(Entries.CHEAP, Entries.AT, cached),
                                                Entries.failure(Entries.CHEAP, Entries.AT, busy),
                                                Entries.success(Entries.PRICED, Entries.AT, whole)),
                                        Entries.CHEAP))));

        assertThat(query("SELECT detail FROM attempt ORDER BY request_id, number"))
                .extracting(row -> row.get("detail"))
                .map(StoreContract::detail)
                .containsExactly(
                        whole.detail(), cached.detail(), Usage.Detail.NONE, whole.detail());
        List<Usage> answered = new ArrayList<>();
        try (LedgerReader reader = reader()) {
            reader.forEachAnswered(
                    ReportQuery.by(new Grouping.Key()), each -> answered.add(each.usage()));
        }
        assertThat(answered).containsExactly(whole, whole);
    }

    private static Usage.Detail detail(@Nullable Object stored) {
        return DetailJson.read(stored == null ? null : stored.toString());
    }

    @Test
    void onlyAttempt_thatTellsOtherTokensThanTheAnswer_keepsItsOwn() throws Exception {
        Entry entry = Entries.simple("id-1");
        Answer answer = new Answer("", Usage.of(7, 7), Answer.Stop.END);

        store.write(
                List.of(
                        Entries.rows(
                                new Entry(
                                        entry.at(),
                                        entry.task(),
                                        entry.decision(),
                                        entry.attempts(),
                                        Optional.of(answer),
                                        entry.latency(),
                                        entry.baseline(),
                                        false))));

        assertThat(query("SELECT input_tokens AS n FROM request").getFirst())
                .containsEntry("n", 7L);
        assertThat(query("SELECT input_tokens AS n FROM attempt"))
                .extracting(row -> row.get("n"))
                .containsExactly(1_000L);
    }

    @Test
    void tags_withAnyCharacters_areReadBack() throws Exception {
        String odd = "a \"quoted\" \\ {back}slash,\n\ttab \u0001 \u00e9 \ud83d\ude80";

        store.write(
                List.of(
                        Entries.rows(
                                Entries.answered(
                                        "id-1",
                                        Entries.AT,
                                        Task.of("x").tag(odd, odd).tag("empty", ""),
                                        Entries.CHEAP,
                                        Usage.of(1, 1)))));

        assertThat(query("SELECT request_id, key, value FROM tag ORDER BY key"))
                .containsExactly(
                        Map.of("request_id", "id-1", "key", odd, "value", odd),
                        Map.of("request_id", "id-1", "key", "empty", "value", ""));
    }

    @Test
    void entriesWithMuchInCommon_shareIt_alsoWithThoseOfAnotherConnection() throws Exception {
        store.write(
                List.of(
                        Entries.rows(Entries.simple("id-1")),
                        Entries.rows(Entries.simple("id-2"))));
        store.close();
        store.write(List.of(Entries.rows(Entries.simple("id-3"))));

        assertThat(query("SELECT number FROM kind")).hasSize(1);
        assertThat(query("SELECT id FROM request")).hasSize(3);
    }

    @Test
    void unknownCost_isStoredAsNull() throws Exception {
        store.write(
                List.of(
                        Entries.rows(
                                Entries.answered(
                                        "id-1",
                                        Entries.AT,
                                        Task.of("x"),
                                        Entries.UNPRICED,
                                        Usage.of(10, 10)))));

        assertThat(
                        query("SELECT cost_nanos, classification_nanos, price_version FROM request")
                                .getFirst())
                .containsEntry("cost_nanos", null)
                .containsEntry("classification_nanos", 0L)
                .containsEntry("price_version", null);
        assertThat(query("SELECT cost_nanos FROM attempt").getFirst())
                .containsEntry("cost_nanos", null);
    }

    @Test
    void failedEntry_keepsItsKindAndNoAnsweringModel() throws Exception {
        Entry entry =
                Entries.entry(
                        "id-1",
                        Entries.AT,
                        Task.of("x"),
                        List.of(
                                Entries.failure(
                                        Entries.CHEAP,
                                        Entries.AT,
                                        new Failure.Timeout(
                                                Failure.Clock.TOTAL, Duration.ofSeconds(1)))),
                        Entries.CHEAP);

        store.write(List.of(Entries.rows(entry)));

        assertThat(query("SELECT * FROM request").getFirst())
                .containsEntry("outcome", "failed")
                .containsEntry("failure_kind", "timeout")
                .containsEntry("answering_model", null)
                .containsEntry("baseline_nanos", null)
                .containsEntry("fallback", 0L);
    }

    @Test
    void batch_writtenTwice_isStoredOnce() throws Exception {
        Rows rows = Entries.rows(Entries.simple("id-1"));
        store.write(List.of(rows));

        store.write(List.of(rows, Entries.rows(Entries.simple("id-2"))));

        assertThat(query("SELECT id FROM request")).hasSize(2);
        assertThat(query("SELECT number FROM attempt")).hasSize(2);
    }

    @Test
    void batch_withRowsThatCannotBeStored_isRefusedAsAWhole() throws Exception {
        SQLException failure =
                catchThrowableOfType(
                        SQLException.class,
                        () -> store.write(List.of(Entries.rows(Entries.simple("id-1")), broken())));

        assertThat(store.refused(failure)).isTrue();
        store.write(List.of(Entries.rows(Entries.simple("id-2"))));
        assertThat(query("SELECT id FROM request"))
                .extracting(row -> row.get("id"))
                .containsExactly("id-2");
    }

    @Test
    void rollups_addUpToTheRequests_alsoWhereBatchesComeTwice() throws Exception {
        long seed = RandomEntries.seed();
        List<Rows> rows = rows(new RandomEntries(seed).entries(600));
        store.write(rows.subList(0, 400));
        store.write(rows.subList(200, 600));
        store.write(List.of(rows.getFirst(), rows.getFirst()));

        try (LedgerReader reader = reader()) {
            BothWays.assertSame(reader, seed);
            assertThat(reader.report(ReportQuery.by(new Grouping.Tags())).total().requests())
                    .isEqualTo(600);
        }
    }

    @Test
    void rollups_ofAnHourThatSeveralWriteAtOnce_addUpToTheRequests() throws Exception {
        long seed = RandomEntries.seed();
        List<Rows> rows = rows(new RandomEntries(seed).entries(600));
        store.write(rows.subList(0, 1));
        try (Store other = another();
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> both =
                    List.of(
                            threads.submit(() -> write(store, rows.subList(0, 350))),
                            threads.submit(() -> write(other, rows.subList(250, 600))));
            for (Future<Void> each : both) {
                each.get();
            }
        }

        try (LedgerReader reader = reader()) {
            BothWays.assertSame(reader, seed);
            assertThat(reader.report(ReportQuery.by(new Grouping.Model())).total().requests())
                    .isEqualTo(600);
        }
    }

    @Test
    void deletedRequests_stayInTheRollups_andTheRestAddsUp() throws Exception {
        long seed = RandomEntries.seed();
        store.write(rows(new RandomEntries(seed).entries(1_200)));
        ReportQuery all = ReportQuery.by(new Grouping.Category());
        Report before = report(all);
        Instant middle = Entries.AT.plus(Duration.ofHours(30));

        int steps = 0;
        while (store.deleteSome(middle.toEpochMilli())) {
            steps++;
        }

        assertThat(steps).isPositive();
        assertThat(report(all)).isEqualTo(before);
        assertThat(query("SELECT id FROM request")).hasSizeBetween(1, 1_199);
        assertThat(
                        query(
                                "SELECT request_id FROM attempt WHERE request_id NOT IN (SELECT id"
                                        + " FROM request)"))
                .isEmpty();
        try (LedgerReader reader = reader()) {
            ReportQuery kept = all.withSince(middle.plus(Duration.ofMinutes(17)));
            assertThat(reader.report(kept)).isEqualTo(reader.reportOfRequests(kept));
            assertThat(reader.report(all.withSince(Entries.AT.plusSeconds(1))).total().requests())
                    .isEqualTo(1_200);
        }
    }

    @Test
    void requests_arePassedOnAsTheyAreShown_oldestFirst() throws Exception {
        store.write(
                List.of(
                        Entries.rows(Entries.answered("late", Entries.AT.plusSeconds(2))),
                        Entries.rows(
                                Entries.answered(
                                        "early",
                                        Entries.AT,
                                        Task.of("x").tag("job", "nightly"),
                                        Entries.UNPRICED,
                                        Usage.of(1, 1)))));
        List<Map<String, Object>> passed = new ArrayList<>();

        try (LedgerReader reader = reader()) {
            reader.forEachRequest(
                    ReportQuery.by(new Grouping.Category()),
                    row -> {
                        Map<String, Object> values = new HashMap<>();
                        row.forEach(values::put);
                        passed.add(values);
                    });
        }

        assertThat(passed).extracting(row -> row.get("id")).containsExactly("early", "late");
        assertThat(passed.getFirst())
                .containsEntry("at_ms", Entries.AT.toEpochMilli())
                .containsEntry("cost_nanos", null)
                .containsEntry("confidence", 0.75)
                .extractingByKey("tags")
                .asString()
                .contains("job", "nightly");
    }

    @Test
    void attempts_arePassedOnAsTheyAreShown_oldestRequestFirst() throws Exception {
        store.write(rows(new RandomEntries(RandomEntries.seed()).entries(600)));
        List<Map<String, Object>> passed = new ArrayList<>();

        try (LedgerReader reader = reader()) {
            reader.forEachAttempt(
                    ReportQuery.by(new Grouping.Category()),
                    row -> {
                        Map<String, Object> values = new HashMap<>();
                        row.forEach((name, value) ->
                                values.put(name, name.equals("detail") ? detail(value) : value));
                        passed.add(values);
                    });
        }

        List<Map<String, Object>> shown =
                query(
                        "SELECT a.* FROM attempt a JOIN request r ON r.id = a.request_id ORDER BY"
                                + " r.at_ms, r.id, a.number");
        shown.forEach(row -> row.compute("detail", (name, value) -> detail(value)));
        assertThat(passed).isEqualTo(shown);
    }

    @Test
    void retention_deletesWhatIsOlder_andNothingElse() throws Exception {
        store.write(
                List.of(
                        Entries.rows(Entries.simple("old")),
                        Entries.rows(
                                Entries.answered("new", Entries.AT.plus(Duration.ofDays(3))))));
        Clock clock = Clock.fixed(Entries.AT.plus(Duration.ofDays(93)), ZoneOffset.UTC);

        try (PrunableStore other = another()) {
            new Retention(other, Duration.ofDays(91), clock, "test").deleteOld();
        }

        assertThat(query("SELECT id FROM request"))
                .extracting(row -> row.get("id"))
                .containsExactly("new");
        store.write(List.of(Entries.rows(Entries.simple("late"))));
        assertThat(query("SELECT id FROM request")).hasSize(2);
    }

    private Report report(ReportQuery query) {
        try (LedgerReader reader = reader()) {
            return reader.report(query);
        }
    }

    private static Void write(Store store, List<Rows> rows) throws SQLException {
        for (int i = 0; i < rows.size(); i += 25) {
            store.write(rows.subList(i, Math.min(rows.size(), i + 25)));
        }
        return null;
    }

    private static List<Rows> rows(List<Entry> entries) {
        return entries.stream().map(Entries::rows).toList();
    }

    /** A request without its policy. */
    static Rows broken() {
        Entry whole = Entries.simple("broken");
        return Entries.rows(withoutPolicy(whole));
    }

    @SuppressWarnings("NullAway")
    static Entry withoutPolicy(Entry e) {
        Decision d = e.decision();
        return new Entry(
                e.at(),
                e.task(),
                new Decision(
                        d.id(),
                        d.classification(),
                        d.candidates(),
                        d.rejections(),
                        d.estimatedInput(),
                        d.expectedOutput(),
                        null,
                        d.session()),
                e.attempts(),
                e.answer(),
                e.latency(),
                e.baseline(),
                e.practice());
    }
}
