package dev.pointsman.wire;

/** Says whether the pieces of a JSON object have come to its end. Has state. */
final class JsonDepth {

    private int depth;
    private boolean touched;
    private boolean quoted;
    private boolean escaped;

    void reset() {
        depth = 0;
        touched = false;
        quoted = false;
        escaped = false;
    }

    void feed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            touched |= !Character.isWhitespace(c);
            if (escaped) {
                escaped = false;
            } else if (quoted) {
                escaped = c == '\\';
                quoted = c != '"';
            } else {
                switch (c) {
                    case '"' -> quoted = true;
                    case '{', '[' -> depth++;
                    case '}', ']' -> depth--;
                    default -> {
                        // the rest does not nest
                    }
                }
            }
        }
    }

    boolean isWhole() {
        return touched && depth <= 0 && !quoted;
    }
}
