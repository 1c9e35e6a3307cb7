package dev.pointsman.classify.local;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What is read from a text in one pass: hashed words, pairs of words and pieces of words, the
 * vectors of its tokens pooled three ways, and its shape. Of a long text only the beginning and the
 * end are read, so that no text takes long. Its memory is used again and again; not thread-safe.
 */
final class Reading {

    /** The pools: up to 512 tokens, the first 24, the last 24. */
    static final int POOLS = 3;

    private static final int HEAD = 3_000;
    private static final int TAIL = 1_500;
    private static final int MOST_TOKENS = 512;
    private static final int EDGE_TOKENS = 24;
    private static final int EDGE_WORDS = 16;
    private static final int LATE_WORDS = 12;
    private static final int FIRST_WORDS = 3;
    private static final int LONGEST_WORD = 64;

    /** Set features of one kind apart from those of another. */
    private static final long PLACE = 0x100000001B3L;

    private static final long LINE = 0x1000193L;
    private static final long LAST = 0x27D4EB2F165667C5L;
    private static final long BEGIN = 0x7C3F5B21D9E4A68BL;
    private static final long END = 0x3D9A1E5C7B2F8046L;
    private static final long EITHER = 0x6A09E667F3BCC908L;

    private final Vocabulary vocabulary;
    private final TokenVectors vectors;
    private final Buckets words = new Buckets();
    private final Buckets characters = new Buckets();
    private final Buckets edges = new Buckets();
    private final float[] dense;
    private final Shape shape = new Shape();

    private final TokenVectors.Sum whole;
    private final TokenVectors.Sum first;
    private final TokenVectors.Sum last;
    private final int[] firstTokens = new int[MOST_TOKENS];
    private final int[] lastTokens = new int[EDGE_TOKENS];
    private int tokens;

    private final char[] buffer = new char[HEAD + TAIL];

    private final long[] prefix = new long[LONGEST_WORD + 1];
    private final long[] power = new long[LONGEST_WORD + 1];
    private final char[] letters = new char[LONGEST_WORD];
    private int length;

    /** The text as the windows over its characters see it: runs of white space count as one. */
    private final byte[] slid = new byte[HEAD + TAIL + 2];

    private int slidLength;
    private long previous;
    private long beforePrevious;
    private long lineBegin;
    private boolean atLine;
    private int wordsRead;
    private final int[] lastGroups = new int[LATE_WORDS];
    private int signsRead;
    private final long[] lastWords = new long[EDGE_WORDS];
    private final String[] lastTexts = new String[EDGE_WORDS];
    private String previousText = "";
    private @Nullable Naming naming;

    /** Is told what stands behind a bucket, for explanations. */
    interface Naming {
        void feature(Block block, int bucket, String text);
    }

    Reading(Vocabulary vocabulary, TokenVectors vectors) {
        this.vocabulary = vocabulary;
        this.vectors = vectors;
        int dimensions = vectors.dimensions();
        this.dense = new float[POOLS * dimensions + Shape.SIZE];
        this.whole = new TokenVectors.Sum(dimensions);
        this.first = new TokenVectors.Sum(dimensions);
        this.last = new TokenVectors.Sum(dimensions);
        Arrays.fill(lastTexts, "");
        power[0] = 1;
        for (int i = 1; i < power.length; i++) {
            power[i] = power[i - 1] * Hashing.FACTOR;
        }
    }

    /** Reads a text; what was read before is forgotten. */
    void read(String text) {
        read(text, null);
    }

    void read(String text, @Nullable Naming names) {
        clear();
        naming = names;
        int end = text.length();
        int headEnd = end <= HEAD + TAIL ? end : HEAD;
        text.getChars(0, headEnd, buffer, 0);
        region(headEnd);
        if (headEnd < end) {
            text.getChars(end - TAIL, end, buffer, 0);
            region(TAIL);
        }
        finish(end);
        naming = null;
    }

    Buckets buckets(Block block) {
        return switch (block) {
            case WORDS -> words;
            case CHARACTERS -> characters;
            case EDGES -> edges;
        };
    }

    /** The three pools, each of length one (or zero, of an empty text), then the shape. */
    float[] dense() {
        return dense;
    }

    /** The ids of the tokens that the pools are made of. */
    int[] tokens() {
        return Arrays.copyOf(firstTokens, Math.min(tokens, MOST_TOKENS));
    }

    private void clear() {
        words.clear();
        characters.clear();
        edges.clear();
        shape.clear();
        tokens = 0;
        slidLength = 0;
        previous = 0;
        beforePrevious = 0;
        lineBegin = 0;
        wordsRead = 0;
        signsRead = 0;
        previousText = "";
    }

    private void region(int to) {
        atLine = true;
        shape.line(buffer, 0, to);
        slide(' ');
        int i = 0;
        while (i < to) {
            char c = buffer[i];
            byte kind = Letters.kind(c);
            if (kind == Letters.WORD) {
                i = letters(i, to);
                endWord();
                continue;
            }
            shape.sign(c);
            i++;
            if (kind == Letters.ALONE) {
                slide(c);
                alone(c, i < to && buffer[i] == '\n');
            } else {
                slide(' ');
                if (c == '\n') {
                    atLine = true;
                    shape.line(buffer, i, to);
                }
            }
        }
    }

    /** Reads the letters of a word and returns where they end. */
    private int letters(int from, int to) {
        int end = Math.min(to, from + LONGEST_WORD);
        int at = slidLength - from;
        long hash = 0;
        int i = from;
        do {
            char c = buffer[i];
            shape.sign(c);
            char folded = Letters.folded(c);
            letters[i - from] = folded;
            slid[at + i] = slid(folded);
            hash = Hashing.step(hash, folded);
            i++;
            prefix[i - from] = hash;
        } while (i < end && Letters.kind(buffer[i]) == Letters.WORD);
        slidLength = at + i;
        length = i - from;
        return i;
    }

    private void slide(char c) {
        if (c != ' ' || slidLength == 0 || slid[slidLength - 1] != ' ') {
            slid[slidLength++] = slid(c);
        }
    }

    private static byte slid(char c) {
        return (byte) (c ^ c >>> 8);
    }

    private void endWord() {
        long hash = prefix[length];
        int groups = Lexicon.groups(hash);
        shape.word(length, groups, wordsRead);
        lastGroups[wordsRead % LATE_WORDS] = groups;
        wordsRead++;
        word(hash, naming == null ? "" : new String(letters, 0, length));
        pieces();
    }

    private void alone(char c, boolean endsLine) {
        if (endsLine && (c == ':' || c == '?')) {
            shape.lineEnd();
        }
        long hash = Hashing.step(0, c);
        word(hash, naming == null ? "" : String.valueOf(c));
        int id = vocabulary.find(hash);
        if (id != Vocabulary.NONE) {
            token(id);
        }
    }

    /** A word, or a sign that stands alone. */
    private void word(long hash, String text) {
        String pair = naming == null ? "" : previousText + " " + text;
        add(Block.WORDS, Hashing.mix(hash), text);
        add(Block.WORDS, Hashing.mix(pair(hash, previous)), pair);
        if (signsRead < FIRST_WORDS) {
            add(Block.WORDS, Hashing.mix(hash ^ PLACE * (signsRead + 1)), text);
        }
        if (atLine) {
            atLine = false;
            lineBegin = hash;
            add(Block.WORDS, Hashing.mix(hash ^ LINE), text);
        }
        if (signsRead < EDGE_WORDS) {
            edge(hash, previous, BEGIN, text, pair);
        }
        int slot = signsRead % EDGE_WORDS;
        lastWords[slot] = hash;
        if (naming != null) {
            lastTexts[slot] = text;
            previousText = text;
        }
        signsRead++;
        beforePrevious = previous;
        previous = hash;
    }

    private void edge(long hash, long before, long side, String text, String pair) {
        long both = pair(hash, before);
        add(Block.EDGES, Hashing.mix(hash ^ side), text);
        add(Block.EDGES, Hashing.mix(both ^ side), pair);
        add(Block.EDGES, Hashing.mix(hash ^ EITHER), text);
        add(Block.EDGES, Hashing.mix(both ^ EITHER), pair);
    }

    private static long pair(long hash, long before) {
        return hash * 31 + before * 17 + 1;
    }

    private void add(Block block, long hash, String text) {
        int bucket = buckets(block).add(hash);
        if (naming != null) {
            naming.feature(block, bucket, text);
        }
    }

    /** The word as the vocabulary's longest pieces, from its beginning. */
    private void pieces() {
        int from = 0;
        while (from < length) {
            int to = length;
            int id = Vocabulary.NONE;
            long marked = from == 0 ? 0 : Hashing.CONTINUES;
            while (to > from) {
                long hash = prefix[to] - prefix[from] * power[to - from];
                id = vocabulary.find(hash ^ marked);
                if (id != Vocabulary.NONE) {
                    break;
                }
                to--;
            }
            if (id == Vocabulary.NONE) {
                return;
            }
            token(id);
            from = to;
        }
    }

    private void token(int id) {
        if (tokens < MOST_TOKENS) {
            firstTokens[tokens] = id;
        }
        lastTokens[tokens % EDGE_TOKENS] = id;
        tokens++;
    }

    private void finish(int textLength) {
        long before = 0;
        String beforeText = "";
        for (int i = Math.max(0, signsRead - EDGE_WORDS); i < signsRead; i++) {
            int slot = i % EDGE_WORDS;
            String text = naming == null ? "" : lastTexts[slot];
            edge(lastWords[slot], before, END, text, beforeText + " " + text);
            before = lastWords[slot];
            beforeText = text;
        }
        add(Block.WORDS, Hashing.mix(previous ^ LAST), beforeText);
        add(Block.WORDS, Hashing.mix(pair(previous, beforePrevious) ^ LAST), beforeText);
        add(Block.WORDS, Hashing.mix(lineBegin ^ LAST * 3), "the last line's first word");
        for (int i = 0; i < Math.min(wordsRead, LATE_WORDS); i++) {
            shape.late(lastGroups[i]);
        }
        characters.addWindows(slid, slidLength);
        pool();
        shape.write(dense, POOLS * vectors.dimensions(), textLength);
    }

    private void pool() {
        first.clear();
        int pooled = Math.min(tokens, MOST_TOKENS);
        int early = Math.min(tokens, EDGE_TOKENS);
        vectors.addTo(first, firstTokens, 0, early);
        whole.set(first);
        vectors.addTo(whole, firstTokens, early, pooled);
        int dimensions = vectors.dimensions();
        vectors.normalize(whole, dense, 0);
        if (tokens <= EDGE_TOKENS) {
            System.arraycopy(dense, 0, dense, dimensions, dimensions);
            System.arraycopy(dense, 0, dense, 2 * dimensions, dimensions);
            return;
        }
        last.clear();
        vectors.addTo(last, lastTokens, 0, EDGE_TOKENS);
        vectors.normalize(first, dense, dimensions);
        vectors.normalize(last, dense, 2 * dimensions);
    }
}
