package dev.pointsman.policy;

import dev.pointsman.core.Secret;
import dev.pointsman.wire.Format;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where calls go.
 *
 * @param name as models are prefixed with it
 * @param format the wire format it speaks
 * @param baseUrl http or https, up to the format's own paths
 * @param apiKey its key; empty where none is needed
 * @param catalog whose models of the catalogue it serves
 * @param headers more headers for every call
 * @param query more query parameters for every call
 * @param proxy an HTTP proxy, {@code http://host:port}
 * @param ca a PEM file of certificate authorities to trust instead of the JDK's
 */
public record Provider(
        String name,
        Format format,
        Setting baseUrl,
        Optional<Setting> apiKey,
        String catalog,
        Map<String, Setting> headers,
        Map<String, Setting> query,
        Optional<Setting> proxy,
        Optional<Path> ca) {

    /** What the name of a header or parameter holds whose value is not to be shown. */
    private static final List<String> SECRET_NAMES =
            List.of("key", "auth", "token", "secret", "cookie", "password");

    public Provider {
        baseUrl = baseUrl.withoutUser();
        headers = showable(headers);
        query = showable(query);
        proxy = proxy.map(Setting::withoutUser);
    }

    private static Map<String, Setting> showable(Map<String, Setting> settings) {
        Map<String, Setting> shown = new LinkedHashMap<>();
        settings.forEach(
                (name, value) -> shown.put(name, soundsSecret(name) ? value.masked() : value));
        return Collections.unmodifiableMap(shown);
    }

    private static boolean soundsSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRET_NAMES.stream().anyMatch(lower::contains);
    }

    /** A provider that needs no key and serves the catalogue's models of its own name. */
    public static Provider of(String name, Format format, String baseUrl) {
        return new Provider(
                name,
                format,
                Setting.plain(baseUrl),
                Optional.empty(),
                name,
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    public Provider apiKey(Secret key) {
        return new Provider(
                name,
                format,
                baseUrl,
                Optional.of(Setting.secret(key)),
                catalog,
                headers,
                query,
                proxy,
                ca);
    }

    public Provider catalog(String other) {
        return new Provider(name, format, baseUrl, apiKey, other, headers, query, proxy, ca);
    }

    public Provider header(String header, Setting value) {
        Map<String, Setting> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Provider(name, format, baseUrl, apiKey, catalog, more, query, proxy, ca);
    }

    public Provider query(String parameter, Setting value) {
        Map<String, Setting> more = new LinkedHashMap<>(query);
        more.put(parameter, value);
        return new Provider(name, format, baseUrl, apiKey, catalog, headers, more, proxy, ca);
    }

    public Provider proxy(Setting url) {
        return new Provider(
                name, format, baseUrl, apiKey, catalog, headers, query, Optional.of(url), ca);
    }

    public Provider ca(Path pem) {
        return new Provider(
                name, format, baseUrl, apiKey, catalog, headers, query, proxy, Optional.of(pem));
    }

    /**
     * What must be set before it can be called, for example {@code set ANTHROPIC_API_KEY}; empty if
     * it can.
     */
    public Optional<String> unavailable() {
        return apiKey.filter(key -> key.value().isEmpty())
                .map(key -> "set " + String.join(" and ", key.missing()));
    }
}
