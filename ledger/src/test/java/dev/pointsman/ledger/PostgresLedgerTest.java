package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

@Timeout(120)
class PostgresLedgerTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final LedgerOptions OPTIONS = LedgerOptions.defaults();

    @TempDir private Path folder;

    @Test
    void case48_databaseThatIsDownForAWhile_hasEverythingAfterwards_andNothingTwice()
            throws Exception {
        PostgresAddress address = Postgres.database();
        long seed = RandomEntries.seed();
        List<Entry> entries = new RandomEntries(seed).entries(900);
        try (PostgresLedger ledger = PostgresLedger.open(address, folder, OPTIONS)) {
            entries.subList(0, 300).forEach(ledger::record);
            awaitRequests(address, 300);
            Postgres.down(address);
            for (int i = 300; i < 600; i += 20) {
                entries.subList(i, i + 20).forEach(ledger::record);
                assertThat(ledger.flush(LONG)).isTrue();
            }
            Postgres.up(address);
            entries.subList(600, 900).forEach(ledger::record);
            awaitRequests(address, 900);
            assertThat(ledger.dropped()).isZero();
        }

        try (LedgerReader reader = LedgerReader.open(address)) {
            BothWays.assertSame(reader, seed);
        }
    }

    @Test
    void whatIsSpooledWhenALedgerIsClosed_isWrittenByTheNextOne() throws Exception {
        PostgresAddress address = Postgres.database();
        Postgres.down(address);
        try (PostgresLedger ledger = PostgresLedger.open(address, folder, OPTIONS);
                PostgresLedger beside = PostgresLedger.open(address, folder, OPTIONS)) {
            ledger.record(Entries.simple("id-1"));
            beside.record(Entries.simple("id-2"));
        }
        Postgres.up(address);

        try (PostgresLedger next = PostgresLedger.open(address, folder, OPTIONS)) {
            next.record(Entries.simple("id-3"));
            awaitRequests(address, 3);
        }
    }

    @Test
    void fullSpool_dropsAndCountsExactlyTheRest() throws Exception {
        PostgresAddress address = Postgres.database();
        Postgres.down(address);
        LedgerOptions options = OPTIONS.withSpoolBound(8_000).withQueueBound(50);
        int recorded = 0;
        try (PostgresLedger ledger = PostgresLedger.open(address, folder, options)) {
            while (ledger.flush(Duration.ofMillis(200))) {
                ledger.record(Entries.simple("id-" + recorded++));
            }
            int spooled = recorded - 1;
            for (; recorded < spooled + 80; recorded++) {
                ledger.record(Entries.simple("id-" + recorded));
            }
            assertThat(ledger.dropped()).isEqualTo(30);

            Postgres.up(address);
            awaitRequests(address, recorded - 30);
            assertThat(ledger.dropped()).isEqualTo(30);
        }
    }

    @Test
    void entryThatTheDatabaseRefuses_isDroppedAndTheOthersAreKept() throws Exception {
        PostgresAddress address = Postgres.database();
        try (PostgresLedger ledger = PostgresLedger.open(address, folder, OPTIONS)) {
            ledger.record(Entries.simple("id-1"));
            ledger.record(StoreContract.withoutPolicy(Entries.simple("broken")));
            ledger.record(Entries.simple("id-2"));
            awaitRequests(address, 2);
        }
        assertThat(ids(address)).containsExactlyInAnyOrder("id-1", "id-2");
    }

    private static List<String> ids(PostgresAddress address) throws Exception {
        return Postgres.query(address, "SELECT id FROM request").stream()
                .map(row -> String.valueOf(row.get("id")))
                .toList();
    }

    /** Waits until there are so many, and no more. */
    private static void awaitRequests(PostgresAddress address, int count) throws Exception {
        long requests = -1;
        for (long end = System.nanoTime() + LONG.toNanos();
                requests != count && System.nanoTime() < end; ) {
            LockSupport.parkNanos(10_000_000);
            requests = requests(address);
        }
        assertThat(requests).isEqualTo(count);
    }

    private static long requests(PostgresAddress address) throws Exception {
        String sql = "SELECT to_regclass('request') IS NOT NULL AS there";
        boolean there = Boolean.TRUE.equals(Postgres.query(address, sql).getFirst().get("there"));
        return there
                ? (Long)
                        Postgres.query(address, "SELECT count(*) AS n FROM request")
                                .getFirst()
                                .get("n")
                : 0;
    }
}
