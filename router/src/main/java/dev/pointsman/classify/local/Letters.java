package dev.pointsman.classify.local;

import java.text.Normalizer;

/**
 * Characters as the encoder's vocabulary has them: lower case, without accents, sorted into kinds.
 */
final class Letters {

    static final byte SPACE = 0;
    static final byte WORD = 1;

    /** A token of its own: punctuation, symbols, ideographs. */
    static final byte ALONE = 2;

    private static final int TABLE = 0x0600;
    private static final char[] FOLDED = new char[TABLE];
    private static final byte[] KIND = new byte[TABLE];

    static {
        for (char c = 0; c < TABLE; c++) {
            FOLDED[c] = fold(c);
            KIND[c] = kindOf(c);
        }
    }

    private Letters() {}

    static char folded(char c) {
        return c < TABLE ? FOLDED[c] : Character.toLowerCase(c);
    }

    static byte kind(char c) {
        return c < TABLE ? KIND[c] : kindOf(c);
    }

    private static char fold(char c) {
        if (c < 0x80) {
            return Character.toLowerCase(c);
        }
        return Character.toLowerCase(
                Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFD).charAt(0));
    }

    private static byte kindOf(char c) {
        if (c <= ' ' || Character.isWhitespace(c) || Character.isISOControl(c) || c == 0xA0) {
            return SPACE;
        }
        boolean ideograph = c >= 0x2E80 && c < 0xA000 && !isKana(c);
        return Character.isLetterOrDigit(c) && !ideograph || Character.isSurrogate(c)
                ? WORD
                : ALONE;
    }

    private static boolean isKana(char c) {
        return c >= 0x3040 && c < 0x3100;
    }
}
