package dev.pointsman.wire;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What to send.
 *
 * @param path what follows the provider's base URL, with its query
 * @param headers beside the credentials; must not be changed any more
 * @param body UTF-8 JSON
 * @param dropped what this model cannot take and was left out without harm, for example {@code
 *     temperature}
 */
public record WireRequest(
        String path, Map<String, String> headers, Body body, List<String> dropped) {

    public WireRequest {
        headers = Collections.unmodifiableMap(headers);
        dropped = List.copyOf(dropped);
    }
}
