package dev.pointsman.ledger;

import dev.pointsman.budget.Budgets;
import dev.pointsman.budget.Reservation;
import dev.pointsman.core.Money;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The books in a ledger's store. One daemon thread notes all that waits in one transaction, so that
 * it takes about as long for many as for one. While the store cannot be asked, it goes by what is
 * {@link LastKnown}.
 */
final class Book implements Budgets, AutoCloseable {

    private static final int BATCH = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long RETRY_MILLIS = 500;
    private static final long LOOK_MILLIS = 10_000;

    private final Desk desk;
    private final Clock clock;
    private final String name;
    private final LastKnown known = new LastKnown();
    private final Warnings warnings = new Warnings();
    private final BlockingQueue<BookEntry> waiting = new LinkedBlockingQueue<>();
    private final Thread keeper;
    private volatile boolean down;
    private volatile boolean closing;
    private volatile boolean begun;
    private long lookedMillis;

    /**
     * @param name what warnings call the store
     */
    Book(Desk desk, Clock clock, String name) {
        this.desk = desk;
        this.clock = clock;
        this.name = name;
        this.keeper = Thread.ofPlatform().daemon().name("pointsman-book").unstarted(this::run);
    }

    @Override
    public CompletionStage<Admission> reserve(Reservation reservation) {
        begin();
        if (down || closing) {
            return CompletableFuture.completedStage(known.admit(reservation));
        }
        BookEntry.Reserve asked =
                new BookEntry.Reserve(
                        reservation,
                        new CompletableFuture<Admission>()
                                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        waiting.add(asked);
        return asked.admission()
                .exceptionally(failure -> {
                    down = true;
                    return known.admit(reservation);
                });
    }

    @Override
    public void settle(String request, Money cost) {
        if (cost.isKnown()) {
            known.settle(request, cost.nanos());
            note(new BookEntry.Settle(request, cost.nanos()));
        } else {
            known.settleAsHeld(request);
        }
    }

    @Override
    public void release(String request) {
        known.settle(request, 0);
        note(new BookEntry.Release(request));
    }

    /**
     * While the store is down, the ledger does it when the request is written; and there is nothing
     * to note before the first reservation.
     */
    private void note(BookEntry entry) {
        if (begun && !down && !closing) {
            waiting.add(entry);
        }
    }

    @Override
    public List<Standing> standings() {
        return known.standings(clock.instant());
    }

    /** Without budgets there is no thread. */
    private synchronized void begin() {
        if (!begun && !closing) {
            begun = true;
            keeper.start();
        }
    }

    private void run() {
        while (!closing || !waiting.isEmpty()) {
            try {
                List<BookEntry> batch = next();
                note(batch);
            } catch (InterruptedException e) {
                // it was closed: what waits is noted, and then it ends
            }
        }
        desk.close();
    }

    private List<BookEntry> next() throws InterruptedException {
        List<BookEntry> batch = new ArrayList<>();
        BookEntry first =
                closing
                        ? waiting.poll()
                        : waiting.poll(down ? RETRY_MILLIS : LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            waiting.drainTo(batch, BATCH - 1);
        }
        batch.removeIf(Book::isTooLate);
        return batch;
    }

    /** Whether nobody waits for it any more: that request may be over already. */
    private static boolean isTooLate(BookEntry entry) {
        return entry instanceof BookEntry.Reserve asked && asked.admission().isDone();
    }

    private void note(List<BookEntry> batch) {
        try {
            long now = clock.millis();
            boolean look = now - lookedMillis > LOOK_MILLIS;
            BookTransaction[] noted = new BookTransaction[1];
            List<Admission> admissions =
                    desk.inTransaction(connection -> {
                        BookTransaction transaction =
                                new BookTransaction(connection, desk.dialect());
                        noted[0] = transaction;
                        if (look) {
                            transaction.giveUpOld(now);
                        }
                        List<Admission> noticed = transaction.note(batch);
                        if (look) {
                            transaction.read(now);
                        }
                        return noticed;
                    });
            noted[0].tell(known);
            lookedMillis = look ? now : lookedMillis;
            down = false;
            complete(batch, admissions);
        } catch (SQLException | RuntimeException e) {
            down = true;
            warnings.tell(() ->
                    "The budgets' books in the ledger "
                            + name
                            + " cannot be kept ("
                            + e.getMessage()
                            + "). Requests are let in by what was known last, and charged when it"
                            + " can be written again");
            batch.forEach(entry -> fail(entry, e));
        }
    }

    private static void fail(BookEntry entry, Exception why) {
        if (entry instanceof BookEntry.Reserve asked) {
            asked.admission().completeExceptionally(why);
        }
    }

    /** What is held back for a request that did not wait for it would be held for too long. */
    private void complete(List<BookEntry> batch, List<Admission> admissions) {
        int next = 0;
        for (BookEntry entry : batch) {
            if (entry instanceof BookEntry.Reserve asked
                    && !asked.admission().complete(admissions.get(next++))) {
                waiting.add(new BookEntry.Release(asked.reservation().request()));
            }
        }
    }

    /** Notes what waits, for a bounded time. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            if (!begun) {
                return;
            }
        }
        keeper.interrupt();
        try {
            keeper.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
