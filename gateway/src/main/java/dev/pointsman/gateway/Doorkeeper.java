package dev.pointsman.gateway;

import dev.pointsman.policy.GatewaySettings;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lets callers in: by their keys, or where there are none by where they come from. Immutable. */
final class Doorkeeper {

    private static final String BEARER = "bearer ";

    private static final Pattern LOCAL_ORIGIN =
            Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

    private static final Refusal NO_KEY =
            new Refusal(
                    401,
                    "a key of this gateway is needed: send one that its policy lists, as"
                            + " Authorization: Bearer, x-api-key or x-goog-api-key");

    private static final Refusal OTHER_HOST =
            new Refusal(
                    403,
                    "this gateway asks for no key and so answers to no name that a site of the web"
                            + " could have: call it by its address, or list the name under"
                            + " gateway.hosts, or have keys under gateway.keys");

    private record Held(String name, byte[] key) {}

    private final List<Held> keys;
    private final Optional<Hosts> hosts;

    /**
     * @param loopback whether only this machine reaches it, and so its browsers too
     * @throws IllegalArgumentException if a key's environment variable is not set
     */
    Doorkeeper(GatewaySettings settings, boolean loopback) {
        this.hosts =
                loopback && settings.keys().isEmpty()
                        ? Optional.of(new Hosts(settings.hosts()))
                        : Optional.empty();
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
     * The name of the key that the caller shows; blank where none is needed.
     *
     * @throws Refusal if the caller is not let in
     */
    String admitted(HttpServerRequest request) throws Refusal {
        if (hosts.isPresent() && !hosts.get().admits(request.headers().get(HttpHeaders.HOST))) {
            throw OTHER_HOST;
        }
        Optional<String> name =
                keys.isEmpty()
                        ? Optional.of("").filter(free -> !isForeignPage(request))
                        : holder(request);
        return name.orElseThrow(() -> NO_KEY);
    }

    /** Takes as long whichever key it is. */
    private Optional<String> holder(HttpServerRequest request) {
        byte[] shown = shown(request).orElse("").getBytes(StandardCharsets.UTF_8);
        Optional<String> name = Optional.empty();
        for (Held held : keys) {
            if (MessageDigest.isEqual(held.key, shown)) {
                name = Optional.of(held.name);
            }
        }
        return name;
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
