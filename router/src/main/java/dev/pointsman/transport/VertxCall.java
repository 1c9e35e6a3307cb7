package dev.pointsman.transport;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Clock;
import dev.pointsman.core.Failure.Phase;
import dev.pointsman.policy.Provider;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One call over Vert.x. Everything runs on its lane's context. */
final class VertxCall {

    private static final String JSON = "application/json";

    private final Exchange exchange;
    private final Transport.Receiver receiver;
    private @Nullable HttpClientRequest request;
    private boolean over;
    private boolean ended;

    VertxCall(Exchange exchange, Transport.Receiver receiver) {
        this.exchange = exchange;
        this.receiver = receiver;
    }

    void start(HttpClient client) {
        if (over) {
            return;
        }
        client.request(options())
                .onSuccess(this::send)
                .onFailure(cause ->
                        fail(
                                cause instanceof ConnectTimeoutException
                                        ? new Failure.Timeout(
                                                Clock.CONNECT, exchange.connectTimeout())
                                        : new Failure.Network(Phase.CONNECT, words(cause))));
    }

    /**
     * Closes the connection (or resets the stream of an HTTP/2 one), so that the provider notices
     * at once.
     */
    void cancel() {
        over = true;
        if (request != null && !ended) {
            request.reset();
        }
    }

    private void send(HttpClientRequest opened) {
        request = opened;
        if (over) {
            opened.reset();
            return;
        }
        opened.send(Buffer.buffer(exchange.request().body()))
                .onSuccess(this::receive)
                .onFailure(cause -> fail(new Failure.Network(Phase.REQUEST, words(cause))));
    }

    private void receive(HttpClientResponse response) {
        if (over) {
            return;
        }
        response.exceptionHandler(cause -> fail(new Failure.Network(Phase.RESPONSE, words(cause))));
        response.handler(buffer -> {
            if (!over) {
                receiver.bytes(buffer.getBytes());
            }
        });
        response.endHandler(ignored -> {
            ended = true;
            if (!over) {
                over = true;
                receiver.end();
            }
        });
        receiver.head(response.statusCode(), name -> Optional.ofNullable(response.getHeader(name)));
    }

    private void fail(Failure failure) {
        if (!over) {
            over = true;
            receiver.failed(failure);
        }
    }

    private RequestOptions options() {
        Provider provider = exchange.provider();
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(address(provider))
                        .setFollowRedirects(false)
                        .setConnectTimeout(exchange.connectTimeout().toMillis())
                        .putHeader("content-type", JSON)
                        .putHeader("accept", exchange.stream() ? "text/event-stream" : JSON)
                        .putHeader("accept-encoding", "identity")
                        .putHeader("user-agent", "pointsman");
        exchange.request().headers().forEach(options::putHeader);
        provider.apiKey()
                .flatMap(key -> key.value())
                .ifPresent(key ->
                        provider.format().codec().credentials(key).forEach(options::putHeader));
        provider.headers().forEach((name, value) -> options.putHeader(name, value.reveal()));
        return options;
    }

    private String address(Provider provider) {
        String base = provider.baseUrl().reveal();
        StringBuilder address =
                new StringBuilder(base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
        address.append(exchange.request().path());
        provider.query()
                .forEach((name, value) ->
                        address.append(address.indexOf("?") < 0 ? '?' : '&')
                                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                                .append('=')
                                .append(URLEncoder.encode(value.reveal(), StandardCharsets.UTF_8)));
        return address.toString();
    }

    /** What happened, without the address: a query may hold a key. */
    private static String words(Throwable cause) {
        String message = cause.getMessage();
        String kind = cause.getClass().getSimpleName().replaceAll("(Exception|Error)$", "");
        return message == null || message.contains("?") ? kind : kind + ": " + message;
    }
}
