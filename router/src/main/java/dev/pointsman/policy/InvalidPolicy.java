package dev.pointsman.policy;

import java.util.List;
import java.util.Objects;

/**
 * Something in a policy that cannot be, and the path of keys to it. Always turned into a {@link
 * PolicyException}.
 */
final class InvalidPolicy extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> path;

    InvalidPolicy(List<String> path, String message) {
        super(message);
        this.path = List.copyOf(path);
    }

    /** What is wrong, in words. */
    String words() {
        return Objects.requireNonNull(getMessage());
    }

    List<String> path() {
        return path;
    }
}
