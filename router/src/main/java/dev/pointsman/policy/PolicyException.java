package dev.pointsman.policy;

/**
 * A policy that cannot be used. The message is one paragraph: where (file, line, column), what is
 * wrong, and what was expected.
 */
public final class PolicyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PolicyException(String message) {
        super(message);
    }

    PolicyException(Mark mark, String message) {
        super(mark + ": " + message);
    }
}
