package dev.pointsman.access;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a key's text, which is all that is kept of it. Immutable and thread-safe.
 *
 * <p>A fast hash is right here: a key is 256 random bits, so nobody can try them out, however fast.
 * Slow, salted hashes are for passwords that people think of, and would cost each request
 * milliseconds.
 */
public final class KeyHash {

    private static final int BYTES = 32;

    private final byte[] bytes;

    private KeyHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of a key's text. */
    public static KeyHash of(String text) {
        try {
            return new KeyHash(
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /**
     * As {@link #bytes()} gave it.
     *
     * @throws IllegalArgumentException if it has not 32 bytes
     */
    public static KeyHash ofBytes(byte[] hash) {
        if (hash.length != BYTES) {
            throw new IllegalArgumentException(
                    "A key's hash has " + BYTES + " bytes, not " + hash.length);
        }
        return new KeyHash(hash.clone());
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyHash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
