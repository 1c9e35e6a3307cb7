package dev.pointsman.cli;

/**
 * Something the user must change. Its message says what and how; it is shown without a stack trace.
 */
final class UserException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UserException(String message) {
        super(message);
    }
}
