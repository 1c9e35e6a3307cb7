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
import java.util.function.Consumer;

/**
 * Where calls go.
 *
 * @param name as models are prefixed with it
 * @param format the wire format it speaks, and that is used where there is a choice
 * @param also other formats it speaks under the same base URL
 * @param baseUrl http or https, up to the format's own paths; without a value where faults are
 *     played and none was said
 * @param apiKey its key; empty where none is needed
 * @param catalog whose models of the catalogue it serves
 * @param headers more headers for every call
 * @param query more query parameters for every call
 * @param proxy an HTTP proxy, {@code http://host:port}
 * @param ca a PEM file of certificate authorities to trust instead of the JDK's
 * @param streamUsage how the tokens of a stream are known that a caller of the gateway asks for
 * @param limits what each of its models may be asked
 * @param faults what is played in the place of calls: then nobody is called, and neither base URL
 *     nor key are used; empty for a real provider
 */
public record Provider(
        String name,
        Format format,
        List<Format> also,
        Setting baseUrl,
        Optional<Setting> apiKey,
        String catalog,
        Map<String, Setting> headers,
        Map<String, Setting> query,
        Optional<Setting> proxy,
        Optional<Path> ca,
        StreamUsage streamUsage,
        DeploymentLimits limits,
        Optional<Faults> faults) {

    /** How the tokens of a stream are known where the caller did not ask for them. */
    public enum StreamUsage {
        /** The provider is asked; what the caller did not ask for is kept from it. */
        ASK,
        /** Nothing is added to the request: the tokens are Pointsman's estimate. */
        ESTIMATE;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the name of a header or parameter holds whose value is not to be shown. */
    private static final List<String> SECRET_NAMES =
            List.of("key", "auth", "token", "secret", "cookie", "password");

    public Provider {
        also = List.copyOf(also);
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

    /** Whether a header or parameter of that name is taken to hold a secret. */
    public static boolean soundsSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRET_NAMES.stream().anyMatch(lower::contains);
    }

    /** A provider that needs no key and serves the catalogue's models of its own name. */
    public static Provider of(String name, Format format, String baseUrl) {
        return new Provider(
                name,
                format,
                List.of(),
                Setting.plain(baseUrl),
                Optional.empty(),
                name,
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                StreamUsage.ASK,
                DeploymentLimits.DEFAULT,
                Optional.empty());
    }

    /** A provider that is played in this process, with these faults: for tests of what calls it. */
    public static Provider faulty(String name, Format format, Faults faults) {
        return new Provider(
                name,
                format,
                List.of(),
                Setting.NONE,
                Optional.empty(),
                name,
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                StreamUsage.ASK,
                DeploymentLimits.DEFAULT,
                Optional.of(faults));
    }

    /** The same, speaking these formats too, under the same base URL. */
    public Provider also(Format... formats) {
        return with(draft -> draft.also = List.of(formats));
    }

    public Provider apiKey(Secret key) {
        return with(draft -> draft.apiKey = Optional.of(Setting.secret(key)));
    }

    public Provider catalog(String other) {
        return with(draft -> draft.catalog = other);
    }

    public Provider header(String header, Setting value) {
        return with(draft -> draft.headers = added(headers, header, value));
    }

    public Provider query(String parameter, Setting value) {
        return with(draft -> draft.query = added(query, parameter, value));
    }

    public Provider proxy(Setting url) {
        return with(draft -> draft.proxy = Optional.of(url));
    }

    public Provider ca(Path pem) {
        return with(draft -> draft.ca = Optional.of(pem));
    }

    public Provider streamUsage(StreamUsage wish) {
        return with(draft -> draft.streamUsage = wish);
    }

    public Provider limits(DeploymentLimits each) {
        return with(draft -> draft.limits = each);
    }

    /** The same, played in this process with these faults: nobody is called. */
    public Provider faults(Faults played) {
        return with(draft -> draft.faults = Optional.of(played));
    }

    /** Whether it is played in this process, so that nobody is called. */
    public boolean isPlayed() {
        return faults.isPresent();
    }

    /** The models by which its faults are asked for, one each; none of a real provider. */
    public List<String> faultNames() {
        return isPlayed() ? Fault.labels() : List.of();
    }

    /** Whether it speaks that format. */
    public boolean speaks(Format wanted) {
        return format == wanted || also.contains(wanted);
    }

    /**
     * What must be set before it can be called, for example {@code set ANTHROPIC_API_KEY}; empty if
     * it can.
     */
    public Optional<String> unavailable() {
        return apiKey.filter(key -> key.value().isEmpty() && !isPlayed())
                .map(key -> "set " + String.join(" and ", key.missing()));
    }

    private static Map<String, Setting> added(
            Map<String, Setting> settings, String name, Setting value) {
        Map<String, Setting> more = new LinkedHashMap<>(settings);
        more.put(name, value);
        return more;
    }

    private Provider with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new Provider(
                name,
                format,
                draft.also,
                baseUrl,
                draft.apiKey,
                draft.catalog,
                draft.headers,
                draft.query,
                draft.proxy,
                draft.ca,
                draft.streamUsage,
                draft.limits,
                draft.faults);
    }

    private static final class Draft {
        private List<Format> also;
        private Optional<Setting> apiKey;
        private String catalog;
        private Map<String, Setting> headers;
        private Map<String, Setting> query;
        private Optional<Setting> proxy;
        private Optional<Path> ca;
        private StreamUsage streamUsage;
        private DeploymentLimits limits;
        private Optional<Faults> faults;

        Draft(Provider provider) {
            also = provider.also;
            apiKey = provider.apiKey;
            catalog = provider.catalog;
            headers = provider.headers;
            query = provider.query;
            proxy = provider.proxy;
            ca = provider.ca;
            streamUsage = provider.streamUsage;
            limits = provider.limits;
            faults = provider.faults;
        }
    }
}
