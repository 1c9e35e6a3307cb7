package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.ledger.Grouping;
import dev.pointsman.ledger.LedgerException;
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.ledger.PostgresAddress;
import dev.pointsman.ledger.ReportQuery;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.PostgresServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The ledger's store goes away under a gateway that has requests to answer, and comes back. */
@Timeout(120)
class StoreOutageTest {

    private static final int PER_SECOND = 200;
    private static final int AT_ONCE = 20;
    private static final Duration OUTAGE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int QUEUE = LedgerOptions.defaults().queueBound();
    private static final int SMALL_QUEUE = 200;
    private static final int MOST_REQUESTS = 20_000;

    /** What files may still grow on the full disk. */
    private static final long ROOM = 40_000;

    @TempDir private Path folder;

    private final List<CompletableFuture<Integer>> asked = new ArrayList<>();
    private final FakeProvider provider = FakeProvider.start();
    private Path spool;

    @BeforeEach
    void makeFolder() throws IOException {
        spool = Files.createDirectory(folder.resolve("data"));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void case48_databaseThatHangsAndCrashesUnderLoad_failsNoRequest_andHasAllRecordsAfterwards()
            throws Exception {
        try (PostgresServer database = PostgresServer.start();
                RecordingServer server = start(database.url(), QUEUE)) {
            ask(server, Duration.ofSeconds(1));
            database.freeze();
            ask(server, Duration.ofSeconds(1));
            database.thaw();
            database.crash();
            ask(server, OUTAGE);
            database.startAgain();
            ask(server, Duration.ofSeconds(1));

            assertAllAnswered();
            assertThat(server.dropped()).as(server.warnings()).isZero();
            awaitStored(() -> read(database), asked.size());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs prlimit")
    void case49_diskFullForSqlite_failsNoRequest_andCountsExactlyWhatIsDropped() throws Exception {
        Path file = spool.resolve("ledger.db");
        try (RecordingServer server = start(file.toString(), SMALL_QUEUE)) {
            fillAndEmpty(server, () -> LedgerReader.open(file), () -> {});
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs prlimit")
    void case49_diskFullForTheSpool_failsNoRequest_andCountsExactlyWhatIsDropped()
            throws Exception {
        try (PostgresServer database = PostgresServer.start();
                RecordingServer server = start(database.url(), SMALL_QUEUE)) {
            askUntil(server, () -> asked.size() >= AT_ONCE);
            awaitStored(() -> read(database), asked.size());
            database.crash();
            fillAndEmpty(server, () -> read(database), database::startAgain);
        }
    }

    private void fillAndEmpty(
            RecordingServer server, Supplier<LedgerReader> reader, Runnable storeIsBack)
            throws Exception {
        askUntil(server, () -> asked.size() >= AT_ONCE);
        server.limitFiles(largestFile() + ROOM);
        askUntil(server, () -> server.dropped() >= SMALL_QUEUE);
        awaitWarning(server, "are dropped so far");
        server.liftLimit();
        storeIsBack.run();
        long dropped = server.dropped();
        awaitStored(reader, asked.size() - dropped);

        askUntil(server, new Once());
        assertAllAnswered();
        awaitStored(reader, asked.size() - dropped);
        assertThat(server.dropped()).isEqualTo(dropped);
        System.out.printf("%,d requests, %,d entries dropped%n", asked.size(), dropped);
    }

    private RecordingServer start(String ledger, int queue) throws IOException {
        return RecordingServer.start(ledger, spool, queue, folder.resolve("log"), provider.url());
    }

    private static LedgerReader read(PostgresServer database) {
        return LedgerReader.open(PostgresAddress.of(database.url()));
    }

    private long largestFile() throws IOException {
        try (Stream<Path> files = Files.walk(spool)) {
            return files.mapToLong(file -> file.toFile().length()).max().orElse(0);
        }
    }

    /** At a constant rate, whatever is answered. */
    private void ask(RecordingServer server, Duration time) {
        long begin = System.nanoTime();
        long requests = PER_SECOND * time.toMillis() / 1_000;
        for (int i = 0; i < requests; i++) {
            LockSupport.parkNanos(begin + i * 1_000_000_000L / PER_SECOND - System.nanoTime());
            asked.add(server.ask());
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** Asked once, it is enough. */
    private static final class Once implements Condition {
        private boolean asked;

        @Override
        public boolean holds() {
            boolean before = asked;
            asked = true;
            return before;
        }
    }

    /** As fast as they are answered, so many at once. */
    private void askUntil(RecordingServer server, Condition enough) throws Exception {
        while (!enough.holds()) {
            assertThat(asked).hasSizeLessThan(MOST_REQUESTS);
            for (int i = 0; i < AT_ONCE; i++) {
                asked.add(server.ask());
            }
            assertAllAnswered();
        }
    }

    private void assertAllAnswered() {
        assertThat(asked.stream().map(CompletableFuture::join)).containsOnly(200);
    }

    private static void awaitWarning(RecordingServer server, String words) throws Exception {
        await(() -> server.warnings().contains(words));
        assertThat(server.warnings()).contains(words);
    }

    private static void awaitStored(Supplier<LedgerReader> ledger, long count) throws Exception {
        await(() -> stored(ledger) >= count);
        assertThat(stored(ledger)).isEqualTo(count);
    }

    /** Until it holds, or patience is at its end. */
    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds() && System.nanoTime() < end) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static long stored(Supplier<LedgerReader> ledger) {
        try (LedgerReader reader = ledger.get()) {
            return reader.report(ReportQuery.by(new Grouping.Category())).total().requests();
        } catch (LedgerException e) {
            return 0; // It is not set up yet, or the database is not ready yet.
        }
    }
}
