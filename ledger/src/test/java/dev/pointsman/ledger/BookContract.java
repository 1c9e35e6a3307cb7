package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.Budgets.Admission;
import dev.pointsman.budget.Limit;
import dev.pointsman.budget.Reservation;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Money;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the books of budgets must do in every store. */
abstract class BookContract {

    /** 1,000 tokens of {@link Entries#CHEAP}: 50,000 nano-dollars. */
    private static final Usage USAGE = Usage.of(1_000, 0);

    private static final long COST = 50_000;
    private static final Clock CLOCK = Clock.fixed(Entries.AT, ZoneOffset.UTC);
    private static final Budget ALL = budget("all", COST * 3, true);

    private Store store;
    private Book book;

    /** A store on an empty database. */
    abstract Store store() throws SQLException;

    /** A desk on the same database. */
    abstract Desk desk();

    abstract List<Map<String, Object>> query(String sql) throws SQLException;

    /** Makes the database fail until {@link #up}. */
    abstract void down() throws Exception;

    abstract void up() throws Exception;

    @BeforeEach
    void open() throws SQLException {
        store = store();
        book = new Book(desk(), CLOCK, "test");
    }

    @AfterEach
    void close() {
        book.close();
        store.close();
    }

    @Test
    void reserve_untilNothingIsLeft_isRefusedAndNeverBefore() {
        assertThat(admit("a", COST, ALL)).isEqualTo(new Admission.Admitted(List.of()));
        assertThat(admit("b", COST, ALL)).isInstanceOf(Admission.Admitted.class);
        assertThat(admit("c", COST * 2, ALL)).isInstanceOf(Admission.Admitted.class);

        assertThat(admit("d", 1, ALL)).isEqualTo(new Admission.Refused(ALL.exhausted(Entries.AT)));
        assertThat(book.standings())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.budget()).isEqualTo(ALL);
                    assertThat(one.spent()).isEqualTo(Money.ZERO);
                    assertThat(one.reserved()).isEqualTo(Money.ofNanos(COST * 4));
                });
    }

    @Test
    void reserve_underManyBudgets_holdsBackUnderAllOrNone() throws Exception {
        Budget key = budget("key:ci", COST, true);

        assertThat(admit("a", COST, ALL, key)).isInstanceOf(Admission.Admitted.class);
        assertThat(admit("b", COST, ALL, key))
                .isEqualTo(new Admission.Refused(key.exhausted(Entries.AT)));

        assertThat(reserved("all")).isEqualTo(COST);
        assertThat(reserved("key:ci")).isEqualTo(COST);
    }

    @Test
    void reserve_underASoftBudgetThatIsSpent_isAdmittedAndSaysSo() {
        Budget soft = budget("key:ci", COST, false);

        assertThat(admit("a", COST, soft)).isEqualTo(new Admission.Admitted(List.of()));
        assertThat(admit("b", COST, soft))
                .isEqualTo(new Admission.Admitted(List.of(soft.exhausted(Entries.AT))));
    }

    @Test
    void reserve_again_addsToTheFirst() throws Exception {
        admit("a", COST, ALL);
        admit("a", 7, ALL);

        assertThat(reserved("all")).isEqualTo(COST + 7);
        write(request("a"));
        assertThat(reserved("all")).isZero();
    }

    @Test
    void settle_leavesWhatItCame_untilTheLedgerChargesIt() throws Exception {
        admit("a", COST * 10, ALL);
        book.settle("a", Money.ofNanos(COST));
        assertThat(admit("b", COST, ALL)).isInstanceOf(Admission.Admitted.class);
        assertThat(reserved("all")).isEqualTo(COST * 2);

        write(request("a"));

        assertThat(spent("all")).isEqualTo(COST);
        assertThat(reserved("all")).isEqualTo(COST);
    }

    @Test
    void charge_twice_countsOnce() throws Exception {
        admit("a", COST, ALL);
        write(request("a"));
        write(request("a"), request("b"));

        assertThat(spent("all")).isEqualTo(COST * 2);
        assertThat(reserved("all")).isZero();
    }

    @Test
    void settle_afterTheLedgerChargedIt_changesNothing() throws Exception {
        admit("a", COST * 2, ALL);
        write(request("a"));
        book.settle("a", Money.ofNanos(COST));
        book.release("a");
        admit("b", 1, ALL);

        assertThat(spent("all")).isEqualTo(COST);
        assertThat(reserved("all")).isEqualTo(1);
    }

    @Test
    void release_holdsNothingBack() throws Exception {
        admit("a", COST * 3, ALL);
        book.release("a");

        assertThat(admit("b", COST, ALL)).isInstanceOf(Admission.Admitted.class);
        assertThat(reserved("all")).isEqualTo(COST);
    }

    @Test
    void charge_unknownCost_isWhatWasHeldBack() throws Exception {
        admit("a", COST * 2, ALL);
        write(
                Entries.answered(
                        "a", Entries.AT, Task.of("x"), Entries.UNPRICED, Usage.of(1_000, 100)));

        assertThat(spent("all")).isEqualTo(COST * 2);
        assertThat(reserved("all")).isZero();
        assertThat(query("SELECT unpriced FROM spend").getFirst()).containsValue(1L);
    }

    @Test
    void case46_charge_goesToEveryAccountOfTheRequestAndPeriod() throws Exception {
        Budget day = new Budget("all", new Limit(Money.ofNanos(COST * 9), period("day")), true);
        Budget key = budget("key:ci", COST * 9, true);
        Budget tag = budget("tag:team=a=b", COST * 9, true);
        admit("a", COST, ALL, day, key, tag);
        Instant yesterday = Entries.AT.minus(Duration.ofDays(1));
        Task tagged = Task.of("x").key("ci").tag("team", "a=b");

        write(
                Entries.answered("a", Entries.AT, tagged, Entries.CHEAP, USAGE),
                Entries.answered("b", yesterday, tagged, Entries.CHEAP, USAGE),
                request("c"));

        assertThat(query("SELECT account, period, spent_nanos FROM spend ORDER BY account, period"))
                .extracting(row ->
                        row.get("account") + " " + row.get("period") + " " + row.get("spent_nanos"))
                .containsExactly(
                        "all day " + COST * 2,
                        "all month " + COST * 3,
                        "key:ci month " + COST * 2,
                        "tag:team=a=b month " + COST * 2);
    }

    @Test
    void case46_account_thatIsNew_beginsWithWhatTheLedgerKnows() throws Exception {
        Task tagged = Task.of("x").key("ci").tag("team", "red");
        Instant lastMonth = Instant.parse("2026-10-31T23:59:59Z");
        write(
                Entries.answered("a", Entries.AT, tagged, Entries.CHEAP, USAGE),
                Entries.answered("b", lastMonth, tagged, Entries.CHEAP, USAGE),
                request("c"));

        admit("d", 1, ALL, budget("key:ci", COST * 9, true), budget("tag:team=red", 9, false));

        assertThat(spent("all")).isEqualTo(COST * 2);
        assertThat(spent("key:ci")).isEqualTo(COST);
        assertThat(spent("tag:team=red")).isEqualTo(COST);
    }

    @Test
    void accountOfATag_whoseValueIsNew_isOpenedByWhoeverWrites() throws Exception {
        Instant next = Instant.parse("2026-12-01T00:00:00Z");
        admit("a", 1, budget("tag:team=red", 9, false));

        write(
                Entries.answered(
                        "b",
                        Entries.AT,
                        Task.of("x").tag("team", "blue").tag("teams", "blue"),
                        Entries.CHEAP,
                        USAGE),
                Entries.answered(
                        "c", next, Task.of("x").tag("team", "blue"), Entries.CHEAP, USAGE));

        assertThat(
                        query(
                                "SELECT account, spent_nanos FROM spend WHERE begin_ms < "
                                        + next.toEpochMilli()
                                        + " ORDER BY account"))
                .extracting(row -> row.get("account") + " " + row.get("spent_nanos"))
                .containsExactly("tag:team=blue " + COST, "tag:team=red 0");
        assertThat(
                        query(
                                "SELECT account, spent_nanos FROM spend WHERE begin_ms = "
                                        + next.toEpochMilli()))
                .extracting(row -> row.get("account") + " " + row.get("spent_nanos"))
                .containsExactly("tag:team=blue " + COST);
    }

    @Test
    void standings_areThoseOfTheStore_alsoWhereNothingIsAskedFor() throws Exception {
        MovingClock clock = new MovingClock(Entries.AT);
        try (Book other = new Book(desk(), clock, "idle")) {
            admit(other, "a", COST, ALL);
            write(request("a"), request("b"));
            clock.move(Duration.ofSeconds(11));
            other.release("none");

            await(() -> other.standings().getFirst().spent().nanos() == COST * 2);
            assertThat(other.standings().getFirst().reserved()).isEqualTo(Money.ZERO);
        }
    }

    @Test
    void reservation_ofAProcessThatDied_isGivenUp() throws Exception {
        admit("a", COST * 3, ALL);
        assertThat(admit("b", 1, ALL)).isInstanceOf(Admission.Refused.class);

        try (Book later =
                new Book(
                        desk(),
                        Clock.fixed(Entries.AT.plus(Duration.ofMinutes(20)), ZoneOffset.UTC),
                        "later")) {
            assertThat(admit(later, "c", 1, ALL)).isInstanceOf(Admission.Admitted.class);
        }
        assertThat(reserved("all")).isEqualTo(1);
    }

    @Test
    void books_ofTwoProcesses_admitTogetherWhatThereIs() throws Exception {
        Budget hundred = budget("all", COST * 100, true);
        List<CompletableFuture<Admission>> asked = new ArrayList<>();
        try (Book other = new Book(desk(), CLOCK, "other")) {
            for (int i = 0; i < 1_000; i++) {
                asked.add(
                        (i % 2 == 0 ? book : other)
                                .reserve(reservation("r" + i, COST, hundred))
                                .toCompletableFuture());
            }
            long admitted =
                    asked.stream()
                            .filter(one ->
                                    one.orTimeout(30, TimeUnit.SECONDS).join()
                                            instanceof Admission.Admitted)
                            .count();
            assertThat(admitted).isEqualTo(100);
        }
        assertThat(reserved("all")).isEqualTo(COST * 100);
    }

    @Test
    void storeDown_requestsAreLetInByWhatWasKnown_andChargedAfter() throws Exception {
        admit("a", COST, ALL);
        down();

        assertThat(admit("b", COST, ALL)).isInstanceOf(Admission.Admitted.class);
        book.settle("b", Money.ofNanos(COST));
        assertThat(admit("c", COST, ALL)).isInstanceOf(Admission.Admitted.class);
        assertThat(admit("d", COST, ALL)).isInstanceOf(Admission.Refused.class);

        up();
        write(request("a"), request("b"), request("c"));
        await(() -> admit("e", 1, ALL) instanceof Admission.Refused && spent("all") == COST * 3);
        assertThat(reserved("all")).isZero();
    }

    @Test
    void storeDown_aSecondReservation_addsToTheFirst() throws Exception {
        admit("a", COST, ALL);
        down();
        admit("b", COST, ALL);
        admit("b", COST, ALL);

        book.settle("b", Money.ofNanos(COST));

        assertThat(admit("c", COST, ALL)).isInstanceOf(Admission.Admitted.class);
        up();
    }

    /** A database that hangs and goes on, after the request was answered and written. */
    @Test
    void reservation_thatCameTooLate_holdsNothingBack() throws Exception {
        Hanging hanging = new Hanging(desk());
        try (Book slow = new Book(hanging, CLOCK, "hanging")) {
            CompletableFuture<Admission> begun =
                    slow.reserve(reservation("a", COST, ALL)).toCompletableFuture();
            hanging.entered.await();
            CompletableFuture<Admission> waiting =
                    slow.reserve(reservation("b", COST, ALL)).toCompletableFuture();
            assertThat(begun.get(20, TimeUnit.SECONDS)).isInstanceOf(Admission.Admitted.class);
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isInstanceOf(Admission.Admitted.class);
            slow.settle("a", Money.ofNanos(COST));
            slow.settle("b", Money.ofNanos(COST));
            write(request("a"), request("b"));

            hanging.goOn.countDown();
            await(() ->
                    !query("SELECT account FROM spend").isEmpty()
                            && spent("all") == COST * 2
                            && reserved("all") == 0);
        }
    }

    private static final class Hanging implements Desk {
        private final Desk desk;
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        Hanging(Desk desk) {
            this.desk = desk;
        }

        @Override
        public Dialect dialect() {
            return desk.dialect();
        }

        @Override
        public <T> T inTransaction(Work<T> work) throws SQLException {
            entered.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return desk.inTransaction(work);
        }

        @Override
        public void close() {
            desk.close();
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private Admission admit(String request, long nanos, Budget... budgets) {
        return admit(book, request, nanos, budgets);
    }

    private static Admission admit(Book book, String request, long nanos, Budget... budgets) {
        return book.reserve(reservation(request, nanos, budgets))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static Reservation reservation(String request, long nanos, Budget... budgets) {
        return new Reservation(
                request,
                Entries.AT,
                List.of(budgets),
                Money.ofNanos(nanos),
                Duration.ofMinutes(15));
    }

    private static Budget budget(String account, long nanos, boolean hard) {
        return new Budget(account, new Limit(Money.ofNanos(nanos), period("month")), hard);
    }

    private static dev.pointsman.budget.Period period(String label) {
        return Limit.of("1usd/" + label).period();
    }

    private static Entry request(String id) {
        return Entries.answered(id, Entries.AT, Task.of("x"), Entries.CHEAP, USAGE);
    }

    private void write(Entry... entries) throws SQLException {
        store.write(Stream.of(entries).map(Entries::rows).toList());
    }

    private long spent(String account) throws SQLException {
        return sum("spent_nanos", account);
    }

    private long reserved(String account) throws SQLException {
        return sum("reserved_nanos", account);
    }

    private long sum(String column, String account) throws SQLException {
        return ((Number)
                        query(
                                        "SELECT "
                                                + column
                                                + " AS n FROM spend WHERE period = 'month' AND"
                                                + " account = '"
                                                + account
                                                + "'")
                                .getFirst()
                                .get("n"))
                .longValue();
    }

    private static final class MovingClock extends Clock {
        private volatile Instant now;

        MovingClock(Instant now) {
            this.now = now;
        }

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(now, zone);
        }
    }
}
