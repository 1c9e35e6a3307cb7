package dev.pointsman.bench.load;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;

import java.io.IOException;

/**
 * The least a proxy on Vert.x does: {@code MinimalProxy PORT HOST:PORT}. Server and client on one
 * loop, no logic: how far the transport itself is from nginx.
 */
final class MinimalProxy extends AbstractVerticle {

    private final int port;
    private final SocketAddress upstream;

    private MinimalProxy(int port, SocketAddress upstream) {
        this.port = port;
        this.upstream = upstream;
    }

    public static void main(String[] args) throws IOException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        int cores = Runtime.getRuntime().availableProcessors();
        vertx.deployVerticle(
                        () ->
                                new MinimalProxy(
                                        Integer.parseInt(args[0]),
                                        SocketAddress.inetSocketAddress(
                                                Integer.parseInt(args[1].split(":")[1]),
                                                args[1].split(":")[0])),
                        new DeploymentOptions().setInstances(cores))
                .await();
        while (System.in.read() >= 0) {
            // nothing is said to it
        }
        System.exit(0);
    }

    @Override
    public void start() {
        // a client made in a verticle without being shared is on that verticle's loop
        HttpClient client =
                vertx.createHttpClient(
                        new HttpClientOptions().setTcpNoDelay(true).setKeepAliveTimeout(600),
                        new PoolOptions().setHttp1MaxSize(2048));
        vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true).setAcceptBacklog(4096))
                .requestHandler(request -> forward(client, request))
                .listen(port, "127.0.0.1");
    }

    private void forward(HttpClient client, HttpServerRequest request) {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(upstream.host())
                        .setPort(upstream.port())
                        .setURI(request.uri())
                        .putHeader("content-type", "application/json");
        request.body()
                .compose(body ->
                        client.request(options)
                                .compose(call -> send(call, body, request.response())))
                .onSuccess(answer -> relay(answer, request.response()))
                .onFailure(cause -> {
                    if (!request.response().closed()) {
                        request.response().setStatusCode(502).end(cause.toString());
                    }
                });
    }

    /** A client may have left before there was a connection for its call. */
    private static Future<HttpClientResponse> send(
            HttpClientRequest call, Buffer body, HttpServerResponse response) {
        if (response.closed()) {
            call.reset();
            return Future.failedFuture("The client left");
        }
        response.closeHandler(closed -> call.reset());
        return call.send(body);
    }

    private static void relay(HttpClientResponse answer, HttpServerResponse response) {
        response.setStatusCode(answer.statusCode());
        response.putHeader("content-type", answer.getHeader("content-type"));
        String length = answer.getHeader("content-length");
        if (length == null) {
            response.setChunked(true);
        } else {
            response.putHeader("content-length", length);
        }
        answer.handler(bytes -> {
            if (!response.closed()) {
                response.write(bytes);
                if (response.writeQueueFull()) {
                    answer.pause();
                    response.drainHandler(drained -> answer.resume());
                }
            }
        });
        answer.endHandler(end -> {
            if (!response.closed()) {
                response.end();
            }
        });
    }
}
