package dev.pointsman.access;

import dev.pointsman.budget.Limit;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * A key that lets a caller in, without its text.
 *
 * @param name who holds it, for reports; 1 to 64 characters
 * @param hash of its text
 * @param hint the last characters of its text, by which a person tells it from others
 * @param grant what it lets its holder do
 * @param created when it was made, to the millisecond
 * @param revoked since when it lets nobody in, to the millisecond; empty while it does
 */
public record AccessKey(
        String name,
        KeyHash hash,
        String hint,
        Grant grant,
        Instant created,
        Optional<Instant> revoked) {

    /** How the text of a key begins. */
    public static final String PREFIX = "pm-";

    private static final int BYTES = 32;
    private static final int HINT = 4;
    private static final int LONGEST_NAME = 64;

    /**
     * @throws IllegalArgumentException if the name is blank, too long, begins or ends with a blank,
     *     or has a control character
     */
    public AccessKey {
        boolean wrong =
                name.isBlank()
                        || name.length() > LONGEST_NAME
                        || !name.strip().equals(name)
                        || name.chars().anyMatch(Character::isISOControl);
        if (wrong) {
            throw new IllegalArgumentException(
                    "A key's name has 1 to "
                            + LONGEST_NAME
                            + " characters, no control characters, and no blank at its ends");
        }
    }

    /** A new text for a key: {@code pm-} and 256 random bits in 43 characters of base64url. */
    public static String newText(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The key of that text.
     *
     * @throws IllegalArgumentException if the name cannot be one
     */
    public static AccessKey of(String name, String text, Grant grant, Instant created) {
        return new AccessKey(
                name,
                KeyHash.of(text),
                text.substring(Math.max(0, text.length() - HINT)),
                grant,
                Instant.ofEpochMilli(created.toEpochMilli()),
                Optional.empty());
    }

    /** How much may be spent with it; empty for any amount. */
    public Optional<Limit> budget() {
        return grant.budget();
    }

    public boolean isRevoked() {
        return revoked.isPresent();
    }

    /** The same, letting nobody in from that moment on. */
    public AccessKey revokedAt(Instant moment) {
        return new AccessKey(
                name,
                hash,
                hint,
                grant,
                created,
                Optional.of(Instant.ofEpochMilli(moment.toEpochMilli())));
    }
}
