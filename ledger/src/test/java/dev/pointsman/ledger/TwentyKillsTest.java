package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Who records under load is killed at a moment of chance, again and again, on one ledger. */
@Timeout(180)
class TwentyKillsTest {

    private static final int KILLS = 20;
    private static final long FIRST_MILLIS = 200;
    private static final long LAST_MILLIS = 700;

    /** In every fourth round, so that there are entries that may not be lost. */
    private static final long LAST_OF_LONG_MILLIS = 1_500;

    private static final long MAY_BE_LOST_MILLIS = 1_000;

    /** By default; and a short one, with which a kill falls into a write more often. */
    private static final List<Duration> WINDOWS =
            List.of(LedgerOptions.defaults().batchWindow(), Duration.ofMillis(5));

    @TempDir private Path folder;

    /** How old each recorded entry was when its process was killed, in milliseconds. */
    private final Map<String, Long> ages = new HashMap<>();

    private interface Books extends Sums.Query {

        /** The first argument of a writer. */
        String ledger();

        LedgerReader reader();

        void beforeRound(int round) throws Exception;

        /** Whether all that can ever be there is there now. */
        boolean afterKill(int round) throws Exception;
    }

    @Test
    void case50_sqliteKilledTwentyTimesUnderLoad_losesNothingOlderThanASecond_andAddsUp()
            throws Exception {
        killAgainAndAgain(new InSqlite(folder.resolve("ledger.db")));
    }

    @Test
    void case50_postgresKilledTwentyTimesUnderLoad_losesNothingOlderThanASecond_andAddsUp()
            throws Exception {
        killAgainAndAgain(new InPostgres(Postgres.database(), folder));
    }

    private void killAgainAndAgain(Books books) throws Exception {
        long seed = RandomEntries.seed();
        Random random = new Random(seed);
        LoadedWriter next = writer(books, seed, 0);
        try {
            for (int round = 0; round < KILLS; round++) {
                LoadedWriter writer = next;
                next = writer(books, seed, round + 1);
                books.beforeRound(round);
                long last = round % 4 == 0 ? LAST_OF_LONG_MILLIS : LAST_MILLIS;
                kill(writer, random.nextLong(FIRST_MILLIS, last));
                if (books.afterKill(round)) {
                    assertLittleIsLost(books, "seed %d, kill %d".formatted(seed, round + 1));
                }
            }
        } finally {
            next.close();
        }
        Sums.assertSame(books);
        try (LedgerReader reader = books.reader()) {
            BothWays.assertSame(reader, seed);
        }
    }

    private LoadedWriter writer(Books books, long seed, int round) throws IOException {
        Duration window = WINDOWS.get(round % WINDOWS.size());
        return LoadedWriter.start(books.ledger(), folder, seed + round, "kill" + round, window);
    }

    private void kill(LoadedWriter writer, long afterMillis) throws Exception {
        try (writer) {
            writer.begin();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(afterMillis));
            long at = writer.kill();
            writer.recorded().forEach(each -> ages.put(each.id(), at - each.atMillis()));
        }
    }

    private void assertLittleIsLost(Books books, String which) throws Exception {
        List<Object> stored =
                books.rows("SELECT id FROM request").stream().map(row -> row.get("id")).toList();
        Set<Object> once = new HashSet<>(stored);
        assertThat(stored).as(which).hasSameSizeAs(once);
        Map<String, Long> lost = new HashMap<>(ages);
        lost.keySet().removeAll(once);
        long oldest = lost.values().stream().mapToLong(age -> age).max().orElse(0);
        System.out.printf(
                "%s: %,d recorded, %d lost, the oldest %d ms before its kill%n",
                which, ages.size(), lost.size(), oldest);
        assertThat(oldest).as(which).isLessThanOrEqualTo(MAY_BE_LOST_MILLIS);
    }

    private record InSqlite(Path file) implements Books {

        @Override
        public String ledger() {
            return file.toString();
        }

        @Override
        public LedgerReader reader() {
            return LedgerReader.open(file);
        }

        @Override
        public void beforeRound(int round) {}

        @Override
        public boolean afterKill(int round) throws Exception {
            assertThat(rows("PRAGMA integrity_check").getFirst())
                    .containsEntry("integrity_check", "ok");
            assertThat(rows("PRAGMA foreign_key_check")).isEmpty();
            return true;
        }

        @Override
        public List<Map<String, Object>> rows(String sql) throws Exception {
            return Sqlite.query(file, sql);
        }
    }

    /**
     * In every fifth round the database is down, so that all is in the spool. After every other
     * kill the next to be killed has to write what is left there.
     */
    private record InPostgres(PostgresAddress address, Path folder) implements Books {

        @Override
        public String ledger() {
            return address.toString().replace("://", "://postgres:x@");
        }

        @Override
        public LedgerReader reader() {
            return LedgerReader.open(address);
        }

        @Override
        public void beforeRound(int round) throws Exception {
            if (round % 5 == 3) {
                Postgres.down(address);
            }
        }

        @Override
        public boolean afterKill(int round) throws Exception {
            Postgres.up(address);
            boolean settles = round % 2 == 1;
            if (settles) {
                PostgresLedger.open(address, folder, LedgerOptions.defaults()).close();
            }
            return settles;
        }

        @Override
        public List<Map<String, Object>> rows(String sql) throws Exception {
            return Postgres.query(address, sql);
        }
    }
}
