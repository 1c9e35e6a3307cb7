package dev.pointsman.gateway;

/** A request that is not sent on; the message is for the caller. */
final class Refusal extends Exception {

    /** Something went wrong that should not have; the log has it. */
    static final Refusal DEFECT = new Refusal(500, "the gateway failed; its log says why");

    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
