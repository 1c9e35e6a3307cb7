package dev.pointsman.testing;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Valid JSON of every kind that a byte-true relay could spoil: numbers in all notations, escapes,
 * any white space, names that come twice. The same source of chance gives the same text.
 */
public final class RandomJson {

    private static final int DEEPEST = 4;
    private static final int WIDEST = 5;

    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "-0.0",
                    "1.0e5",
                    "1E+2",
                    "1e400",
                    "-1e-400",
                    "9223372036854775809",
                    "0.10",
                    "18446744073709551616",
                    "123456789012345678901234567890.5");

    private static final List<String> PIECES =
            List.of(
                    "a",
                    "model",
                    " ",
                    "\\n",
                    "\\\"",
                    "\\\\",
                    "\\/",
                    "\\u006d",
                    "\\u00E9",
                    "\\ud83d\\ude80",
                    "\\u0000",
                    "\u00e9",
                    "\u4e2d",
                    "\uD83D\uDE80",
                    "{",
                    "]",
                    ":",
                    ",");

    private static final List<String> SPACES = List.of("", "", "", " ", "\n", "\t", "\r\n", "  ");

    private final RandomGenerator random;

    public RandomJson(RandomGenerator random) {
        this.random = random;
    }

    /** Any value. */
    public String value() {
        return value(0);
    }

    /** The inside of a string, escapes included. */
    public String characters() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(12); left > 0; left--) {
            text.append(any(PIECES));
        }
        return text.toString();
    }

    /** White space, or none. */
    public String space() {
        return any(SPACES);
    }

    /** One of them. */
    public <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String value(int depth) {
        return switch (random.nextInt(depth < DEEPEST ? 7 : 5)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> any(NUMBERS);
            case 3 -> Integer.toString(random.nextInt());
            case 4 -> '"' + characters() + '"';
            case 5 -> list(depth, '[', ']', false);
            default -> list(depth, '{', '}', true);
        };
    }

    private String list(int depth, char begin, char end, boolean named) {
        StringBuilder text = new StringBuilder().append(begin).append(space());
        for (int left = random.nextInt(WIDEST); left > 0; left--) {
            if (named) {
                text.append('"').append(characters()).append('"').append(space()).append(':');
            }
            text.append(space()).append(value(depth + 1)).append(space());
            text.append(left > 1 ? "," : "");
        }
        return text.append(end).toString();
    }
}
