package dev.pointsman.core;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A key or another text that must not be printed: {@code toString} gives {@code ***}. Immutable and
 * thread-safe.
 */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * @throws IllegalArgumentException if {@code value} is blank, or holds a line break or another
     *     control character, which could leave the header line it goes into
     */
    public static Secret of(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("A secret cannot be blank");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "A secret cannot hold a line break or another control character");
        }
        return new Secret(value);
    }

    /** The text itself, for the one place that sends it. */
    public String reveal() {
        return value;
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8),
                        secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
