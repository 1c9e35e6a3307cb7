package dev.pointsman.bench.load;

import io.netty.buffer.ByteBuf;

import java.util.concurrent.CompletableFuture;

/**
 * Clients that ask for an endless stream and leave: half of them at once, half after the first
 * piece of the answer; half with an orderly end, half with a reset.
 */
final class Aborts {

    private static final int AT_ONCE = 100;

    private final Client client;
    private final int port;
    private final int count;
    private final Requests requests = Payloads.streams(Payloads.NAMED, 1_000_000);
    private final CompletableFuture<Failures> done = new CompletableFuture<>();
    private final Failures failures = new Failures();
    private int begun;
    private int left;

    private Aborts(Client client, int port, int count) {
        this.client = client;
        this.port = port;
        this.count = count;
    }

    /** Gives those who were not served, when all have left. */
    static CompletableFuture<Failures> start(Client client, int port, int count) {
        Aborts aborts = new Aborts(client, port, count);
        client.loop()
                .execute(() -> {
                    for (int i = 0; i < AT_ONCE; i++) {
                        aborts.next();
                    }
                });
        return aborts.done;
    }

    private void next() {
        if (begun < count) {
            client.open(port, new Leaver(begun++));
        }
    }

    private void left() {
        if (++left == count) {
            done.complete(failures);
        } else {
            next();
        }
    }

    private final class Leaver implements Caller {
        private final boolean atOnce;
        private final boolean orderly;
        private Runnable leave = () -> {};

        Leaver(int number) {
            atOnce = number % 2 == 0;
            orderly = number / 2 % 2 == 0;
        }

        @Override
        public void opened(Connection connection) {
            leave = orderly ? connection::close : connection::reset;
            connection.send(requests.next());
            if (atOnce) {
                leave();
            }
        }

        /** What comes with an error is no piece of the stream. */
        @Override
        public void body(ByteBuf bytes, int from, int length) {
            if (bytes.getByte(from) == 'd') {
                leave();
            }
        }

        @Override
        public void answered(Connection connection, int status) {
            connection.close();
            lost(new IllegalStateException("an endless stream ended with status " + status));
        }

        @Override
        public void lost(Throwable cause) {
            if (failures.add(cause)) {
                left();
            } else {
                done.completeExceptionally(cause);
            }
        }

        private void leave() {
            leave.run();
            left();
        }
    }
}
