package dev.pointsman.transport;

import dev.pointsman.policy.Provider;
import dev.pointsman.wire.Format;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * All of a provider that is the same for every call. Confined to one loop; the secrets in it stay
 * in it.
 */
final class Upstream {

    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final byte[] POST = "POST ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String ENCODING = "accept-encoding";
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final String host;
    private final int port;
    private final boolean tls;
    private final String basePath;
    private final String query;
    private final Map<Format, Map<String, String>> headers = new EnumMap<>(Format.class);
    private final Map<Format, byte[]> lines = new EnumMap<>(Format.class);

    Upstream(Provider provider) {
        URI base = URI.create(provider.baseUrl().reveal());
        this.tls = base.getScheme().equals("https");
        this.host = base.getHost().replaceAll("^\\[|]$", "");
        this.port = base.getPort() > 0 ? base.getPort() : tls ? HTTPS : HTTP;
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        this.basePath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.query = query(provider, base.getRawQuery());
        for (Format format : Format.values()) {
            Map<String, String> all = new LinkedHashMap<>();
            provider.apiKey()
                    .flatMap(key -> key.value())
                    .ifPresent(key -> all.putAll(format.codec().credentials(key)));
            provider.headers().forEach((name, value) -> all.put(name, value.reveal()));
            headers.put(format, lowerCase(all));
        }
    }

    /** Whether a provider is called by HTTP/1.1 without TLS, and directly. */
    static boolean isPlain(Provider provider) {
        return provider.proxy().isEmpty() && provider.baseUrl().reveal().startsWith("http:");
    }

    private static Map<String, String> lowerCase(Map<String, String> named) {
        Map<String, String> all = new HashMap<>();
        named.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
        return all;
    }

    /** What every request to it has after its first line. */
    private byte[] lines(Map<String, String> all) {
        RequestHead head = new RequestHead();
        if (!all.containsKey("host")) {
            String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
            head.header("host", port == HTTP ? shown : shown + ":" + port);
        }
        if (!all.containsKey(ENCODING)) {
            head.header(ENCODING, "identity");
        }
        all.forEach(head::header);
        return Arrays.copyOf(head.bytes(), head.length());
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

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    private String uri(Exchange exchange) {
        String path = basePath + exchange.request().path();
        return query.isEmpty() ? path : path + (path.indexOf('?') < 0 ? "?" : "&") + query;
    }

    RequestOptions options(Exchange exchange) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(host)
                .setPort(port)
                .setSsl(tls)
                .setURI(uri(exchange))
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
            out.set("accept", exchange.stream() ? EVENTS : JSON);
        }
        if (!own.containsKey("user-agent")) {
            out.set("user-agent", "pointsman");
        }
        out.set(ENCODING, "identity");
        own.forEach(out::set);
        headers.getOrDefault(exchange.format(), Map.of()).forEach(out::set);
    }

    /**
     * The same for a connection of our own, as bytes.
     *
     * @throws IllegalArgumentException if a part of it could end its line; says what it has
     */
    void writeHead(Exchange exchange, long length, RequestHead head) {
        Map<String, String> own = exchange.request().headers();
        Map<String, String> over = headers.getOrDefault(exchange.format(), Map.of());
        head.begin().add(POST).path(uri(exchange)).add(VERSION);
        head.add(lines.computeIfAbsent(exchange.format(), format -> lines(over)));
        usual(head, "content-type", JSON, own, over);
        usual(head, "accept", exchange.stream() ? EVENTS : JSON, own, over);
        usual(head, "user-agent", "pointsman", own, over);
        own.forEach((name, value) -> {
            if (!over.containsKey(name) && !name.equals(ENCODING)) {
                head.header(name, value);
            }
        });
        head.header("content-length", Long.toString(length)).end();
    }

    private static void usual(
            RequestHead head,
            String name,
            String value,
            Map<String, String> own,
            Map<String, String> over) {
        if (!own.containsKey(name) && !over.containsKey(name)) {
            head.header(name, value);
        }
    }
}
