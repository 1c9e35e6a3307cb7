package dev.pointsman.core;

/**
 * Signed or encrypted reasoning. It means something to its maker only, who wants it back byte for
 * byte.
 *
 * @param maker the label of the format it was made in, for example {@code gemini}
 * @param value the maker's own text: for Gemini the thought signature, for the others the whole
 *     block as JSON
 */
public record Seal(String maker, String value) {

    @Override
    public String toString() {
        return "Seal[" + maker + ", " + value.length() + " characters]";
    }
}
