package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;

/**
 * Between the plain text that a freeform tool takes and the JSON text {@code {"input": "..."}} that
 * stands for it. An instance takes the text out of JSON that comes in pieces. Has state.
 */
final class ResponsesFreeform {

    private static final String BEGIN = "{\"input\":\"";
    private static final String END = "\"}";
    private static final int HEX = 16;
    private static final char UNKNOWN = '\uFFFD';

    /** Places in {@link #BEGIN} before which there may be white space. */
    private static final String BETWEEN = "0189";

    private enum State {
        BEGIN,
        TEXT,
        ESCAPE,
        CODE,
        END,
        ODD
    }

    private final StringBuilder raw = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private State state = State.BEGIN;
    private int matched;
    private int digits;
    private int code;
    private char half;

    /** The JSON text of a call's arguments. */
    static String arguments(String text) {
        return begin() + escaped(text) + end();
    }

    static String begin() {
        return BEGIN;
    }

    static String end() {
        return END;
    }

    /** A piece of text within the quotes of a JSON string; half characters stay as they are. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + HEX);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00")
                                .append(Character.forDigit(c / HEX, HEX))
                                .append(Character.forDigit(c % HEX, HEX));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }

    /** The text of whole arguments; the arguments themselves if they are of another shape. */
    static String text(String arguments) {
        ResponsesFreeform reader = new ResponsesFreeform();
        return reader.feed(arguments) + reader.rest();
    }

    /** Takes a piece and gives the text that came with it. */
    String feed(String piece) {
        if (state == State.BEGIN || state == State.ODD) {
            raw.append(piece);
        }
        text.setLength(0);
        for (int i = 0; i < piece.length(); i++) {
            take(piece.charAt(i));
        }
        return text.toString();
    }

    /** What is left at the end. */
    String rest() {
        if (state == State.BEGIN || state == State.ODD) {
            return other();
        }
        return half == 0 ? "" : String.valueOf(UNKNOWN);
    }

    private String other() {
        try {
            JsonNode arguments = Json.read(raw.toString());
            String input = arguments.path("input").textValue();
            if (input != null) {
                return ResponsesItems.sound(input);
            }
            return arguments.isObject() && arguments.isEmpty() ? "" : raw.toString();
        } catch (IOException e) {
            return raw.toString();
        }
    }

    private void take(char c) {
        switch (state) {
            case BEGIN -> begin(c);
            case TEXT -> {
                switch (c) {
                    case '\\' -> state = State.ESCAPE;
                    case '"' -> state = State.END;
                    default -> append(c);
                }
            }
            case ESCAPE -> escape(c);
            case CODE -> {
                code = code * HEX + Math.max(0, Character.digit(c, HEX));
                digits++;
                if (digits == 4) {
                    append((char) code);
                    state = State.TEXT;
                }
            }
            case END, ODD -> {
                // nothing of it is text
            }
        }
    }

    private void begin(char c) {
        if (c == BEGIN.charAt(matched)) {
            matched++;
            if (matched == BEGIN.length()) {
                state = State.TEXT;
            }
        } else if (!Character.isWhitespace(c)
                || BETWEEN.indexOf(Character.forDigit(matched, HEX)) < 0) {
            state = State.ODD;
        }
    }

    private void escape(char c) {
        state = State.TEXT;
        switch (c) {
            case 'n' -> append('\n');
            case 't' -> append('\t');
            case 'r' -> append('\r');
            case 'b' -> append('\b');
            case 'f' -> append('\f');
            case 'u' -> {
                code = 0;
                digits = 0;
                state = State.CODE;
            }
            default -> append(c);
        }
    }

    private void append(char c) {
        if (half != 0 && Character.isLowSurrogate(c)) {
            text.append(half).append(c);
            half = 0;
            return;
        }
        if (half != 0) {
            text.append(UNKNOWN);
            half = 0;
        }
        if (Character.isHighSurrogate(c)) {
            half = c;
        } else {
            text.append(Character.isLowSurrogate(c) ? UNKNOWN : c);
        }
    }
}
