package dev.pointsman.gateway;

import dev.pointsman.policy.GatewaySettings;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lets callers in by their keys. Immutable. */
final class Doorkeeper {

    private static final String BEARER = "bearer ";

    private static final Pattern LOCAL_ORIGIN =
            Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

    private record Held(String name, byte[] key) {}

    private final List<Held> keys;

    /**
     * @throws IllegalArgumentException if a key's environment variable is not set
     */
    Doorkeeper(GatewaySettings settings) {
        this.keys = settings.keys().stream().map(key -> new Held(key.name(), bytes(key))).toList();
    }

    private static byte[] bytes(GatewaySettings.Key key) {
        String value = key.key().value().orElseThrow(() -> notSet(key)).reveal();
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException notSet(GatewaySettings.Key key) {
        return new IllegalArgumentException(
                "gateway.keys: the key \""
                        + key.name()
                        + "\" has no value: set "
                        + String.join(" and ", key.key().missing()));
    }

    /**
     * The name of the key that the caller shows, blank where none is needed; empty if the caller
     * may not come in. Takes as long whichever it is.
     */
    Optional<String> admitted(HttpServerRequest request) {
        if (keys.isEmpty()) {
            return isForeignPage(request) ? Optional.empty() : Optional.of("");
        }
        byte[] shown = shown(request).orElse("").getBytes(StandardCharsets.UTF_8);
        Optional<String> admitted = Optional.empty();
        for (Held held : keys) {
            if (MessageDigest.isEqual(held.key, shown)) {
                admitted = Optional.of(held.name);
            }
        }
        return admitted;
    }

    /**
     * Whether a page of the web sent it, through a browser on this machine: where no key is needed,
     * that is all that keeps such a page from spending the owner's money.
     */
    private static boolean isForeignPage(HttpServerRequest request) {
        String origin = request.headers().get(HttpHeaders.ORIGIN);
        return origin != null && !LOCAL_ORIGIN.matcher(origin).matches();
    }

    private static Optional<String> shown(HttpServerRequest request) {
        String bearer = request.getHeader("authorization");
        if (bearer != null && bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(bearer.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(request.getHeader("x-api-key"))
                .or(() -> Optional.ofNullable(request.getHeader("x-goog-api-key")))
                .or(() -> parameter(request));
    }

    private static Optional<String> parameter(HttpServerRequest request) {
        try {
            return Optional.ofNullable(request.getParam("key"));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a query that cannot be decoded holds no key
        }
    }
}
