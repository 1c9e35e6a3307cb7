package dev.pointsman.transport;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Phase;
import dev.pointsman.wire.Headers;

import io.netty.handler.codec.http.HttpHeaders;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One call over {@link PlainConnections}. Everything runs on its lane's loop. */
final class PlainCall implements Transport.Sent {

    private final Exchange exchange;
    private final Transport.Receiver receiver;
    private @Nullable PlainConnections connections;
    private @Nullable PlainConnection connection;
    private Phase phase = Phase.REQUEST;
    private boolean mayDialAgain;
    private boolean paused;
    private boolean over;

    PlainCall(Exchange exchange, Transport.Receiver receiver) {
        this.exchange = exchange;
        this.receiver = receiver;
    }

    void start(PlainConnections to) {
        if (!over) {
            connections = to;
            to.connect(this, exchange.connectTimeout());
        }
    }

    void notConnected(Throwable cause) {
        fail(Failures.notConnected(cause, exchange.connectTimeout()));
    }

    /**
     * Has a connection.
     *
     * @param waited whether it lay idle before: the provider may have closed it unseen
     */
    void connected(PlainConnection connected, boolean waited) {
        if (over || connections == null) {
            connected.release();
            return;
        }
        RequestHead head = connections.head();
        try {
            connections.upstream().writeHead(exchange, exchange.request().body().length(), head);
        } catch (IllegalArgumentException e) {
            connected.release();
            fail(new Failure.Network(Phase.REQUEST, "the request has " + e.getMessage()));
            return;
        }
        connection = connected;
        mayDialAgain = waited;
        if (paused) {
            connected.flowing(false);
        }
        connected.send(this, head, exchange.request().body());
    }

    void head(int status, HttpHeaders headers) {
        phase = Phase.RESPONSE;
        if (!over) {
            receiver.head(status, new NettyHeaders(headers));
        }
    }

    void bytes(byte[] bytes) {
        if (!over) {
            receiver.bytes(bytes);
        }
    }

    void end() {
        connection = null;
        if (!over) {
            over = true;
            receiver.end();
        }
    }

    /**
     * @param stale whether it looks as if the provider had closed the connection before the call
     */
    void broken(Throwable cause, boolean stale) {
        connection = null;
        if (stale && mayDialAgain && !over && connections != null) {
            mayDialAgain = false;
            connections.dial(this, exchange.connectTimeout());
            return;
        }
        fail(new Failure.Network(phase, Failures.words(cause)));
    }

    private void fail(Failure failure) {
        if (!over) {
            over = true;
            receiver.failed(failure);
        }
    }

    /** Closes the connection, so that the provider notices at once. */
    @Override
    public void cancel() {
        over = true;
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    @Override
    public void pause() {
        paused = true;
        if (connection != null) {
            connection.flowing(false);
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (connection != null) {
            connection.flowing(true);
        }
    }

    private record NettyHeaders(HttpHeaders all) implements Headers {
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
