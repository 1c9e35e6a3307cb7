package dev.pointsman.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a faulty provider does with a call. Where an answer was not asked for as a stream, what only
 * streams have becomes what comes nearest, as said at each.
 */
public enum Fault {
    /** The connection is refused. */
    REFUSED,
    /** The connection is reset before any header. */
    RESET,
    /** Status 200 and headers, then the connection is reset. */
    RESET_AFTER_HEADERS,
    /** Half of the answer, and then a clean end without the format's end mark. */
    CUT,
    /** Half of the answer, then the connection is reset. */
    RESET_IN_STREAM,
    /** Status 500 with an error in the provider's format. */
    SERVER_ERROR,
    /** Status 502 with a page of HTML, as proxies send it. */
    BAD_GATEWAY,
    /** Status 529 of {@code anthropic-messages}, 503 of other formats; {@code retry-after: 1}. */
    OVERLOADED,
    /** Status 429 with {@code retry-after: 1}. */
    RATE_LIMITED,
    /**
     * The account has nothing left: status 402 of {@code anthropic-messages}, 429 with words that
     * say so of other formats; without {@code retry-after}.
     */
    QUOTA,
    /** Status 401. */
    AUTH,
    /** Status 400. */
    BAD_REQUEST,
    /** Status 404. */
    NOT_FOUND,
    /** Nothing at all, not even headers, until the caller gives up. */
    HANG,
    /** Status 200 and headers, and then nothing until the caller gives up. */
    SILENT,
    /**
     * Status 200 and nothing but pings or comments, one a second, until the caller gives up; blank
     * lines where no stream was asked for.
     */
    PINGS,
    /** Status 200 and no byte. */
    EMPTY,
    /**
     * The events that open a stream, no content, and then a clean end; without a stream as {@link
     * #EMPTY}.
     */
    PREAMBLE,
    /** Status 200 and an error as the first event; without a stream an error as the whole body. */
    ERROR_FIRST,
    /** Half of the answer, then an error event; without a stream as {@link #ERROR_FIRST}. */
    ERROR_LATER,
    /** Status 200 and bytes that are not the format's. */
    GARBAGE,
    /** The whole answer, one piece a second. */
    SLOW,
    /** Half of the answer, and then nothing until the caller gives up. */
    STALL,
    /** No fault: the practice provider's answer. */
    OK;

    /** The name in policy files, and as a model's name, for example {@code reset-in-stream}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The fault of that label. */
    public static Optional<Fault> of(String label) {
        return Arrays.stream(values()).filter(fault -> fault.label().equals(label)).findFirst();
    }

    /** All labels. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Fault::label).toList();
    }
}
