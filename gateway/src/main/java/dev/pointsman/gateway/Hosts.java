package dev.pointsman.gateway;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which names a gateway answers to where nothing but its address keeps strangers out. A page of the
 * web can have its own name resolved to this machine, and its browser then takes the gateway for
 * the page's own server; but it cannot have a name that no site of the web has. Thread-safe.
 */
final class Hosts {

    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]+]");

    private final Set<String> listed;

    /** What was answered to last: a caller says the same each time. */
    private volatile String last = "";

    /**
     * @param listed further names, of the policy
     */
    Hosts(Collection<String> listed) {
        this.listed = listed.stream().map(Hosts::name).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether it answers to that.
     *
     * @param header as it came; a request without one is of no browser
     */
    boolean admits(@Nullable String header) {
        if (header == null || header.isBlank() || header.equals(last)) {
            return true;
        }
        String name = name(header);
        boolean admitted =
                name.indexOf('.') < 0
                        || name.endsWith(".localhost")
                        || name.endsWith(".internal")
                        || ADDRESS.matcher(name).matches()
                        || listed.contains(name);
        if (admitted) {
            last = header;
        }
        return admitted;
    }

    private static String name(String host) {
        String name = PORT.matcher(host.strip()).replaceFirst("").toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
