package dev.pointsman.ledger;

import dev.pointsman.budget.Budgets;
import dev.pointsman.core.Entry;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * A ledger in a SQLite file. Any number of threads may use it, and several processes may write to
 * one file at once.
 *
 * <p>Entries are committed in batches, at least every {@link LedgerOptions#batchWindow()}, by one
 * daemon thread; {@code kill -9} loses at most the last second, and an entry is stored whole or not
 * at all. What is committed survives the death of the process, however it dies. It is not forced to
 * the disk each time (write-ahead log, {@code synchronous=NORMAL}): a power cut or a crash of the
 * operating system may lose the last commits, and leaves the file sound.
 *
 * <p>While the file cannot be written (locked, disk full, read-only), entries wait up to {@link
 * LedgerOptions#queueBound()}; those beyond are dropped, counted by {@link #dropped()} and warned
 * of through {@code System.Logger}, at the first and then at most every ten seconds. It goes on by
 * itself when the file can be written again. What waits is a few kilobytes an entry, and its prompt
 * and answer with {@link LedgerOptions#storeContent()}.
 *
 * <p>Of a task only an HMAC-SHA-256 is kept, under a random key in the file {@code hash.key} beside
 * the ledger. Of what a failed provider said up to 500 characters are kept, also if it quotes the
 * prompt.
 */
public final class SqliteLedger implements Ledger {

    private final Spool spool;
    private final Book book;
    private final Optional<Retention> retention;

    private SqliteLedger(Spool spool, Book book, Optional<Retention> retention) {
        this.spool = spool;
        this.book = book;
        this.retention = retention;
    }

    /**
     * Opens the file, and creates it (mode 0600) with its key and the folders above it (0700) where
     * they are missing. If it is only locked or the disk is full, it is opened all the same and
     * entries wait.
     *
     * @throws LedgerException if someone must do something first: no permission, no SQLite file, or
     *     made by a newer version
     */
    public static SqliteLedger open(Path file, LedgerOptions options) {
        Path path = file.toAbsolutePath();
        EntryShape shape = new EntryShape(new Fingerprint(key(path)), options.storeContent());
        SqliteStore store = new SqliteStore(path);
        try {
            store.connect();
        } catch (SQLException e) {
            if (!SqliteFile.passes(e)) {
                throw new LedgerException(
                        "Cannot open the ledger at %s: %s. Check that it is a Pointsman ledger and may be written, or name another file"
                                .formatted(path, e.getMessage()),
                        e);
            }
        }
        Spool spool = new Spool(store, shape, options, path.toString());
        spool.start();
        Optional<Retention> retention =
                Retention.started(options, () -> new SqliteStore(path), path.toString());
        Book book = new Book(new SqliteDesk(path), Clock.systemUTC(), path.toString());
        return new SqliteLedger(spool, book, retention);
    }

    private static byte[] key(Path file) {
        Path folder = file.resolveSibling("");
        try {
            PrivateFiles.createFolders(folder);
            return HashKey.in(folder);
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot make the ledger's folder %s or the key in it: %s. Allow it, or name another file"
                            .formatted(folder, e),
                    e);
        }
    }

    /**
     * Takes the entry in about a microsecond; drops and counts it if too many wait or the ledger is
     * closed.
     */
    @Override
    public void record(Entry entry) {
        spool.add(entry);
    }

    @Override
    public Budgets budgets() {
        return book;
    }

    @Override
    public boolean flush(Duration timeout) {
        return spool.flush(timeout);
    }

    @Override
    public long dropped() {
        return spool.dropped();
    }

    /**
     * Commits what waits, for ten seconds at most, and closes the file. The rest counts as dropped.
     */
    @Override
    public void close() {
        retention.ifPresent(Retention::close);
        book.close();
        spool.close();
    }
}
