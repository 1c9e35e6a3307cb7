package dev.pointsman.ledger;

import dev.pointsman.core.Entry;
import dev.pointsman.testing.Fork;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of its own that records into a ledger, 400 entries a second, until it is killed. It
 * starts with its JVM only and waits to be told to begin.
 */
final class LoadedWriter implements AutoCloseable {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / 400;
    private static final long PATIENCE_SECONDS = 20;

    private final Process process;
    private final Thread reader;
    private final CountDownLatch records = new CountDownLatch(1);
    private final List<Recorded> recorded = new ArrayList<>();

    /**
     * @param atMillis when the ledger had taken it, since 1970
     */
    record Recorded(String id, long atMillis) {}

    private LoadedWriter(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().start(this::read);
    }

    /**
     * @param ledger a file, or the address of a database with its password
     * @param folder of the spool, for a database
     */
    static LoadedWriter start(String ledger, Path folder, long seed, String name, Duration window)
            throws IOException {
        return new LoadedWriter(
                Fork.of(
                                Fork.SHORT_LIVED,
                                Main.class,
                                ledger,
                                folder.toString(),
                                Long.toString(seed),
                                name,
                                window.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** Lets it begin, and waits until the ledger has taken its first entry. */
    void begin() throws Exception {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        if (!records.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nothing was recorded");
        }
    }

    /** With SIGKILL. Gives when, in milliseconds since 1970. */
    long kill() throws InterruptedException {
        long at = System.currentTimeMillis();
        process.toHandle().destroyForcibly(); // Unlike the process's own, it keeps the pipe open.
        process.waitFor();
        reader.join();
        return at;
    }

    /** All that it said it had recorded before it was killed. */
    List<Recorded> recorded() {
        return recorded;
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ");
                if (words.length == 2) {
                    recorded.add(new Recorded(words[0], Long.parseLong(words[1])));
                    records.countDown();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    static final class Main {

        public static void main(String[] args) throws IOException {
            RandomEntries random = new RandomEntries(Long.parseLong(args[2]), args[3]);
            if (System.in.read() < 0) {
                return; // Whoever started it is gone.
            }
            Ledger ledger = open(args[0], Path.of(args[1]), Duration.parse(args[4]));
            long due = System.nanoTime();
            while (!System.out.checkError()) {
                Entry entry = random.entries(1).getFirst();
                ledger.record(entry);
                System.out.println(entry.decision().id() + " " + System.currentTimeMillis());
                due += INTERVAL_NANOS;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }

        private static Ledger open(String ledger, Path folder, Duration window) {
            LedgerOptions options = LedgerOptions.defaults().withBatchWindow(window);
            return PostgresAddress.isMeantBy(ledger)
                    ? PostgresLedger.open(PostgresAddress.of(ledger), folder, options)
                    : SqliteLedger.open(Path.of(ledger), options);
        }
    }
}
