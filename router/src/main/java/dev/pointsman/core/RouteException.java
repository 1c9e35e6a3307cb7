package dev.pointsman.core;

import java.util.List;
import java.util.Optional;

/**
 * A task got no answer. Says where it should have gone, and every attempt in order with its own
 * cause.
 */
public final class RouteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Decision decision;
    private final transient List<Attempt> attempts;

    public RouteException(String message, Decision decision, List<Attempt> attempts) {
        super(message);
        this.decision = decision;
        this.attempts = List.copyOf(attempts);
    }

    public Decision decision() {
        return decision;
    }

    /** Every call made, classification included; empty if no model could do the task. */
    public List<Attempt> attempts() {
        return attempts;
    }

    /** Why the last attempt failed; empty if none was made. */
    public Optional<Failure> failure() {
        return attempts.isEmpty() ? Optional.empty() : attempts.getLast().failure();
    }
}
