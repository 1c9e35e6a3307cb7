package dev.pointsman.gateway;

import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.transport.FlushAfterPass;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Format;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AttributeKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Where callers come in, on one event loop. */
final class Entrance {

    private static final int BACKLOG = 4_096;
    private static final AttributeKey<Boolean> FULL = AttributeKey.valueOf("pointsman-full");
    private static final String CLOSE = "close";
    private static final Logger LOG = System.getLogger(Entrance.class.getName());
    private static final Refusal FULL_HOUSE =
            new Refusal(
                    503,
                    "the gateway has as many connections as it may (gateway.limits.connections)");

    private final Shared shared;

    Entrance(Shared shared) {
        this.shared = shared;
    }

    static HttpServerOptions options(GatewaySettings.Limits limits) {
        return new HttpServerOptions()
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setMaxHeaderSize(limits.header())
                .setMaxInitialLineLength(limits.header())
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(false);
    }

    HttpServer on(HttpServer server) {
        return server.connectionHandler(this::connected)
                .requestHandler(this::request)
                .invalidRequestHandler(this::invalid)
                .exceptionHandler(broken -> {
                    // what breaks a connection before a request is told to nobody
                });
    }

    private void connected(HttpConnection connection) {
        boolean room = shared.opened();
        connection.closeHandler(closed -> shared.closed());
        connection.exceptionHandler(broken -> {
            // told to the requests on it
        });
        ConnectionBase base = (ConnectionBase) connection;
        ChannelPipeline pipeline = base.channelHandlerContext().pipeline();
        pipeline.addFirst(
                FlushAfterPass.toCaller(), new ConnectionClock(shared.serving().limits()));
        WholeAnswers.addTo(pipeline);
        if (!room) {
            base.channel().attr(FULL).set(true);
        }
    }

    private void request(HttpServerRequest request) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        ConnectionClock clock = channel.attr(ConnectionClock.KEY).get();
        clock.begun();
        request.endHandler(ended -> clock.received());
        String path = request.path() == null ? "" : request.path();
        Endpoint endpoint = Endpoint.of(path);
        Format format = format(endpoint, request);
        HttpServerResponse response = request.response();
        boolean full = channel.attr(FULL).get() != null;
        if (full || shared.draining()) {
            response.putHeader("connection", CLOSE);
        }
        if (full) {
            refuse(request, format, clock, FULL_HOUSE);
            return;
        }
        try {
            letIn(request, endpoint, format, clock);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A request failed through a defect of Pointsman", e);
            refuse(request, format, clock, Refusal.DEFECT);
        }
    }

    private void letIn(
            HttpServerRequest request, Endpoint endpoint, Format format, ConnectionClock clock) {
        if (endpoint instanceof Endpoint.Root) {
            root(request, clock);
            return;
        }
        try {
            Holder holder = shared.serving().door().admitted(request);
            enter(request, holder, endpoint, format, clock);
        } catch (Refusal e) {
            refuse(request, format, clock, e);
        }
    }

    private void enter(
            HttpServerRequest request,
            Holder holder,
            Endpoint endpoint,
            Format format,
            ConnectionClock clock) {
        switch (endpoint) {
            case Endpoint.Ask ask -> {
                if (request.method() == HttpMethod.POST) {
                    new Visit(shared, request, holder, ask, clock).begin();
                } else {
                    wrongMethod(request, format, clock, "POST");
                }
            }
            case Endpoint.Models models -> {
                if (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD) {
                    models(request, holder, format, clock, models);
                } else {
                    wrongMethod(request, format, clock, "GET");
                }
            }
            case Endpoint.Root root -> root(request, clock);
            case Endpoint.Unknown unknown ->
                    refuse(
                            request,
                            format,
                            clock,
                            new Refusal(
                                    404,
                                    "nothing is served at this path: see the list of endpoints in"
                                            + " the gateway's guide"));
        }
    }

    private static void root(HttpServerRequest request, ConnectionClock clock) {
        request.response().endHandler(ended -> clock.over());
        request.response().putHeader("content-type", "text/plain").end("Pointsman\n");
    }

    private void models(
            HttpServerRequest request,
            Holder holder,
            Format format,
            ConnectionClock clock,
            Endpoint.Models models) {
        Serving serving = shared.serving();
        ModelLists lists = serving.models();
        Allowed allowed = serving.allowed(holder.grant());
        Optional<byte[]> body =
                models.model().isPresent()
                        ? lists.one(format, models.model().get(), allowed)
                        : Optional.of(lists.all(format, allowed));
        if (body.isEmpty()) {
            refuse(
                    request,
                    format,
                    clock,
                    new Refusal(404, "there is no such model here: GET /v1/models lists them"));
            return;
        }
        request.response().endHandler(ended -> clock.over());
        request.response()
                .putHeader("content-type", "application/json")
                .end(Buffer.buffer(body.get()));
    }

    private void wrongMethod(
            HttpServerRequest request, Format format, ConnectionClock clock, String right) {
        request.response().putHeader("allow", right);
        refuse(request, format, clock, new Refusal(405, "this path takes " + right));
    }

    private void refuse(
            HttpServerRequest request, Format format, ConnectionClock clock, Refusal why) {
        shared.metrics().refused(why.status());
        request.response()
                .endHandler(ended -> {
                    clock.over();
                    if (CLOSE.equals(request.response().headers().get("connection"))) {
                        request.connection().close();
                    }
                });
        new Reply(request, format).refused(why, shared.serving().parts().ids().next());
    }

    /** The format in which somebody is to be told of what is not a request for a model. */
    private static Format format(Endpoint endpoint, HttpServerRequest request) {
        if (endpoint instanceof Endpoint.Ask ask) {
            return ask.format();
        }
        boolean gemini = endpoint instanceof Endpoint.Models models && models.gemini();
        if (gemini || request.headers().contains("x-goog-api-key")) {
            return Format.GEMINI;
        }
        return request.headers().contains("anthropic-version")
                ? Format.ANTHROPIC_MESSAGES
                : Format.OPENAI_CHAT;
    }

    private void invalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status =
                switch (cause) {
                    case TooLongHttpHeaderException e -> 431;
                    case TooLongHttpLineException e -> 414;
                    case null, default -> 400;
                };
        shared.metrics().refused(status);
        request.response()
                .setStatusCode(status)
                .putHeader("connection", CLOSE)
                .putHeader("content-type", "application/json");
        request.response()
                .end(
                        Buffer.buffer(
                                ErrorBody.of(
                                        Format.OPENAI_CHAT,
                                        status,
                                        status == 400
                                                ? "this is no valid HTTP request"
                                                : "the head of the request is longer than the"
                                                        + " limit (gateway.limits.header)")))
                .onComplete(sent -> request.connection().close());
    }
}
