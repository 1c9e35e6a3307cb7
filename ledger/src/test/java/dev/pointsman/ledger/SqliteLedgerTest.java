package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

@Timeout(60)
class SqliteLedgerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("a/b/ledger.db");
    }

    @Test
    void files_areTheOwnersAlone() throws Exception {
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            ledger.record(Entries.simple("id-1"));
            assertThat(ledger.flush(LONG)).isTrue();

            assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
            assertThat(mode(folder.resolve("a/b"))).isEqualTo("rwx------");
            for (String name :
                    List.of("ledger.db", "ledger.db-wal", "ledger.db-shm", HashKey.FILE)) {
                assertThat(mode(file.resolveSibling(name))).as(name).isEqualTo("rw-------");
            }
        }
        assertThat(Files.size(file.resolveSibling(HashKey.FILE))).isEqualTo(32);
    }

    @Test
    void promptAndAnswer_areNowhereInTheFiles() throws Exception {
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            ledger.record(
                    Entries.answered(
                            "id-1",
                            Entries.AT,
                            Task.of(Entries.PROMPT)
                                    .system("the-secret-system")
                                    .session("the-secret-session"),
                            Entries.CHEAP,
                            Usage.of(1, 1)));
            assertThat(ledger.flush(LONG)).isTrue();
            assertThat(bytesOfAChild()).contains("id-1").doesNotContain("the-secret");
        }
        assertThat(bytes()).contains("id-1").doesNotContain("the-secret");
    }

    @Test
    void promptAndAnswer_areStoredWhereAskedFor_butNeverTheEvidence() throws Exception {
        try (SqliteLedger ledger =
                SqliteLedger.open(file, LedgerOptions.defaults().withStoreContent(true))) {
            ledger.record(Entries.simple("id-1"));
        }

        assertThat(bytes())
                .contains(Entries.PROMPT, Entries.ANSWER)
                .doesNotContain(Entries.EVIDENCE);
    }

    @Test
    void sameTask_hashesAlikeAcrossLedgersOfAFolder() throws Exception {
        for (String id : List.of("id-1", "id-2")) {
            try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
                ledger.record(Entries.simple(id));
            }
        }

        assertThat(Sqlite.query(file, "SELECT DISTINCT task_hash FROM request")).hasSize(1);
    }

    @Test
    void hashKey_madeByManyAtOnce_isOne() throws Exception {
        List<byte[]> keys = atOnce(8, () -> HashKey.in(folder));

        assertThat(keys).allSatisfy(key -> assertThat(key).isEqualTo(keys.getFirst()));
        assertThat(keys.getFirst()).hasSize(32).isNotEqualTo(new byte[32]);
    }

    @Test
    void severalLedgers_openedAtOnceOnOneFile_loseNothing() throws Exception {
        int ledgers = 4;
        int entries = 2_000;
        CyclicBarrier start = new CyclicBarrier(ledgers);
        List<Boolean> flushed =
                atOnce(
                        ledgers,
                        () -> {
                            int number = start.await();
                            try (SqliteLedger ledger =
                                    SqliteLedger.open(file, LedgerOptions.defaults())) {
                                for (int i = 0; i < entries; i++) {
                                    ledger.record(Entries.simple(number + "-" + i));
                                }
                                return ledger.flush(LONG) && ledger.dropped() == 0;
                            }
                        });

        assertThat(flushed).containsOnly(true);
        assertThat(Sqlite.query(file, "SELECT count(*) AS n FROM request").getFirst())
                .containsEntry("n", (long) ledgers * entries);
    }

    @Test
    void case47_lockedFile_keepsEntriesAndRecovers() throws Exception {
        try (SqliteLedger ledger =
                SqliteLedger.open(file, LedgerOptions.defaults().withQueueBound(3))) {
            try (Connection other = Sqlite.open(file);
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN EXCLUSIVE");
                for (int i = 0; i < 5; i++) {
                    ledger.record(Entries.simple("id-" + i));
                }
                assertThat(ledger.flush(Duration.ofMillis(100))).isFalse();
                assertThat(ledger.dropped()).isEqualTo(2);
                statement.execute("ROLLBACK");
            }
            assertThat(ledger.flush(LONG)).isTrue();
        }
        assertThat(Sqlite.query(file, "SELECT id FROM request")).hasSize(3);
    }

    @Test
    void case47_fileLockedAtTheStart_opensAndRecovers() throws Exception {
        SqliteLedger.open(file, LedgerOptions.defaults()).close();
        try (Connection other = Sqlite.open(file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
                ledger.record(Entries.simple("id-1"));
                statement.execute("ROLLBACK");
                assertThat(ledger.flush(LONG)).isTrue();
            }
        }
        assertThat(Sqlite.query(file, "SELECT id FROM request")).hasSize(1);
    }

    @Test
    void case49_fileReplacedBySomethingUnwritable_recoversInANewFile() throws Exception {
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            ledger.record(Entries.simple("id-1"));
            assertThat(ledger.flush(LONG)).isTrue();
            for (String name : List.of("ledger.db", "ledger.db-wal", "ledger.db-shm")) {
                Files.move(file.resolveSibling(name), folder.resolve(name));
            }
            Files.createDirectory(file);

            ledger.record(Entries.simple("id-2"));
            assertThat(ledger.flush(Duration.ofMillis(100))).isFalse();
            Files.delete(file);

            assertThat(ledger.flush(LONG)).isTrue();
            assertThat(ledger.dropped()).isZero();
        }
        assertThat(Sqlite.query(file, "SELECT id FROM request"))
                .extracting(row -> row.get("id"))
                .containsExactly("id-2");
    }

    private static <T> List<T> atOnce(int threads, Callable<T> call) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(call));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private String bytes() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(file.getParent())) {
            for (Path each : files.toList()) {
                all.append(Files.readString(each, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    /**
     * Read by another process: were this one to open and close the file, SQLite's locks on it would
     * be gone.
     */
    private String bytesOfAChild() throws IOException {
        Process cat =
                new ProcessBuilder("sh", "-c", "cat " + file + "*")
                        .redirectErrorStream(true)
                        .start();
        return new String(cat.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
