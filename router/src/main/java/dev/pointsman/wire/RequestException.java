package dev.pointsman.wire;

/**
 * A caller's request cannot be taken. The message says what is wrong and what was expected, and
 * quotes nothing of the request but names.
 */
public final class RequestException extends Exception {

    private static final long serialVersionUID = 1L;

    public RequestException(String message) {
        super(message);
    }
}
