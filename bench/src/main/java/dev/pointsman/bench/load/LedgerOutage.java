package dev.pointsman.bench.load;

import dev.pointsman.ledger.Grouping;
import dev.pointsman.ledger.LedgerException;
import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.ledger.PostgresAddress;
import dev.pointsman.ledger.ReportQuery;
import dev.pointsman.testing.PostgresServer;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The ledger's PostgreSQL crashes under load, and is started again some time later. */
final class LedgerOutage {

    private static final int RATE = 500;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration AROUND = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Client client;
    private final PointsmanProxy pointsman;
    private final PostgresServer database;
    private final Duration outage;
    private final PrintStream out;
    private long requests;

    LedgerOutage(
            Client client,
            PointsmanProxy pointsman,
            PostgresServer database,
            Duration outage,
            PrintStream out) {
        this.client = client;
        this.pointsman = pointsman;
        this.database = database;
        this.outage = outage;
        this.out = out;
    }

    /**
     * @throws IllegalStateException if a request fails
     */
    void run() throws IOException {
        out.printf(
                "%nOutage of the ledger's database%n%d requests a second, sent evenly whatever is"
                        + " answered; a latency counts from the moment the request was meant to be"
                        + " sent. PostgreSQL is stopped at once (SIGQUIT) and started again at the"
                        + " same port. Ends at the first request that fails.%n",
                RATE);
        Target target = pointsman.start();
        try (Program program = target.program()) {
            phase("warm-up", target, WARM_UP, () -> {});
            phase("before", target, AROUND, () -> {});
            out.printf("records before the outage: %,d%n", stored());
            phase("database down", target, outage, database::crash);
            phase("database back", target, AROUND, database::startAgain);
            awaitRecords();
            out.printf(
                    "%,d requests, none failed; %,d records, %,d entries dropped%n",
                    requests, stored(), pointsman.dropped());
        }
    }

    private void phase(String name, Target target, Duration time, Runnable begin) {
        long count = RATE * time.toSeconds();
        CompletableFuture<Histogram> load =
                OpenLoop.start(
                        client, target.port(), Payloads.requests(Payloads.NAMED), RATE, count);
        begin.run();
        Histogram latency = client.await(load, time.plus(PATIENCE));
        requests += count;
        out.printf(
                "%-14s %,8d requests   p50 %.2f ms   p99 %.2f ms   longest %.1f ms%n",
                name,
                count,
                Latency.millis(latency, 50),
                Latency.millis(latency, 99),
                Latency.millis(latency, 100));
    }

    private void awaitRecords() {
        long begin = System.nanoTime();
        while (stored() < requests && System.nanoTime() - begin < PATIENCE.toNanos()) {
            Pause.of(Duration.ofMillis(100));
        }
        out.printf(
                "records complete %.1f s after the last request%n",
                (System.nanoTime() - begin) / 1e9);
    }

    private long stored() {
        try (LedgerReader reader = LedgerReader.open(PostgresAddress.of(database.url()))) {
            return reader.report(ReportQuery.by(new Grouping.Category())).total().requests();
        } catch (LedgerException notYet) {
            return 0;
        }
    }
}
