package dev.pointsman.transport;

import dev.pointsman.policy.Provider;
import dev.pointsman.policy.Setting;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;

/**
 * One pool of connections for each way of connecting, of one event loop: a call and its connection
 * share the loop. Confined to it.
 */
final class HttpClients {

    /**
     * Idle connections are closed before providers and load balancers close theirs (60 s is
     * common).
     */
    private static final int KEEP_ALIVE_SECONDS = 50;

    /** How many calls there may be is not decided here. */
    private static final int CONNECTIONS_PER_HOST = 8_192;

    /** An HTTP/2 connection carries a hundred calls or more. */
    private static final int HTTP2_CONNECTIONS_PER_HOST = 64;

    /** Policies come and go in a long life; what was of old ones is forgotten. */
    private static final int MOST_UPSTREAMS = 256;

    private static final int MAX_HEADER = 64 << 10;

    private final Vertx vertx;
    private final ContextInternal context;
    private final Map<Way, HttpClient> clients = new HashMap<>();
    private final Map<Provider, Remote> remotes = new IdentityHashMap<>();
    private final Map<Provider, PlainConnections> plain = new IdentityHashMap<>();

    HttpClients(ContextInternal context) {
        this.vertx = context.owner();
        this.context = context;
    }

    /** The key holds no secret but the proxy's address, and is never printed. */
    private record Way(
            boolean tls, Optional<String> proxy, Optional<Path> ca, Duration connectTimeout) {}

    /**
     * Where a provider is called over Vert.x.
     *
     * @param used its connections that have carried a call
     */
    record Remote(Upstream upstream, HttpClient client, Set<HttpConnection> used) {}

    Remote of(Exchange exchange) {
        return known(
                remotes,
                exchange.provider(),
                provider ->
                        new Remote(
                                new Upstream(provider),
                                client(exchange),
                                Collections.newSetFromMap(new WeakHashMap<>())));
    }

    /** The same where it is called over connections of our own. */
    PlainConnections plain(Exchange exchange) {
        return known(
                plain,
                exchange.provider(),
                provider -> new PlainConnections(context, new Upstream(provider)));
    }

    private static <T> T known(
            Map<Provider, T> all, Provider provider, Function<Provider, T> make) {
        if (all.size() >= MOST_UPSTREAMS && !all.containsKey(provider)) {
            all.clear();
        }
        return all.computeIfAbsent(provider, make);
    }

    private HttpClient client(Exchange exchange) {
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
                        .setHttp2MaxSize(HTTP2_CONNECTIONS_PER_HOST);
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
