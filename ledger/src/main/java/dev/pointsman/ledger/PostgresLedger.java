package dev.pointsman.ledger;

import dev.pointsman.budget.Budgets;
import dev.pointsman.core.Entry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * A ledger in PostgreSQL 15 or later, which any number of processes may share. Any number of
 * threads may use it.
 *
 * <p>Entries go in batches to a spool on disk, at least every {@link LedgerOptions#batchWindow()},
 * and from there to the database; {@code kill -9} loses at most the last second. What is spooled is
 * written when the database can be reached again, by this process or by the next one that opens the
 * same folder, and nothing twice.
 *
 * <p>When the spool has grown to {@link LedgerOptions#spoolBound()}, or its disk is full, entries
 * wait in memory up to {@link LedgerOptions#queueBound()}; those beyond are dropped, counted by
 * {@link #dropped()} and warned of through {@code System.Logger}.
 *
 * <p>Of a task only an HMAC-SHA-256 is kept, under a random key in the file {@code hash.key} of the
 * folder: processes that are to give equal tasks equal hashes need the same file.
 */
public final class PostgresLedger implements Ledger {

    private final Spool spool;
    private final SpooledStore store;
    private final Book book;
    private final Optional<Retention> retention;

    private PostgresLedger(
            Spool spool, SpooledStore store, Book book, Optional<Retention> retention) {
        this.spool = spool;
        this.store = store;
        this.book = book;
        this.retention = retention;
    }

    /**
     * Opens the spool, in a folder of the database's below {@code folder}. The database need not be
     * there yet.
     *
     * @throws LedgerException if the folder cannot be made or written
     */
    public static PostgresLedger open(PostgresAddress address, Path folder, LedgerOptions options) {
        String name = address.toString();
        Path spoolFolder = folder.resolve("spool").resolve(name.replaceAll("[^A-Za-z0-9.]+", "-"));
        try {
            PrivateFiles.createFolders(folder);
            EntryShape shape =
                    new EntryShape(new Fingerprint(HashKey.in(folder)), options.storeContent());
            SpooledStore store =
                    new SpooledStore(
                            new PostgresStore(address, Clock.systemUTC()),
                            DiskQueue.open(spoolFolder, options.spoolBound()),
                            name);
            Spool spool = new Spool(store, shape, options, name);
            store.start();
            spool.start();
            Optional<Retention> retention =
                    Retention.started(
                            options, () -> new PostgresStore(address, Clock.systemUTC()), name);
            Book book = new Book(new PostgresDesk(address), Clock.systemUTC(), name);
            return new PostgresLedger(spool, store, book, retention);
        } catch (IOException e) {
            throw new LedgerException(
                    "Cannot make the ledger's spool in %s or the key beside it: %s. Allow it, or name another folder"
                            .formatted(folder, e),
                    e);
        }
    }

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
        return spool.dropped() + store.dropped();
    }

    /** What the database does not take within ten seconds stays in the spool. */
    @Override
    public void close() {
        retention.ifPresent(Retention::close);
        book.close();
        spool.close();
    }
}
