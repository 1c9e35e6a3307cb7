package dev.pointsman.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;

import dev.pointsman.core.ServiceTier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What routing needs of a request, read in one pass over its bytes, which stay as they are. Texts
 * are decoded only when asked for. Immutable once read.
 */
public final class Peek {

    /** JSON that nests deeper is refused. */
    public static final int MAX_DEPTH = 1_000;

    /** So much of a text is decoded where only its category matters. */
    private static final int LONGEST_TEXT = 1 << 20;

    private static final byte[] BILLING =
            "\"x-anthropic-billing-header:".getBytes(StandardCharsets.UTF_8);

    static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build();

    /** A piece of the bytes. */
    record Span(int from, int to) {}

    /**
     * A turn's texts.
     *
     * @param assistant whether the model said them
     * @param texts where they begin
     */
    record Turn(boolean assistant, List<Span> texts) {}

    /** What a chat request says of the usage of its stream. */
    enum IncludeUsage {
        /** There is no stream_options. */
        NO_OPTIONS,
        /** stream_options is null. */
        NULL_OPTIONS,
        /** stream_options is an object without include_usage. */
        NOT_SAID,
        /** include_usage is not true. */
        REFUSED,
        /** include_usage is true. */
        WANTED
    }

    /** More than any provider gives. */
    static final int MOST_CHOICES = 1_000;

    private final byte[] body;
    final List<Span> models = new ArrayList<>(1);
    Optional<String> model = Optional.empty();
    boolean stream;
    IncludeUsage includeUsage = IncludeUsage.NO_OPTIONS;
    Span usageSpot = new Span(0, 0);
    int begin;
    boolean goesOn;
    boolean answersTool;
    Optional<String> cacheKey = Optional.empty();
    boolean base64;
    boolean tools;
    boolean schema;
    int images;
    int documents;
    long mediaBytes;
    OptionalInt maxTokens = OptionalInt.empty();
    int choices = 1;
    ServiceTier tier = ServiceTier.STANDARD;
    final List<Span> system = new ArrayList<>(1);
    final List<Turn> turns = new ArrayList<>();
    final List<Span> content = new ArrayList<>(2);
    final List<Span> requests = new ArrayList<>(0);

    Peek(byte[] body) {
        this.body = body;
    }

    /**
     * Reads a request.
     *
     * @throws RequestException if it is not what the format asks for: no JSON object, nested too
     *     deep, a needed key missing, mistyped or said twice
     */
    public static Peek of(Format format, Operation operation, byte[] body) throws RequestException {
        return new PeekReader(format, operation, body).read();
    }

    /** The model asked for, where the body says it. */
    public Optional<String> model() {
        return model;
    }

    public boolean stream() {
        return stream;
    }

    /** Whether the caller asked for the usage of its chat stream. */
    public boolean wantsUsage() {
        return includeUsage == IncludeUsage.WANTED;
    }

    /** Whether embeddings are wanted in base64. */
    public boolean base64() {
        return base64;
    }

    /** Whether more than the user and instructions stand in it, so that a model may have spoken. */
    public boolean goesOn() {
        return goesOn;
    }

    /** Whether its last turn gives what a tool gave. */
    public boolean answersTool() {
        return answersTool;
    }

    /** What the caller calls the prompt cache that it wants used. */
    public Optional<String> cacheKey() {
        return cacheKey;
    }

    /** Takes pieces of a body. */
    @FunctionalInterface
    public interface Pieces {

        /** The bytes from {@code from} up to {@code to}, which must not be changed. */
        void piece(byte[] body, int from, int to);
    }

    /**
     * Gives away how the conversation opens, which later turns of it have too: its instructions,
     * and what the user said first. Only texts: marks beside them move as a conversation goes on.
     *
     * @return false, and nothing is given, if the user's first turn has no text
     */
    public boolean opening(Pieces to) {
        for (Turn turn : turns) {
            if (!turn.assistant()) {
                give(system, to);
                give(turn.texts(), to);
                return true;
            }
        }
        return false;
    }

    private void give(List<Span> spans, Pieces to) {
        for (Span span : spans) {
            if (!isBilling(span)) {
                to.piece(body, span.from(), span.to());
            }
        }
    }

    /** A line that Claude Code puts before its instructions, with a number of each request. */
    private boolean isBilling(Span span) {
        return span.to() - span.from() > BILLING.length
                && Arrays.equals(
                        body,
                        span.from(),
                        span.from() + BILLING.length,
                        BILLING,
                        0,
                        BILLING.length);
    }

    /** Whether it offers tools. */
    public boolean tools() {
        return tools;
    }

    /** Whether the answer must follow a schema. */
    public boolean schema() {
        return schema;
    }

    public int images() {
        return images;
    }

    /** How many documents such as PDF files it holds. */
    public int documents() {
        return documents;
    }

    /** How long an answer may be; where two limits are said, the larger. */
    public OptionalInt maxTokens() {
        return maxTokens;
    }

    /** How many answers are asked for at once, 1 to {@link #MOST_CHOICES}. */
    public int choices() {
        return choices;
    }

    /** The service that is asked for. */
    public ServiceTier tier() {
        return tier;
    }

    /** How many texts a batch asks to embed. */
    public int batch() {
        return requests.size();
    }

    /** Bytes of the whole. */
    public int length() {
        return body.length;
    }

    /** Bytes of the whole without those of images and documents. */
    public long textLength() {
        return body.length - mediaBytes;
    }

    /** The instructions before the conversation, their pieces joined by line breaks. */
    public String system(boolean whole) {
        return text(system, whole);
    }

    /** How many turns have text. */
    public int turns() {
        return turns.size();
    }

    /** Whether the model said a turn. */
    public boolean byAssistant(int turn) {
        return turns.get(turn).assistant();
    }

    /**
     * A turn's text, its pieces joined by line breaks.
     *
     * @param whole false if a very long one may be cut
     */
    public String text(int turn, boolean whole) {
        return text(turns.get(turn).texts(), whole);
    }

    /**
     * Stands for the whole conversation: equal conversations have equal ones, whatever the model
     * and the settings; different ones by chance once in 2^64.
     */
    public String sketch() {
        CRC32 one = new CRC32();
        CRC32C other = new CRC32C();
        long length = 0;
        for (Span span : content) {
            one.update(body, span.from(), span.to() - span.from());
            other.update(body, span.from(), span.to() - span.from());
            length += span.to() - span.from();
        }
        return Long.toHexString(one.getValue())
                + '-'
                + Long.toHexString(other.getValue())
                + '-'
                + length;
    }

    /** The whole, which must not be changed. */
    public byte[] bytes() {
        return body;
    }

    private String text(List<Span> spans, boolean whole) {
        if (spans.size() == 1) {
            return decode(spans.getFirst(), whole);
        }
        StringBuilder joined = new StringBuilder();
        for (Span span : spans) {
            joined.append(joined.isEmpty() ? "" : "\n").append(decode(span, whole));
        }
        return joined.toString();
    }

    /** The JSON string at that place. */
    private String decode(Span span, boolean whole) {
        int length = span.to() - span.from();
        try {
            if (whole || length <= LONGEST_TEXT) {
                return string(body, span.from(), length);
            }
            byte[] cut = new byte[LONGEST_TEXT + 1];
            int end = LONGEST_TEXT;
            System.arraycopy(body, span.from(), cut, 0, cut.length);
            end = beforeBroken(cut, end);
            cut[end] = '"';
            return string(cut, 0, end + 1);
        } catch (IOException e) {
            throw new UncheckedIOException("The text was read before", e);
        }
    }

    private static String string(byte[] bytes, int from, int length) throws IOException {
        String plain = new String(bytes, from + 1, length - 2, StandardCharsets.UTF_8);
        return plain.indexOf('\\') < 0 ? plain : escaped(bytes, from, length);
    }

    private static String escaped(byte[] bytes, int from, int length) throws IOException {
        try (JsonParser parser = JSON.createParser(bytes, from, length)) {
            parser.nextToken();
            return parser.getText();
        } catch (JacksonException e) {
            // What only passes by is not held to the letter of UTF-8: surrogates may stand alone.
            return string(new String(bytes, from, length, StandardCharsets.UTF_8));
        }
    }

    private static String string(String json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return parser.getText();
        }
    }

    /** Where a cut string must end so that neither a character nor an escape is cut in two. */
    private static int beforeBroken(byte[] bytes, int end) {
        int at = end;
        while (at > 1 && (bytes[at] & 0xC0) == 0x80) {
            at--;
        }
        for (int i = Math.max(1, at - 6); i < at; i++) {
            if (bytes[i] == '\\') {
                int backslashes = 0;
                for (int j = i; j > 0 && bytes[j] == '\\'; j--) {
                    backslashes++;
                }
                if (backslashes % 2 == 1 && i + escape(bytes[i + 1]) > at) {
                    return i;
                }
            }
        }
        return at;
    }

    private static int escape(byte kind) {
        return kind == 'u' ? 6 : 2;
    }
}
