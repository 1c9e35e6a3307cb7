package dev.pointsman.gateway;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.AccessKeys;
import dev.pointsman.access.KeyRing;
import dev.pointsman.policy.GatewaySettings;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lets callers in: by their keys, or where there are none by where they come from. Thread-safe. */
final class Doorkeeper {

    private static final String BEARER = "bearer ";

    private static final Pattern LOCAL_ORIGIN =
            Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

    private static final Refusal NO_KEY =
            new Refusal(
                    401,
                    "a key of this gateway is needed: send one of its policy, or one made by"
                            + " pointsman keys create, as Authorization: Bearer, x-api-key or"
                            + " x-goog-api-key");

    private static final Refusal OTHER_HOST =
            new Refusal(
                    403,
                    "this gateway asks for no key and so answers to no name that a site of the web"
                            + " could have: call it by its address, or list the name under"
                            + " gateway.hosts, or have keys under gateway.keys");

    private static final System.Logger LOG = System.getLogger(Doorkeeper.class.getName());

    private record Held(Holder holder, byte[] key) {}

    /** The stored keys as they stand, and those of them that count beside the policy's. */
    private record Stored(KeyRing all, KeyRing counted) {}

    private final List<Held> keys;
    private final Set<String> names;
    private final Optional<Hosts> hosts;
    private final AccessKeys others;
    private volatile Stored stored = new Stored(KeyRing.EMPTY, KeyRing.EMPTY);

    /**
     * @param loopback whether only this machine reaches it, and so its browsers too
     * @param others keys beside the policy's, whose names win
     * @throws IllegalArgumentException if a key's environment variable is not set
     */
    Doorkeeper(GatewaySettings settings, boolean loopback, AccessKeys others) {
        this.hosts = loopback ? Optional.of(new Hosts(settings.hosts())) : Optional.empty();
        this.keys =
                settings.keys().stream()
                        .map(key -> new Held(Holder.ofPolicy(key.name()), bytes(key)))
                        .toList();
        this.names =
                settings.keys().stream()
                        .map(GatewaySettings.Key::name)
                        .collect(Collectors.toUnmodifiableSet());
        this.others = others;
        stored();
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
     * Whoever shows a key; {@link Holder#ANYBODY} where none is needed.
     *
     * @throws Refusal if the caller is not let in
     */
    Holder admitted(HttpServerRequest request) throws Refusal {
        KeyRing ring = stored();
        if (!keys.isEmpty() || ring.isNeeded()) {
            return holder(shown(request).orElse(""), ring);
        }
        if (hosts.isPresent() && !hosts.get().admits(request.headers().get(HttpHeaders.HOST))) {
            throw OTHER_HOST;
        }
        if (isForeignPage(request)) {
            throw NO_KEY;
        }
        return Holder.ANYBODY;
    }

    /** Of the policy's keys takes as long whichever it is: they may be words, and not random. */
    private Holder holder(String shown, KeyRing ring) throws Refusal {
        byte[] bytes = shown.getBytes(StandardCharsets.UTF_8);
        Optional<Holder> holder = Optional.empty();
        for (Held held : keys) {
            if (MessageDigest.isEqual(held.key, bytes)) {
                holder = Optional.of(held.holder);
            }
        }
        if (holder.isPresent()) {
            return holder.get();
        }
        AccessKey key = ring.find(shown).orElseThrow(() -> NO_KEY);
        if (key.isRevoked()) {
            throw new Refusal(401, "the key \"" + key.name() + "\" has been revoked");
        }
        return Holder.of(key);
    }

    /** Anew whenever they have changed. */
    private KeyRing stored() {
        KeyRing now = others.current();
        Stored before = stored;
        if (before.all == now) {
            return before.counted;
        }
        now.keys().stream()
                .filter(key -> !key.isRevoked() && names.contains(key.name()))
                .forEach(key ->
                        LOG.log(
                                Level.WARNING,
                                "the stored key \"{0}\" is refused: gateway.keys of the policy"
                                        + " has one of that name",
                                key.name()));
        KeyRing counted = now.without(names);
        stored = new Stored(now, counted);
        return counted;
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
