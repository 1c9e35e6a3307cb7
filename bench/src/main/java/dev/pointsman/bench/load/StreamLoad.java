package dev.pointsman.bench.load;

import io.netty.buffer.ByteBuf;

import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Many streams at once, each on a connection of its own, their starts spread evenly. */
final class StreamLoad {

    private final Client client;
    private final int port;
    private final Requests requests;
    private final int streams;
    private final int chunks;
    private final CompletableFuture<Seen> done = new CompletableFuture<>();
    private final Histogram first = Latency.histogram();
    private final Histogram delay = Latency.histogram();
    private int ended;

    private StreamLoad(Client client, int port, int streams, int chunks) {
        this.client = client;
        this.port = port;
        this.requests = Payloads.streams(Payloads.NAMED, chunks);
        this.streams = streams;
        this.chunks = chunks;
    }

    /**
     * @param first nanoseconds from the moment a stream was meant to begin, its connection
     *     included, to its first chunk
     * @param delay nanoseconds from the upstream's sending of a chunk to its arrival
     */
    record Seen(Histogram first, Histogram delay) {}

    static CompletableFuture<Seen> start(
            Client client, int port, int streams, int chunks, Duration spread) {
        StreamLoad load = new StreamLoad(client, port, streams, chunks);
        double interval = (double) spread.toNanos() / streams;
        client.loop().execute(() -> Pacer.start(client.loop(), interval, streams, load::begin));
        return load.done;
    }

    private void begin(long intended) {
        client.open(port, new Stream(intended));
    }

    private final class Stream implements Caller {
        private final long intended;
        private final Marks marks = new Marks(this::chunk);
        private int seen;

        Stream(long intended) {
            this.intended = intended;
        }

        @Override
        public void opened(Connection connection) {
            connection.send(requests.next());
        }

        @Override
        public void body(ByteBuf bytes, int from, int length) {
            marks.read(bytes, from, length);
        }

        private void chunk(long sent) {
            long now = System.nanoTime();
            if (seen++ == 0) {
                first.recordValue(now - intended);
            }
            delay.recordValue(Math.max(0, now - sent));
        }

        @Override
        public void answered(Connection connection, int status) {
            connection.close();
            if (status != 200 || seen != chunks) {
                lost(
                        new IllegalStateException(
                                "status %d, %d of %d chunks".formatted(status, seen, chunks)));
            } else if (++ended == streams) {
                done.complete(new Seen(first, delay));
            }
        }

        @Override
        public void lost(Throwable cause) {
            done.completeExceptionally(cause);
        }
    }
}
