package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Entry;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.testing.Fork;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

@Timeout(120)
class KilledLedgerTest {

    private static final int ENOUGH = 300;

    @TempDir private Path folder;

    @Test
    void twoProcesses_writingAtOnce_loseNothing() throws Exception {
        Path file = folder.resolve("ledger.db");
        Set<String> own = new HashSet<>();
        Set<String> flushed;
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            flushed =
                    killedInTheMiddle(
                            file,
                            id -> {
                                ledger.record(Entries.simple("own-" + id));
                                own.add("own-" + id);
                            });
            assertThat(ledger.flush(Duration.ofSeconds(20))).isTrue();
            assertThat(ledger.dropped()).isZero();
        }

        assertThat(ids(file)).containsAll(flushed).containsAll(own);
        try (LedgerReader reader = LedgerReader.open(file)) {
            BothWays.assertSame(reader, 1);
        }
    }

    /** Gives the ids that a process which was killed had flushed; each is passed on as it comes. */
    private static Set<String> killedInTheMiddle(Path file, Consumer<String> each)
            throws Exception {
        Process writer =
                Fork.of(List.of(), Writer.class, file.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Set<String> flushed = new HashSet<>();
        try (BufferedReader out = writer.inputReader()) {
            for (String id = out.readLine(); id != null; id = out.readLine()) {
                flushed.add(id);
                each.accept(id);
                if (flushed.size() == ENOUGH) {
                    // Unlike the process's own method, this keeps the pipe open.
                    writer.toHandle().destroyForcibly();
                }
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.waitFor()).isNotZero();
        assertThat(flushed).hasSizeGreaterThanOrEqualTo(ENOUGH);
        return flushed;
    }

    private static Set<String> ids(Path file) throws Exception {
        return Sqlite.query(file, "SELECT id FROM request").stream()
                .map(row -> String.valueOf(row.get("id")))
                .collect(Collectors.toSet());
    }

    /** Records without end, three entries a flush, and prints the ids of each flush. */
    static final class Writer {

        public static void main(String[] args) {
            SqliteLedger ledger = SqliteLedger.open(Path.of(args[0]), LedgerOptions.defaults());
            for (int i = 0; ; i += 3) {
                for (int j = i; j < i + 3; j++) {
                    ledger.record(entry("id-" + j));
                }
                if (!ledger.flush(Duration.ofSeconds(20))) {
                    throw new IllegalStateException("not flushed");
                }
                System.out.println("id-" + i + "\nid-" + (i + 1) + "\nid-" + (i + 2));
            }
        }

        private static Entry entry(String id) {
            return Entries.entry(
                    id,
                    Entries.AT,
                    Task.of(Entries.PROMPT).tag("a", "1").tag("b", "2"),
                    List.of(
                            Entries.triage(Entries.CHEAP, Entries.AT, Usage.of(100, 5)),
                            Entries.success(Entries.PRICED, Entries.AT, Usage.of(1_234, 567))),
                    Entries.PRICED);
        }
    }
}
