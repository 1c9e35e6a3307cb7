package dev.pointsman.bench.load;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many connections, each sending the next request as soon as the last is answered: what the
 * other side can do at most.
 */
final class ClosedLoop implements AutoCloseable {

    private final Client client;
    private final int port;
    private final Requests requests;
    private final long most;
    private final AtomicLong answered = new AtomicLong();
    private final Failures failures = new Failures();
    private final CompletableFuture<Histogram> done = new CompletableFuture<>();
    private final Histogram latency = Latency.histogram();
    private final List<Connection> connections = new ArrayList<>();
    private volatile boolean closed;

    private ClosedLoop(Client client, int port, Requests requests, long most) {
        this.client = client;
        this.port = port;
        this.requests = requests;
        this.most = most;
    }

    /** Starts, and goes on until it is closed. */
    static ClosedLoop start(Client client, int port, Requests requests, int connections) {
        return new ClosedLoop(client, port, requests, Long.MAX_VALUE).open(connections);
    }

    /** One request after another, so many; their latencies. */
    static CompletableFuture<Histogram> sequence(
            Client client, int port, Requests requests, long most) {
        ClosedLoop loop = new ClosedLoop(client, port, requests, most).open(1);
        loop.done.whenComplete((latency, failure) -> loop.close());
        return loop.done;
    }

    /** Requests answered so far. */
    long answered() {
        return answered.get();
    }

    Failures failures() {
        return failures;
    }

    @Override
    public void close() {
        closed = true;
        client.loop().execute(() -> connections.forEach(Connection::close));
    }

    private ClosedLoop open(int workers) {
        for (int i = 0; i < workers; i++) {
            client.open(port, new Worker());
        }
        return this;
    }

    private final class Worker implements Caller {
        private long sent;

        @Override
        public void opened(Connection opened) {
            connections.add(opened);
            next(opened);
        }

        @Override
        public void answered(Connection connection, int status) {
            long now = System.nanoTime();
            latency.recordValue(now - sent);
            failures.check(status);
            answered.lazySet(answered.get() + 1);
            if (answered.get() >= most) {
                done.complete(latency);
            } else {
                next(connection);
            }
        }

        @Override
        public void lost(Throwable cause) {
            if (!closed && failures.add(cause)) {
                client.open(port, this);
            }
        }

        private void next(Connection connection) {
            if (closed) {
                connection.close();
            } else {
                sent = System.nanoTime();
                connection.send(requests.next());
            }
        }
    }
}
