package dev.pointsman.transport;

import dev.pointsman.policy.Provider;
import dev.pointsman.policy.Setting;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One pool of connections for each way of connecting. Thread-safe. */
final class HttpClients {

    /**
     * Idle connections are closed before providers and load balancers close theirs (60 s is
     * common).
     */
    private static final int KEEP_ALIVE_SECONDS = 50;

    private static final int CONNECTIONS_PER_HOST = 256;
    private static final int MAX_HEADER = 64 << 10;

    private final Vertx vertx;
    private final Map<Way, HttpClient> clients = new ConcurrentHashMap<>();

    HttpClients(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The key holds no secret but the proxy's address, and is never printed. */
    private record Way(
            boolean tls, Optional<String> proxy, Optional<Path> ca, Duration connectTimeout) {}

    HttpClient of(Exchange exchange) {
        Provider provider = exchange.provider();
        boolean tls = provider.baseUrl().reveal().startsWith("https:");
        Way way =
                new Way(
                        tls,
                        provider.proxy().map(Setting::reveal),
                        provider.ca(),
                        exchange.connectTimeout());
        return clients.computeIfAbsent(way, this::open);
    }

    private HttpClient open(Way way) {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setSsl(way.tls())
                        .setVerifyHost(true)
                        .setConnectTimeout((int) way.connectTimeout().toMillis())
                        .setSslHandshakeTimeout(way.connectTimeout().toMillis())
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(MAX_HEADER)
                        .setTcpNoDelay(true);
        if (way.tls()) {
            options.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
        }
        way.ca()
                .ifPresent(pem ->
                        options.setTrustOptions(new PemTrustOptions().addCertPath(pem.toString())));
        way.proxy().ifPresent(url -> options.setProxyOptions(proxy(URI.create(url))));
        PoolOptions pool =
                new PoolOptions()
                        .setHttp1MaxSize(CONNECTIONS_PER_HOST)
                        .setHttp2MaxSize(CONNECTIONS_PER_HOST / 8);
        // What breaks a connection is told to the requests on it; there is no other to tell.
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(connection -> connection.exceptionHandler(cause -> {}))
                .build();
    }

    private static ProxyOptions proxy(URI url) {
        int port = url.getPort() > 0 ? url.getPort() : 3128;
        ProxyOptions proxy =
                new ProxyOptions().setType(ProxyType.HTTP).setHost(url.getHost()).setPort(port);
        if (url.getUserInfo() != null) {
            String[] user = url.getUserInfo().split(":", 2);
            proxy.setUsername(user[0]).setPassword(user.length > 1 ? user[1] : "");
        }
        return proxy;
    }
}
