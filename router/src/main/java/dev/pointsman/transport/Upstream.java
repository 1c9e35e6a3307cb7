package dev.pointsman.transport;

import dev.pointsman.policy.Provider;
import dev.pointsman.wire.Format;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** All of a provider that is the same for every call. Immutable; the secrets in it stay in it. */
final class Upstream {

    private static final String JSON = "application/json";

    private final HttpClient client;
    private final String host;
    private final int port;
    private final boolean tls;
    private final String basePath;
    private final String query;
    private final Map<Format, Map<String, String>> headers = new EnumMap<>(Format.class);

    Upstream(Provider provider, HttpClient client) {
        this.client = client;
        URI base = URI.create(provider.baseUrl().reveal());
        this.tls = base.getScheme().equals("https");
        this.host = base.getHost().replaceAll("^\\[|]$", "");
        this.port = base.getPort() > 0 ? base.getPort() : tls ? 443 : 80;
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        this.basePath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.query = query(provider, base.getRawQuery());
        for (Format format : Format.values()) {
            Map<String, String> all = new LinkedHashMap<>();
            provider.apiKey()
                    .flatMap(key -> key.value())
                    .ifPresent(key -> all.putAll(format.codec().credentials(key)));
            provider.headers().forEach((name, value) -> all.put(name, value.reveal()));
            headers.put(format, all);
        }
    }

    private static String query(Provider provider, @Nullable String ofBase) {
        StringBuilder query = new StringBuilder(ofBase == null ? "" : ofBase);
        provider.query()
                .forEach((name, value) ->
                        query.append(query.isEmpty() ? "" : "&")
                                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                                .append('=')
                                .append(URLEncoder.encode(value.reveal(), StandardCharsets.UTF_8)));
        return query.toString();
    }

    HttpClient client() {
        return client;
    }

    RequestOptions options(Exchange exchange) {
        String path = basePath + exchange.request().path();
        String whole = query.isEmpty() ? path : path + (path.indexOf('?') < 0 ? "?" : "&") + query;
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(host)
                .setPort(port)
                .setSsl(tls)
                .setURI(whole)
                .setFollowRedirects(false)
                .setConnectTimeout(exchange.connectTimeout().toMillis());
    }

    /** The usual headers, over them the request's own, over those the provider's. */
    void writeHeaders(Exchange exchange, MultiMap out) {
        Map<String, String> own = exchange.request().headers();
        if (!own.containsKey("content-type")) {
            out.set("content-type", JSON);
        }
        if (!own.containsKey("accept")) {
            out.set("accept", exchange.stream() ? "text/event-stream" : JSON);
        }
        if (!own.containsKey("user-agent")) {
            out.set("user-agent", "pointsman");
        }
        out.set("accept-encoding", "identity");
        own.forEach(out::set);
        headers.getOrDefault(exchange.format(), Map.of()).forEach(out::set);
    }
}
