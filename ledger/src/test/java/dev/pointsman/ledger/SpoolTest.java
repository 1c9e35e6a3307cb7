package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

@Timeout(30)
class SpoolTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeStore store = new FakeStore();

    @Test
    void entries_withinTheWindow_areWrittenInOneBatch() {
        try (Spool spool =
                spool(LedgerOptions.defaults().withBatchWindow(Duration.ofMillis(500)))) {
            IntStream.range(0, 10).forEach(i -> spool.add(Entries.simple("id-" + i)));
            store.awaitWritten(10);
        }

        assertThat(store.batches).containsExactly(10);
    }

    @Test
    void flush_writesBeforeTheWindowEnds() {
        try (Spool spool = spool(LedgerOptions.defaults())) {
            spool.add(Entries.simple("id-1"));

            assertThat(spool.flush(LONG)).isTrue();
            assertThat(store.written()).containsExactly("id-1");
        }
    }

    @Test
    void flush_whileTheStoreIsDown_isFalse() {
        store.down = true;
        try (Spool spool = spool(LedgerOptions.defaults())) {
            spool.add(Entries.simple("id-1"));

            assertThat(spool.flush(Duration.ofMillis(20))).isFalse();
            store.down = false;
        }
    }

    @Test
    void flush_ofAnInterruptedThread_isFalseAndKeepsTheInterrupt() {
        store.down = true;
        try (Spool spool = spool(LedgerOptions.defaults())) {
            spool.add(Entries.simple("id-1"));
            Thread.currentThread().interrupt();

            assertThat(spool.flush(LONG)).isFalse();
            assertThat(Thread.interrupted()).isTrue();
            store.down = false;
        }
        assertThat(store.written()).containsExactly("id-1");
    }

    @Test
    void case49_fullQueue_dropsAndCountsExactlyTheRest() throws Exception {
        store.down = true;
        try (Spool spool = spool(LedgerOptions.defaults().withQueueBound(50))) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                threads.add(
                        Thread.startVirtualThread(() ->
                                IntStream.range(0, 30)
                                        .forEach(
                                                i -> spool.add(Entries.simple(thread + "-" + i)))));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(spool.dropped()).isEqualTo(4 * 30 - 50);

            store.down = false;
            assertThat(spool.flush(LONG)).isTrue();
            assertThat(spool.dropped()).isEqualTo(4 * 30 - 50);
            spool.add(Entries.simple("later"));
        }
        assertThat(store.written()).hasSize(51).contains("later");
    }

    @Test
    void entryTheStoreRefuses_isDroppedAndTheOthersAreKept() {
        store.refuse = "id-3";
        try (Spool spool = spool(LedgerOptions.defaults())) {
            IntStream.range(0, 6).forEach(i -> spool.add(Entries.simple("id-" + i)));
            assertThat(spool.flush(LONG)).isTrue();
            assertThat(spool.dropped()).isEqualTo(1);
        }

        assertThat(store.written()).containsExactly("id-0", "id-1", "id-2", "id-4", "id-5");
    }

    @Test
    void entryThatHasNoRows_isDropped() {
        Entry whole = Entries.simple("id-1");
        @SuppressWarnings("NullAway")
        Entry broken =
                new Entry(
                        null,
                        whole.task(),
                        whole.decision(),
                        whole.attempts(),
                        whole.answer(),
                        whole.latency(),
                        whole.baseline(),
                        false);
        try (Spool spool = spool(LedgerOptions.defaults())) {
            spool.add(broken);
            spool.add(whole);
            assertThat(spool.flush(LONG)).isTrue();
            assertThat(spool.dropped()).isEqualTo(1);
        }
        assertThat(store.written()).containsExactly("id-1");
    }

    @Test
    void close_writesWhatWaits_andLaterEntriesAreDropped() {
        Spool spool = spool(LedgerOptions.defaults());
        IntStream.range(0, 2_500).forEach(i -> spool.add(Entries.simple("id-" + i)));

        spool.close();
        spool.close();
        spool.add(Entries.simple("late"));

        assertThat(store.written()).hasSize(2_500).doesNotContain("late");
        assertThat(spool.dropped()).isEqualTo(1);
        assertThat(store.closed).isTrue();
    }

    private Spool spool(LedgerOptions options) {
        Spool spool =
                new Spool(
                        store,
                        new EntryShape(new Fingerprint(new byte[32]), false),
                        options,
                        "test");
        spool.start();
        return spool;
    }

    private static final class FakeStore implements Store {

        private final List<String> ids = new ArrayList<>();
        final List<Integer> batches = new ArrayList<>();
        volatile boolean down;
        volatile String refuse = "";
        volatile boolean closed;

        @Override
        public void write(List<Rows> batch) throws SQLException {
            if (down) {
                throw new SQLException("down");
            }
            List<String> some =
                    batch.stream().map(rows -> String.valueOf(rows.entry()[0])).toList();
            if (some.contains(refuse)) {
                throw new SQLException("refused");
            }
            synchronized (this) {
                batches.add(some.size());
                ids.addAll(some);
                notifyAll();
            }
        }

        @Override
        public boolean refused(SQLException failure) {
            return "refused".equals(failure.getMessage());
        }

        @Override
        public void close() {
            closed = true;
        }

        synchronized List<String> written() {
            return List.copyOf(ids);
        }

        synchronized void awaitWritten(int count) {
            try {
                while (ids.size() < count) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
