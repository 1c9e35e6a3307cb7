package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The shape of a text: how long, how many lines, which signs, which kinds of words at its beginning
 * and end.
 */
final class Shape {

    private static final List<String> NAMES = names();

    /** How many numbers describe a shape. */
    static final int SIZE = NAMES.size();

    private static final int SIGNS = 32;

    private final int[] signs = new int[128];
    private int wide;
    private int lines;
    private int words;
    private int letters;
    private int firstGroups;
    private final int[] early = new int[SIGNS];
    private final int[] late = new int[SIGNS];
    private final int[] all = new int[SIGNS];
    private int indented;
    private int choices;
    private int lineEnds;
    private int lastSign;
    private int fences;
    private int frames;

    void clear() {
        Arrays.fill(signs, 0);
        Arrays.fill(early, 0);
        Arrays.fill(late, 0);
        Arrays.fill(all, 0);
        wide = 0;
        lines = 0;
        words = 0;
        letters = 0;
        firstGroups = 0;
        indented = 0;
        choices = 0;
        lineEnds = 0;
        lastSign = 0;
        fences = 0;
        frames = 0;
    }

    void sign(char c) {
        if (c < 128) {
            signs[c]++;
            if (c > ' ') {
                lastSign = c;
            }
        } else {
            wide++;
            lastSign = 'a';
        }
    }

    /** A line has begun at that place. */
    void line(char[] text, int at, int end) {
        lines++;
        int i = at;
        while (i < end && (text[i] == ' ' || text[i] == '\t')) {
            i++;
        }
        if (i >= end) {
            return;
        }
        char c = text[i];
        if (i > at + 1) {
            indented++;
        }
        char next = i + 1 < end ? text[i + 1] : '\n';
        char afterNext = i + 2 < end ? text[i + 2] : '\n';
        boolean choice =
                (c == '-' || c == '*') && next == ' '
                        || c == '(' && afterNext == ')'
                        || Character.isLetterOrDigit(c)
                                && (next == ')' || next == '.')
                                && (afterNext == ' ' || Character.isLetterOrDigit(afterNext));
        if (choice) {
            choices++;
        }
        if (c == '`' && next == '`' && afterNext == '`') {
            fences++;
        }
        if (c == 'a' && next == 't' && afterNext == ' '
                || c == 'F' && next == 'i' && afterNext == 'l') {
            frames++;
        }
    }

    /** A line has ended in a colon or question mark. */
    void lineEnd() {
        lineEnds++;
    }

    void word(int length, int groups, int index) {
        words++;
        letters += length;
        if (index == 0) {
            firstGroups = groups;
        }
        count(groups, all);
        if (index < 12) {
            count(groups, early);
        }
    }

    /** The groups of one of the last words. */
    void late(int groups) {
        count(groups, late);
    }

    private static void count(int groups, int[] into) {
        for (int left = groups; left != 0; left &= left - 1) {
            into[Integer.numberOfTrailingZeros(left)]++;
        }
    }

    /** Writes {@link #SIZE} numbers, each about from -1 to 2. */
    void write(float[] into, int at, int textLength) {
        int i = at;
        int read = Math.max(1, letters + wide + sum(' ', '@') + sum('[', '`') + sum('{', '~'));
        double perLine = (double) read / Math.max(1, lines);
        into[i++] = log(textLength) / 4 - 1;
        into[i++] = log(words) / 3 - 1;
        into[i++] = log(lines);
        into[i++] = log(perLine) / 4 - 1;
        into[i++] = words == 0 ? 0 : (float) letters / words / 5 - 1;
        into[i++] = share(sum('0', '9'), read, 10);
        into[i++] = share(sum('A', 'Z'), read, 10);
        into[i++] = share(wide, read, 5);
        into[i++] = share(signs['{'] + signs['}'] + signs[';'] + signs['='], read, 20);
        into[i++] = share(signs['('] + signs[')'] + signs['['] + signs[']'] + signs['_'], read, 15);
        into[i++] = log(signs['?']);
        into[i++] = log(signs['!']);
        into[i++] = log(signs[':']);
        into[i++] = log(signs['.'] + signs[',']) / 2;
        into[i++] = log(signs['"'] + signs['\'']) / 2;
        into[i++] = log(signs['$'] + signs['%']);
        into[i++] = log(signs['+'] + signs['*'] + signs['/'] + signs['^'] + signs['\\']) / 2;
        into[i++] = log(signs['<'] + signs['>']) / 2;
        into[i++] = log(signs['#'] + signs['@']);
        into[i++] = lastSign == '?' ? 1 : 0;
        into[i++] = lastSign == ':' ? 1 : 0;
        into[i++] = lastSign == '.' ? 1 : 0;
        into[i++] = log(fences);
        into[i++] = log(frames) / 2;
        into[i++] = log(choices) / 2;
        into[i++] = (float) indented / Math.max(1, lines);
        into[i++] = log(lineEnds);
        into[i++] = wide > letters / 2 ? 1 : 0;
        for (int group = 0; group < Lexicon.GROUPS.size(); group++) {
            into[i++] = (firstGroups >>> group) & 1;
            into[i++] = Math.min(2, early[group]) / 2f;
            into[i++] = Math.min(2, late[group]) / 2f;
            into[i++] = words == 0 ? 0 : Math.min(1.5f, 8f * all[group] / words);
        }
    }

    static String name(int index) {
        return NAMES.get(index);
    }

    private int sum(char from, char to) {
        int sum = 0;
        for (int c = from; c <= to; c++) {
            sum += signs[c];
        }
        return sum;
    }

    private static float share(int part, int whole, int times) {
        return Math.min(2, times * (float) part / whole);
    }

    private static float log(double count) {
        return (float) Math.log1p(count);
    }

    private static List<String> names() {
        List<String> names =
                new ArrayList<>(
                        List.of(
                                "the length",
                                "the number of words",
                                "the number of lines",
                                "the length of lines",
                                "the length of words",
                                "digits",
                                "capital letters",
                                "letters beyond Latin",
                                "braces, semicolons and equals signs",
                                "brackets",
                                "question marks",
                                "exclamation marks",
                                "colons",
                                "full stops and commas",
                                "quotation marks",
                                "dollar and per cent signs",
                                "signs of arithmetic",
                                "angle brackets",
                                "hashes and at signs",
                                "ends with a question mark",
                                "ends with a colon",
                                "ends with a full stop",
                                "code fences",
                                "stack frames",
                                "enumerated choices",
                                "indented lines",
                                "lines that end in a colon or question mark",
                                "a script beyond Latin"));
        for (String group : Lexicon.GROUPS) {
            names.add("begins with " + group);
            names.add(group + " near the beginning");
            names.add(group + " near the end");
            names.add("how often " + group);
        }
        return List.copyOf(names);
    }
}
