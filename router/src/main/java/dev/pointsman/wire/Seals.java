package dev.pointsman.wire;

import dev.pointsman.core.Seal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Seals on their way through a client of another format than their maker's. Where the client's
 * format has a place for sealed reasoning they travel there; those of Gemini, which belong to
 * calls, travel in the call's id.
 */
final class Seals {

    static final String MARK = "pointsman.";
    static final String IN_ID = "__seal__";

    private static final String NO_MAKER = "unsealed";

    /**
     * What stands in the place of a client's own signature where the maker of the reasoning gave no
     * seal: without it that reasoning would be taken for the format's own, and refused by its
     * provider.
     */
    static final String NONE = MARK + NO_MAKER + ".";

    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder FROM_TEXT = Base64.getUrlDecoder();

    private Seals() {}

    /** A call's id, and what travelled in it. */
    record Id(String id, Optional<Seal> seal) {}

    /** What stands in the place of a client's own signature; letters of base64url and points. */
    static String wrapped(Seal seal) {
        return MARK + seal.maker() + "." + text(seal.value());
    }

    /** What was wrapped; empty if the text is no work of ours but a signature of its format. */
    static Optional<Seal> unwrapped(String text) {
        int point = text.indexOf('.', MARK.length());
        if (!text.startsWith(MARK) || point < 0) {
            return Optional.empty();
        }
        return value(text.substring(point + 1))
                .map(value -> new Seal(text.substring(MARK.length(), point), value));
    }

    /** Whether it holds what its maker wants back, and does not only stand for reasoning. */
    static boolean isSeal(Seal seal) {
        return !seal.maker().equals(NO_MAKER);
    }

    /** A call's id with its seal, in letters, digits, {@code _} and {@code -}. */
    static String id(String id, Optional<Seal> seal) {
        return seal.map(made -> id + IN_ID + made.maker() + "__" + text(made.value())).orElse(id);
    }

    /** A call's id, and the seal that came in it. */
    static Id id(String text) {
        int mark = text.indexOf(IN_ID);
        int maker = mark + IN_ID.length();
        int end = mark < 0 ? -1 : text.indexOf("__", maker);
        if (end < 0) {
            return new Id(text, Optional.empty());
        }
        Optional<String> value = value(text.substring(end + 2));
        return value.isEmpty()
                ? new Id(text, Optional.empty())
                : new Id(
                        text.substring(0, mark),
                        value.map(made -> new Seal(text.substring(maker, end), made)));
    }

    private static String text(String value) {
        return TO_TEXT.encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> value(String text) {
        try {
            return Optional.of(new String(FROM_TEXT.decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
