package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.Task;
import dev.pointsman.core.TokenKind;
import dev.pointsman.core.Usage;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** What repricing must do on every store. */
abstract class RepricingContract {

    private static final ReportQuery ALL = ReportQuery.by(new Grouping.Category());
    private static final String OPUS = "anthropic/opus";

    /** 0.1 and 0.8 USD per million tokens: twice what {@link Entries#CHEAP} was. */
    private static final Price DOUBLE = Price.flat(Rates.usdPerMillion("0.1", "0.8"), "2026-12");

    /** 5 and 25 USD per million tokens. */
    private static final Price OF_OPUS = Price.flat(Rates.usdPerMillion("5", "25"), "2026-12");

    private static final Map<String, Price> PRICES =
            Map.of(Entries.CHEAP.ref(), DOUBLE, OPUS, OF_OPUS);

    /** One that knows what was unknown, and one that no longer knows of cache writes. */
    private static final Map<String, Price> OTHERS =
            Map.of(
                    Entries.UNPRICED.ref(),
                    Price.flat(
                            Rates.usdPerMillion("0.000007", "0.0000333")
                                    .withCache(OptionalLong.of(3), OptionalLong.of(11))
                                    .with(TokenKind.CACHE_WRITE_1H, 17),
                            "2027-01"),
                    Entries.PRICED.ref(),
                    Price.flat(Rates.usdPerMillion("2.5", "10"), "2027-01"),
                    OPUS,
                    Price.flat(Rates.usdPerMillion("6", "30"), "2027-01"));

    private PrunableStore store;

    /** A store on an empty database. */
    abstract PrunableStore store() throws SQLException;

    abstract LedgerReader reader();

    abstract Repricing repricing();

    abstract Repricing dryRun();

    /** What a query on that database gives. */
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
    void wrongPrice_isPutRight_inAttemptsSumsAndBaselines_andTheFormerCostsAreKept()
            throws Exception {
        writeOneOfEach();

        Repricing.Outcome outcome = run(PRICES);

        // only: 1,000 * 100 + 100 * 800; its baseline 1,000 * 5,000 + 100 * 25,000
        // several: triage 333 * 100 + 7 * 800, answer as it was: 200 * 3,000 + 20 * 15,000
        assertThat(costs())
                .containsExactly(
                        tuple("only", 180_000L, 0L, 7_500_000L, "2026-12"),
                        tuple("several", 938_900L, 38_900L, 1_500_000L, "2026-11"));
        assertThat(attempts())
                .containsExactly(
                        tuple("only", 1L, 180_000L, "2026-12"),
                        tuple("several", 1L, 38_900L, "2026-12"),
                        tuple("several", 2L, 0L, null),
                        tuple("several", 3L, 900_000L, "2026-11"));
        assertThat(
                        query(
                                "SELECT request_id, number, cost_nanos, price_version FROM"
                                        + " former_cost ORDER BY request_id, number"))
                .extracting(
                        row -> row.get("request_id"),
                        row -> row.get("number"),
                        row -> row.get("cost_nanos"),
                        row -> row.get("price_version"))
                .containsExactly(
                        tuple("only", 0L, 9_000_000L, null),
                        tuple("only", 1L, 90_000L, "2026-11"),
                        tuple("several", 0L, 9_000_000L, null),
                        tuple("several", 1L, 19_450L, "2026-11"));
        assertThat(outcome.requests()).isEqualTo(2);
        assertThat(outcome.changed()).isEqualTo(2);
        assertThat(outcome.attempts())
                .containsExactly(
                        new PriceChange(
                                Entries.PRICED.ref(), 1, 0, 1, known(900_000), known(900_000)),
                        new PriceChange(
                                Entries.CHEAP.ref(), 3, 2, 0, known(109_450), known(218_900)));
        assertThat(outcome.baselines())
                .containsExactly(
                        new PriceChange(OPUS, 2, 2, 0, known(18_000_000), known(9_000_000)));
        assertThat(report().total().cost()).isEqualTo(known(1_118_900));
        assertThat(report().total().saved()).isEqualTo(known(9_000_000 - 1_118_900));
    }

    private void writeOneOfEach() throws SQLException {
        store.write(
                List.of(
                        Entries.rows(Entries.simple("only")),
                        Entries.rows(
                                Entries.entry(
                                        "several",
                                        Entries.AT.plusSeconds(1),
                                        Task.of("x"),
                                        List.of(
                                                Entries.triage(
                                                        Entries.CHEAP,
                                                        Entries.AT,
                                                        Usage.of(333, 7)),
                                                Entries.failure(
                                                        Entries.CHEAP,
                                                        Entries.AT,
                                                        new Failure.Overloaded(
                                                                Optional.empty(), "busy")),
                                                Entries.success(
                                                        Entries.PRICED,
                                                        Entries.AT,
                                                        Usage.of(200, 20))),
                                        Entries.CHEAP))));
    }

    @Test
    void anyRequests_costWhatTheirTokensDo_andReportsOfRollupsSayTheSame() throws Exception {
        long seed = RandomEntries.seed();
        store.write(rows(seed, 700));

        run(PRICES);
        Report first = report();
        run(OTHERS);

        assertRepriced(OTHERS);
        try (LedgerReader reader = reader()) {
            BothWays.assertSame(reader, seed);
        }
        assertThat(report().total().cost()).isNotEqualTo(first.total().cost());
        assertThat(report().total().cost().unknown()).isNotEqualTo(first.total().cost().unknown());
        assertThat(
                        query(
                                "SELECT r.id FROM request r JOIN attempt a ON a.request_id = r.id"
                                    + " GROUP BY r.id, r.cost_nanos HAVING r.cost_nanos IS DISTINCT"
                                    + " FROM (CASE WHEN count(a.cost_nanos) = count(*) THEN"
                                    + " sum(a.cost_nanos) END)"))
                .isEmpty();
    }

    /** Attempts of those models cost what their tokens do, but for those that cost nothing. */
    private void assertRepriced(Map<String, Price> prices) throws SQLException {
        int compared = 0;
        for (Map<String, Object> row : query("SELECT * FROM attempt")) {
            Price price = prices.get(String.valueOf(row.get("model")));
            if (price != null && row.get("failure_kind") == null) {
                Money cost = Cost.of(price, usage(row)).total();
                assertThat(Column.money(row.get("cost_nanos"))).as("%s", row).isEqualTo(cost);
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }

    private static Usage usage(Map<String, Object> row) {
        Object detail = row.get("detail");
        return new Usage(
                number("input_tokens", row),
                number("output_tokens", row),
                number("cache_read_tokens", row),
                number("cache_write_tokens", row),
                number("reasoning_tokens", row),
                DetailJson.read(detail == null ? null : detail.toString()),
                number("tokens_estimated", row) != 0);
    }

    private static long number(String column, Map<String, Object> row) {
        return row.get(column) instanceof Long number ? number : 0;
    }

    @Test
    void secondRun_changesNothing_andTheWayBackLeadsToTheSame() throws Exception {
        store.write(rows(RandomEntries.seed(), 200));
        run(PRICES);
        Report once = report();
        int kept = query("SELECT number FROM former_cost").size();

        Repricing.Outcome again = run(PRICES);

        assertThat(again.changed()).isZero();
        assertThat(report()).isEqualTo(once);
        assertThat(query("SELECT number FROM former_cost")).hasSize(kept);
        Map<String, Price> dearer = Map.of(Entries.CHEAP.ref(), OF_OPUS, OPUS, DOUBLE);
        assertThat(run(dearer).changed()).isPositive();
        assertThat(report()).isNotEqualTo(once);
        run(PRICES);
        assertThat(report()).isEqualTo(once);
    }

    @Test
    void runThatEndsEarly_hasDoneWhatItTold_andTheNextDoesTheRest() throws Exception {
        store.write(rows(RandomEntries.seed(), 700));
        try (Repricing repricing = repricing()) {
            assertThatThrownBy(() -> run(repricing, ALL, PRICES, told -> stop()))
                    .hasMessage("stopped");
        }
        int before = query("SELECT number FROM former_cost").size();

        Repricing.Outcome rest = run(PRICES);

        assertThat(before).isPositive();
        assertThat(rest.requests()).isEqualTo(700);
        assertThat(rest.changed()).isBetween(1L, 699L);
        assertRepriced(PRICES);
        assertThat(run(PRICES).changed()).isZero();
    }

    private static void stop() {
        throw new IllegalStateException("stopped");
    }

    @Test
    void requestsThatAreWrittenMeanwhile_areNotLost() throws Exception {
        long seed = RandomEntries.seed();
        List<Rows> rows = rows(seed, 800);
        store.write(rows.subList(0, 600));
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> writing =
                    thread.submit(() -> {
                        for (int i = 600; i < 800; i += 10) {
                            store.write(rows.subList(i, i + 10));
                        }
                        return true;
                    });
            while (!writing.isDone()) {
                run(OTHERS);
                run(PRICES);
            }
            writing.get();
        }

        try (LedgerReader reader = reader()) {
            BothWays.assertSame(reader, seed);
            assertThat(reader.report(ALL).total().requests()).isEqualTo(800);
        }
    }

    @Test
    void callThatNobodyWasPaidFor_costsNothingAtAnyPrice() throws Exception {
        Attempt played = Entries.success(Entries.CHEAP, Entries.AT, Usage.of(1_000, 100));
        Attempt free =
                new Attempt(
                        Attempt.Purpose.CLASSIFY,
                        played.model(),
                        played.startedAt(),
                        played.firstContent(),
                        played.latency(),
                        played.usage(),
                        Cost.NONE,
                        played.failure());
        Entry mixed =
                Entries.entry(
                        "mixed",
                        Entries.AT,
                        Task.of("x"),
                        List.of(
                                free,
                                Entries.success(Entries.PRICED, Entries.AT, Usage.of(200, 20))),
                        Entries.PRICED);
        store.write(List.of(Entries.rows(mixed)));

        Repricing.Outcome outcome =
                run(Map.of(Entries.CHEAP.ref(), DOUBLE, Entries.PRICED.ref(), OF_OPUS));

        assertThat(attempts())
                .containsExactly(
                        tuple("mixed", 1L, 0L, null), tuple("mixed", 2L, 1_500_000L, "2026-12"));
        assertThat(costs()).containsExactly(tuple("mixed", 1_500_000L, 0L, 9_000_000L, "2026-12"));
        assertThat(outcome.attempts())
                .extracting(PriceChange::model, PriceChange::changed)
                .containsExactly(tuple(Entries.PRICED.ref(), 1L), tuple(Entries.CHEAP.ref(), 0L));
    }

    @Test
    void unknownCost_becomesKnown_andAKnownOneUnknown_whereThePriceSaysSo() throws Exception {
        Usage written = Usage.of(10, 10).withCache(0, 5);
        Usage flexible = Usage.of(10, 10).at(ServiceTier.FLEX);
        write("a", Entries.UNPRICED, Usage.of(10, 10));
        write("b", Entries.PRICED, written);
        write("c", Entries.UNPRICED, flexible);

        Repricing.Outcome outcome =
                run(Map.of(Entries.UNPRICED.ref(), DOUBLE, Entries.PRICED.ref(), DOUBLE));

        assertThat(attempts())
                .containsExactly(
                        tuple("a", 1L, 9_000L, "2026-12"),
                        tuple("b", 1L, null, null),
                        tuple("c", 1L, null, null));
        assertThat(report().total().cost()).isEqualTo(new Sum(Money.ofNanos(9_000), 2));
        assertThat(outcome.attempts())
                .extracting(each -> each.before().unknown(), each -> each.after().unknown())
                .containsExactly(tuple(0L, 1L), tuple(2L, 1L));
    }

    private void write(String id, Model model, Usage usage) throws SQLException {
        store.write(
                List.of(
                        Entries.rows(
                                Entries.answered(id, Entries.AT, Task.of("x"), model, usage))));
    }

    @Test
    void priceThatTokensCarryBeyondMoney_isUnknown() throws Exception {
        write("a", Entries.UNPRICED, Usage.of(Long.MAX_VALUE, 0));

        run(Map.of(Entries.UNPRICED.ref(), OF_OPUS));

        assertThat(attempts()).containsExactly(tuple("a", 1L, null, null));
    }

    @Test
    void requestsOutsideThePeriod_andOtherModels_stay() throws Exception {
        writeOneOfEach();
        ReportQuery second =
                ALL.withSince(Entries.AT.plusSeconds(1)).withUntil(Entries.AT.plusSeconds(2));

        try (Repricing repricing = repricing()) {
            Repricing.Outcome outcome =
                    repricing.run(second, OPUS::equals, prices(PRICES), told -> {});
            assertThat(outcome.requests()).isEqualTo(1);
            assertThat(outcome.attempts()).isEmpty();
        }

        assertThat(costs())
                .containsExactly(
                        tuple("only", 90_000L, 0L, 9_000_000L, "2026-11"),
                        tuple("several", 919_450L, 19_450L, 1_500_000L, "2026-11"));
    }

    @Test
    void dryRun_tellsTheSame_andChangesNothing() throws Exception {
        store.write(rows(RandomEntries.seed(), 200));
        Report before = report();
        Repricing.Outcome told;
        try (Repricing repricing = dryRun()) {
            told = run(repricing, ALL, PRICES, count -> {});
        }

        assertThat(report()).isEqualTo(before);
        assertThat(query("SELECT number FROM former_cost")).isEmpty();
        assertThat(run(PRICES)).isEqualTo(told);
    }

    @Test
    void formerCosts_goWithTheirRequests() throws Exception {
        writeOneOfEach();
        run(PRICES);

        while (store.deleteSome(Entries.AT.plus(Duration.ofDays(2)).toEpochMilli())) {
            // Goes on until there is nothing left.
        }

        assertThat(query("SELECT id FROM request")).isEmpty();
        assertThat(query("SELECT number FROM former_cost")).isEmpty();
    }

    private List<Tuple> costs() throws SQLException {
        return query("SELECT * FROM request ORDER BY id").stream()
                .map(row ->
                        tuple(
                                row.get("id"),
                                row.get("cost_nanos"),
                                row.get("classification_nanos"),
                                row.get("baseline_nanos"),
                                row.get("price_version")))
                .toList();
    }

    private List<Tuple> attempts() throws SQLException {
        return query("SELECT * FROM attempt ORDER BY request_id, number").stream()
                .map(row ->
                        tuple(
                                row.get("request_id"),
                                row.get("number"),
                                row.get("cost_nanos"),
                                row.get("price_version")))
                .toList();
    }

    private static Sum known(long nanos) {
        return new Sum(Money.ofNanos(nanos), 0);
    }

    private static List<Rows> rows(long seed, int count) {
        return new ArrayList<>(
                new RandomEntries(seed).entries(count).stream().map(Entries::rows).toList());
    }

    private Report report() {
        try (LedgerReader reader = reader()) {
            return reader.report(ALL);
        }
    }

    private Repricing.Outcome run(Map<String, Price> prices) {
        try (Repricing repricing = repricing()) {
            return run(repricing, ALL, prices, told -> {});
        }
    }

    private static Repricing.Outcome run(
            Repricing repricing, ReportQuery query, Map<String, Price> prices, LongConsumer told) {
        return repricing.run(query, any -> true, prices(prices), told);
    }

    private static Function<String, Optional<Price>> prices(Map<String, Price> prices) {
        return model -> Optional.ofNullable(prices.get(model));
    }
}
