package dev.pointsman.transport;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Phase;
import dev.pointsman.wire.Body;
import dev.pointsman.wire.Headers;

import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.internal.buffer.BufferInternal;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One call over Vert.x. Everything runs on its lane's context. */
final class VertxCall implements Transport.Sent {

    /** Pieces of a body up to so many bytes are cheaper copied together. */
    private static final int COPIED = 64 << 10;

    private final Exchange exchange;
    private final Transport.Receiver receiver;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private boolean over;
    private boolean dialledAgain;
    private boolean ended;
    private boolean paused;

    VertxCall(Exchange exchange, Transport.Receiver receiver) {
        this.exchange = exchange;
        this.receiver = receiver;
    }

    void start(HttpClients.Remote remote) {
        if (over) {
            return;
        }
        remote.client()
                .request(remote.upstream().options(exchange))
                .onComplete(opened -> {
                    if (opened.succeeded()) {
                        send(opened.result(), remote);
                    } else {
                        fail(Failures.notConnected(opened.cause(), exchange.connectTimeout()));
                    }
                });
    }

    /**
     * Closes the connection (or resets the stream of an HTTP/2 one), so that the provider notices
     * at once.
     */
    @Override
    public void cancel() {
        over = true;
        if (request != null && !ended) {
            request.reset();
        }
    }

    @Override
    public void pause() {
        paused = true;
        if (response != null && !ended) {
            response.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (response != null && !ended) {
            response.resume();
        }
    }

    private void send(HttpClientRequest opened, HttpClients.Remote remote) {
        request = opened;
        if (over) {
            opened.reset();
            return;
        }
        remote.upstream().writeHeaders(exchange, opened.headers());
        boolean used = !remote.used().add(opened.connection());
        long sent = System.nanoTime();
        opened.send(buffer(exchange.request().body()))
                .onComplete(answered -> {
                    if (answered.succeeded()) {
                        receive(answered.result());
                    } else if (used
                            && !dialledAgain
                            && answered.cause() instanceof HttpClosedException
                            && System.nanoTime() - sent < Failures.STALE_NANOS) {
                        dialledAgain = true;
                        start(remote);
                    } else {
                        fail(new Failure.Network(Phase.REQUEST, Failures.words(answered.cause())));
                    }
                });
    }

    private static Buffer buffer(Body body) {
        if (body.length() <= COPIED || body.pieces().size() == 1) {
            return BufferInternal.buffer(Unpooled.wrappedBuffer(body.bytes()));
        }
        return BufferInternal.buffer(
                Unpooled.wrappedBuffer(body.pieces().toArray(ByteBuffer[]::new)));
    }

    private void receive(HttpClientResponse received) {
        if (over) {
            return;
        }
        response = received;
        received.exceptionHandler(
                cause -> fail(new Failure.Network(Phase.RESPONSE, Failures.words(cause))));
        received.handler(buffer -> {
            if (!over) {
                receiver.bytes(buffer.getBytes());
            }
        });
        received.endHandler(ignored -> {
            ended = true;
            if (!over) {
                over = true;
                receiver.end();
            }
        });
        if (paused) {
            received.pause();
        }
        receiver.head(received.statusCode(), new VertxHeaders(received.headers()));
    }

    private void fail(Failure failure) {
        if (!over) {
            over = true;
            receiver.failed(failure);
        }
    }

    private record VertxHeaders(MultiMap all) implements Headers {
        @Override
        public Optional<String> first(String name) {
            return Optional.ofNullable(all.get(name));
        }

        @Override
        public void each(BiConsumer<String, String> visitor) {
            for (Map.Entry<String, String> header : all) {
                visitor.accept(header.getKey(), header.getValue());
            }
        }
    }
}
