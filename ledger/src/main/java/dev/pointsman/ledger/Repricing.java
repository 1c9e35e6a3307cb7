package dev.pointsman.ledger;

import dev.pointsman.core.Price;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Computes anew what stored requests cost, at other prices than those they were stored with: each
 * attempt, the sums of the request, its baseline, and the sums by the hour. What they cost before
 * is kept in {@code former_cost}. Some hundred requests in a transaction, so that others can write
 * meanwhile; what is done is done when it is ended early, and a second run changes nothing. For one
 * thread at a time.
 */
public final class Repricing implements AutoCloseable {

    private final LedgerConnection ledger;
    private final Clock clock;

    private Repricing(LedgerConnection ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Opens the file.
     *
     * @throws LedgerException if there is none, it is no ledger, or a newer version made it
     */
    public static Repricing open(Path file) {
        return new Repricing(LedgerConnection.toWrite(file), Clock.systemUTC());
    }

    /**
     * Connects to the database.
     *
     * @throws LedgerException if that is not possible, it has no ledger, or another version made it
     */
    public static Repricing open(PostgresAddress address) {
        return new Repricing(LedgerConnection.toWrite(address), Clock.systemUTC());
    }

    /** Only to tell what would change in the file; as {@link #open(Path)}. */
    public static Repricing dryRun(Path file) {
        return new Repricing(LedgerConnection.toRead(file), Clock.systemUTC());
    }

    /** Only to tell what would change in the database; as {@link #open(PostgresAddress)}. */
    public static Repricing dryRun(PostgresAddress address) {
        return new Repricing(LedgerConnection.toRead(address), Clock.systemUTC());
    }

    /**
     * What it came to.
     *
     * @param requests how many were looked at
     * @param changed how many of them cost something else now, or their baseline does
     * @param attempts by model
     * @param baselines by the model of the baseline
     */
    public record Outcome(
            long requests, long changed, List<PriceChange> attempts, List<PriceChange> baselines) {}

    /**
     * Reprices requests; of the query only the times play a part.
     *
     * @param models of which models costs are computed, as answering, classifying and baseline
     * @param prices of a model; what one without a price cost stays as it is
     * @param progress is told now and then how many requests were looked at
     * @throws LedgerException if the ledger fails; what was told before is done
     */
    public Outcome run(
            ReportQuery query,
            Predicate<String> models,
            Function<String, Optional<Price>> prices,
            LongConsumer progress) {
        Repricer repricer = new Repricer(prices, models);
        StoredPages pages = new StoredPages(ledger.dialect(), Scope.of(query).span());
        Optional<CostWriter> writer = ledger.writes() ? Optional.of(writer()) : Optional.empty();
        long requests = 0;
        long changed = 0;
        for (Page page = Page.FULL; page.isFull(); ) {
            long begin = System.nanoTime();
            page = ledger.transact(of -> page(of, pages, repricer, writer));
            requests += page.requests();
            changed += page.changed();
            progress.accept(requests);
            giveWay(System.nanoTime() - begin);
        }
        return new Outcome(requests, changed, repricer.attempts(), repricer.baselines());
    }

    private CostWriter writer() {
        return ledger.transact(of -> new CostWriter(of, ledger.dialect(), clock.millis()));
    }

    /** How many requests it had, and how many of them changed. */
    private record Page(int requests, int changed) {

        static final Page FULL = new Page(StoredPages.SIZE, 0);

        boolean isFull() {
            return requests == StoredPages.SIZE;
        }
    }

    private static Page page(
            Connection connection,
            StoredPages pages,
            Repricer repricer,
            Optional<CostWriter> writer)
            throws SQLException {
        List<Rows> rows = pages.next(connection);
        List<Repricer.Change> changes =
                rows.stream().flatMap(each -> repricer.reprice(each).stream()).toList();
        if (writer.isPresent() && !changes.isEmpty()) {
            writer.get().write(changes);
        }
        return new Page(rows.size(), changes.size());
    }

    /** Leaves the ledger to others for as long as it was held. */
    private void giveWay(long nanos) {
        if (!ledger.writes()) {
            return;
        }
        try {
            Thread.sleep(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("Repricing was interrupted; what was told is done");
        }
    }

    @Override
    public void close() {
        ledger.close();
    }
}
