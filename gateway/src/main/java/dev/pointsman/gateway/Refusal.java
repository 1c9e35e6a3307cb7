package dev.pointsman.gateway;

import java.util.Map;

/** A request that is not sent on; the message is for the caller. */
final class Refusal extends Exception {

    /** Something went wrong that should not have; the log has it. */
    static final Refusal DEFECT = new Refusal(500, "the gateway failed; its log says why");

    private static final int SERVER_ERRORS = 500;
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;
    private final boolean again;

    /** One of the caller's own making, which it should not repeat, if the status is below 500. */
    Refusal(int status, String message) {
        this(status, message, Map.of(), status >= SERVER_ERRORS);
    }

    /**
     * @param headers that say more
     * @param again whether it is of use to ask again
     */
    Refusal(int status, String message, Map<String, String> headers, boolean again) {
        super(message, null, false, false);
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.again = again;
    }

    int status() {
        return status;
    }

    String words() {
        return String.valueOf(getMessage());
    }

    Map<String, String> headers() {
        return headers;
    }

    boolean isWorthRepeating() {
        return again;
    }
}
