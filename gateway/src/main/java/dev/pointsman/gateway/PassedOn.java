package dev.pointsman.gateway;

import dev.pointsman.policy.Provider;

import io.vertx.core.MultiMap;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which headers go on, and which stay with the connection they came on: credentials never pass, nor
 * what speaks of the connection, of its encoding, or of the provider's own host.
 */
final class PassedOn {

    /** So many names are remembered; beyond, each is looked at again. */
    private static final int MOST_NAMES = 2_000;

    private static final Set<String> OF_CONNECTION =
            Set.of(
                    "connection",
                    "keep-alive",
                    "transfer-encoding",
                    "te",
                    "trailer",
                    "upgrade",
                    "content-length",
                    "expect",
                    "host",
                    "http2-settings");

    private static final Set<String> NOT_UPSTREAM =
            Set.of(
                    "accept-encoding",
                    "content-encoding",
                    "openai-organization",
                    "openai-project",
                    "forwarded",
                    "via",
                    "x-real-ip",
                    "origin",
                    "referer");

    private static final Set<String> NOT_BACK =
            Set.of(
                    "set-cookie",
                    "alt-svc",
                    "strict-transport-security",
                    "server",
                    "date",
                    "nel",
                    "report-to");

    /** Names that sound like a secret and are none. */
    private static final Set<String> NO_SECRET =
            Set.of("idempotency-key", "x-idempotency-key", "prompt-cache-key", "max-tokens");

    private static final String OWN = "x-pointsman-";

    private final Map<String, String> upstream = new ConcurrentHashMap<>();
    private final Map<String, String> back = new ConcurrentHashMap<>();

    /** The caller's headers for the provider, by names in lower case. */
    Map<String, String> upstream(MultiMap headers) {
        Map<String, String> passed = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : headers) {
            String name = upstreamName(header.getKey());
            if (!name.isEmpty()) {
                passed.merge(name, header.getValue(), (one, other) -> one + ", " + other);
            }
        }
        return passed;
    }

    private String upstreamName(String given) {
        String known = upstream.get(given);
        if (known != null) {
            return known;
        }
        String name = given.toLowerCase(Locale.ROOT);
        boolean stays =
                OF_CONNECTION.contains(name)
                        || NOT_UPSTREAM.contains(name)
                        || name.startsWith(OWN)
                        || name.startsWith("x-forwarded-")
                        || name.startsWith("proxy-")
                        || name.startsWith("sec-")
                        || (Provider.soundsSecret(name) && !NO_SECRET.contains(name));
        return remembered(upstream, given, stays ? "" : name);
    }

    /** Whether a provider's header goes to the caller. */
    boolean goesBack(String given) {
        String known = back.get(given);
        if (known != null) {
            return !known.isEmpty();
        }
        String name = given.toLowerCase(Locale.ROOT);
        boolean stays =
                OF_CONNECTION.contains(name)
                        || NOT_BACK.contains(name)
                        || name.startsWith(OWN)
                        || name.startsWith("proxy-")
                        || name.startsWith("cf-")
                        || name.startsWith("access-control-");
        return !remembered(back, given, stays ? "" : name).isEmpty();
    }

    /** The caller's query for the provider, without credentials. */
    static String query(String query) {
        if (query.isEmpty()) {
            return query;
        }
        StringBuilder passed = new StringBuilder();
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if (!name.isEmpty() && !Provider.soundsSecret(decoded(name))) {
                passed.append(passed.isEmpty() ? "" : "&").append(parameter);
            }
        }
        return passed.toString();
    }

    /** The same query, asking Gemini for events. */
    static String withEvents(String query) {
        StringBuilder passed = new StringBuilder();
        for (String parameter : query.split("&")) {
            if (!parameter.isEmpty() && !parameter.startsWith("alt=")) {
                passed.append(parameter).append('&');
            }
        }
        return passed.append("alt=sse").toString();
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static String remembered(Map<String, String> names, String given, String name) {
        if (names.size() < MOST_NAMES) {
            names.put(given, name);
        }
        return name;
    }
}
