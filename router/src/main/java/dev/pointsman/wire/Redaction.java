package dev.pointsman.wire;

import java.util.regex.Pattern;

/** Takes keys out of texts that providers send back, and makes them short and printable. */
final class Redaction {

    private static final int LONGEST = 300;

    private static final Pattern KEYS =
            Pattern.compile(
                    "(?i)(?:sk|pk|rk|gsk|xai|key)-[\\w*.-]{6,}"
                            + "|pm-[\\w-]{40,}"
                            + "|AIza[\\w*-]{6,}"
                            + "|(?<=bearer )[^\\s\"',]{4,}"
                            + "|(?<=[?&]key=)[^\\s&\"']+"
                            + "|(?<=x-api-key: )\\S+"
                            + "|(?<=api[ _-]key provided: )\\S+");

    private Redaction() {}

    /** Whether a text holds what looks like a key. */
    static boolean holdsKey(String text) {
        return KEYS.matcher(text).find();
    }

    static String clean(String text) {
        String printable = text.replaceAll("\\p{Cntrl}+", " ").strip();
        String redacted = KEYS.matcher(printable).replaceAll("***");
        return redacted.length() <= LONGEST ? redacted : redacted.substring(0, LONGEST - 3) + "...";
    }
}
