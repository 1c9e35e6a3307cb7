package dev.pointsman.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/** Health and metrics, on a port of their own: no caller's key opens it, and it shows no prompt. */
final class Admin {

    private final Shared shared;
    private final HttpServer server;

    Admin(Vertx vertx, Shared shared) {
        this.shared = shared;
        HttpServerOptions plain = new HttpServerOptions().setHttp2ClearTextEnabled(false);
        this.server = vertx.createHttpServer(plain).requestHandler(this::request);
    }

    Future<HttpServer> listen(String host, int port) {
        return server.listen(port, host);
    }

    int port() {
        return server.actualPort();
    }

    private void request(HttpServerRequest request) {
        switch (request.path() == null ? "" : request.path()) {
            case "/healthz" -> say(request, 200, "ok\n");
            case "/readyz" -> {
                boolean ready = !shared.draining();
                say(request, ready ? 200 : 503, ready ? "ready\n" : "draining\n");
            }
            case "/metrics" ->
                    request.response()
                            .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                            .end(Buffer.buffer(shared.metrics().text()));
            default -> say(request, 404, "/healthz, /readyz and /metrics are here\n");
        }
    }

    private static void say(HttpServerRequest request, int status, String words) {
        request.response().setStatusCode(status).putHeader("content-type", "text/plain").end(words);
    }
}
