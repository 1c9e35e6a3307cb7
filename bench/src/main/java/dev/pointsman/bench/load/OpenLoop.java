package dev.pointsman.bench.load;

import org.HdrHistogram.Histogram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Requests at a constant rate, whatever becomes of them. A latency counts from the moment the
 * request was meant to be sent, also where it had to wait for a connection: a server that stalls
 * cannot hide it.
 */
final class OpenLoop {

    private static final int CONNECTIONS = 64;

    private final Client client;
    private final int port;
    private final Requests requests;
    private final double interval;
    private final long count;
    private final CompletableFuture<Histogram> done = new CompletableFuture<>();
    private final Histogram latency = Latency.histogram();
    private final List<Connection> connections = new ArrayList<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final Deque<Long> waiting = new ArrayDeque<>();
    private long answered;

    private OpenLoop(Client client, int port, Requests requests, int rate, long count) {
        this.client = client;
        this.port = port;
        this.requests = requests;
        this.interval = 1e9 / rate;
        this.count = count;
    }

    /**
     * @param rate requests a second
     */
    static CompletableFuture<Histogram> start(
            Client client, int port, Requests requests, int rate, long count) {
        OpenLoop loop = new OpenLoop(client, port, requests, rate, count);
        loop.done.whenComplete((latency, failure) -> client.loop().execute(loop::close));
        for (int i = 0; i < CONNECTIONS; i++) {
            client.open(port, loop.new Worker());
        }
        return loop.done;
    }

    private void due(long intended) {
        if (idle.isEmpty()) {
            waiting.add(intended);
        } else {
            idle.pop().send(intended);
        }
    }

    private void close() {
        connections.forEach(Connection::close);
    }

    private final class Worker implements Caller {
        private long intended;
        private int place;
        private boolean busy;

        @Override
        public void opened(Connection connection) {
            place = connections.size();
            connections.add(connection);
            idle.push(this);
            if (connections.size() == CONNECTIONS) {
                Pacer.start(client.loop(), interval, count, OpenLoop.this::due);
            }
        }

        @Override
        public void answered(Connection connection, int status) {
            if (!busy) {
                return; // A server may say 408 before it ends a connection that nobody used.
            }
            busy = false;
            latency.recordValue(System.nanoTime() - intended);
            if (status != 200) {
                done.completeExceptionally(new IllegalStateException("status " + status));
            } else if (++answered == count) {
                done.complete(latency);
            } else if (waiting.isEmpty()) {
                idle.push(this);
            } else {
                send(waiting.remove());
            }
        }

        @Override
        public void lost(Throwable cause) {
            if (!idle.remove(this)) {
                done.completeExceptionally(cause);
            }
        }

        private void send(long at) {
            intended = at;
            busy = true;
            connections.get(place).send(requests.next());
        }
    }
}
