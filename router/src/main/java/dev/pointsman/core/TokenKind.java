package dev.pointsman.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The kinds of tokens that providers price apart. No token is of two kinds, so that a call's cost
 * is the sum over them of tokens times rate.
 */
public enum TokenKind {
    /** Fresh input in text, and in whatever has no kind of its own. */
    INPUT,
    /** Input read from the provider's prompt cache. */
    CACHE_READ,
    /** Input written to the provider's prompt cache, kept for some minutes (Anthropic: 5). */
    CACHE_WRITE,
    /** Input written to the provider's prompt cache, kept for an hour. */
    CACHE_WRITE_1H,
    /** Fresh input in sound. */
    AUDIO_INPUT,
    /** Sound read from the provider's prompt cache. */
    AUDIO_CACHE_READ,
    /** Fresh input in images. */
    IMAGE_INPUT,
    /** Output in text that is no reasoning. */
    OUTPUT,
    /** Reasoning. */
    REASONING,
    /** Output in sound. */
    AUDIO_OUTPUT,
    /** Output in images. */
    IMAGE_OUTPUT;

    private static final Map<String, TokenKind> BY_LABEL =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(TokenKind::label, Function.identity()));

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Its name in files and reports, for example {@code cache_write_1h}. */
    public String label() {
        return label;
    }

    /**
     * The kind with that label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TokenKind of(String label) {
        TokenKind kind = BY_LABEL.get(label);
        if (kind == null) {
            throw new IllegalArgumentException("There is no kind of token \"" + label + "\"");
        }
        return kind;
    }
}
