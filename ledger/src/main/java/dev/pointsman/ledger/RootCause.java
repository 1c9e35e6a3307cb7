package dev.pointsman.ledger;

/** What was said first, beneath what pools and drivers made of it. */
final class RootCause {

    private RootCause() {}

    /** Its words, or its type if it has none. */
    static String words(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
