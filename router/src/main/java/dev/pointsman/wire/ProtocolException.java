package dev.pointsman.wire;

import dev.pointsman.core.Failure;

/** What came back is not an answer in the provider's format. */
public final class ProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public ProtocolException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    static ProtocolException garbled(String message) {
        return new ProtocolException(new Failure.Protocol(message));
    }

    public Failure failure() {
        return failure;
    }
}
