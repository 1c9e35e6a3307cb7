package dev.pointsman.wire;

import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Failure;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Watches a stream of server-sent events go by: says when content comes, how many tokens it took,
 * and whether it came to its end. Once content has begun, only events that can hold any of that are
 * parsed. Has state; used by one thread at a time.
 */
public final class StreamWatch extends Passage {

    /** Events up to this length are parsed anyhow: {@code data: [DONE]} and the like. */
    private static final int SHORT = 40;

    private static final byte[] NOTHING = {};
    private static final ByteArrayOutputStream NOWHERE = new ByteArrayOutputStream(0);
    private static final byte[] USAGE = ascii("\"usage\"");
    private static final byte[] FINISH = ascii("\"finish_reason\"");
    private static final byte[] ERROR = ascii("\"error\"");
    private static final byte[] MESSAGE = ascii("\"message_");
    private static final byte[] COMPLETED = ascii("\"response.completed");
    private static final byte[] INCOMPLETE = ascii("\"response.incomplete");
    private static final byte[] FAILED = ascii("\"response.failed");

    private final Format format;
    private final boolean everything;
    private final boolean withhold;
    private final StreamReader reader;
    private final SseDecoder decoder = new SseDecoder();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream(0);
    private boolean lineEmpty = true;
    private boolean afterReturn;
    private boolean blank;
    private boolean extra;
    private boolean failedInWords;
    private boolean told;

    /**
     * @param everything whether {@link #text()} is wanted, so that every event must be parsed
     * @param withhold whether the last chunk of a chat stream, with nothing but usage in it, is to
     *     be kept from the caller; then only whole events are handed on
     */
    public StreamWatch(Format format, boolean everything, boolean withhold) {
        super(everything);
        this.format = format;
        this.everything = everything || format == Format.GEMINI;
        this.withhold = withhold;
        this.reader = format.codec().stream();
    }

    /** The very same array goes on where it is whole events and none is withheld. */
    @Override
    public byte[] feed(byte[] bytes) {
        next();
        if (failure().isPresent()) {
            return NOTHING;
        }
        boolean same = !withhold && partial.size() == 0;
        ByteArrayOutputStream kept = same ? NOWHERE : new ByteArrayOutputStream(bytes.length);
        int from = 0;
        int fit = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                lineEmpty = false;
                afterReturn = false;
                continue;
            }
            boolean secondHalf = b == '\n' && afterReturn;
            if (lineEmpty && !secondHalf) {
                blank = true;
            }
            boolean whole = b == '\n' || i + 1 == bytes.length || bytes[i + 1] != '\n';
            if (blank && whole) {
                boolean goesOn = event(bytes, from, i + 1, kept);
                from = i + 1;
                fit = goesOn ? from : fit;
                blank = false;
                if (failure().isPresent()) {
                    break;
                }
            }
            lineEmpty = true;
            afterReturn = b == '\r';
        }
        if (from < bytes.length && failure().isEmpty()) {
            partial.write(bytes, from, bytes.length - from);
            if (partial.size() > SseDecoder.MAX_EVENT) {
                fail(
                        new Failure.Protocol(
                                "a stream event is longer than "
                                        + (SseDecoder.MAX_EVENT >> 20)
                                        + " MB"));
            }
        }
        if (!same) {
            return kept.toByteArray();
        }
        return fit == bytes.length ? bytes : Arrays.copyOf(bytes, fit);
    }

    @Override
    public byte[] close() {
        next();
        if (failure().isEmpty() && partial.size() > 0) {
            byte[] rest = partial.toByteArray();
            partial.reset();
            extra = false;
            parse(rest, 0, rest.length);
            parse("\n\n".getBytes(StandardCharsets.US_ASCII), 0, 2);
            reader.close(this::take);
            return goesOn() ? rest : NOTHING;
        }
        reader.close(this::take);
        return NOTHING;
    }

    /** Its bytes are the provider's own. */
    @Override
    public boolean tellsFailure() {
        return told;
    }

    /** Whether the last event is for the caller. */
    private boolean goesOn() {
        return !extra && (told || failure().isEmpty());
    }

    private boolean event(byte[] bytes, int from, int to, ByteArrayOutputStream kept) {
        byte[] source = bytes;
        int begin = from;
        int end = to;
        if (partial.size() > 0) {
            partial.write(bytes, from, to - from);
            source = partial.toByteArray();
            partial.reset();
            begin = 0;
            end = source.length;
        }
        extra = false;
        if (!begun() || everything || end - begin <= SHORT || mayMatter(source, begin, end)) {
            parse(source, begin, end);
        } else {
            contentCame();
        }
        if (goesOn() && kept != NOWHERE) {
            kept.write(source, begin, end - begin);
        }
        return goesOn();
    }

    private void parse(byte[] bytes, int from, int to) {
        if (failure().isPresent()) {
            return;
        }
        try {
            decoder.feed(bytes, from, to, this::read);
        } catch (ProtocolException e) {
            fail(e.failure());
        }
    }

    private void read(ServerSentEvent event) {
        if (failure().isPresent()) {
            return;
        }
        try {
            reader.read(event, this::take);
            told = failedInWords && format.codec().tellsFailure(event.data());
            extra = withhold && !told && ChatCodec.isUsageOnly(event.data());
        } catch (ProtocolException e) {
            fail(e.failure());
        }
    }

    private void take(AnswerEvent event) {
        failedInWords |= event instanceof AnswerEvent.Failed;
        note(event);
    }

    /** Whether an event may say more than a piece of content: usage, an end, an error, a ping. */
    private boolean mayMatter(byte[] bytes, int from, int to) {
        for (int i = from; i < to - 6; i++) {
            if (bytes[i] == '"'
                    && switch (bytes[i + 1]) {
                        case 'u' -> at(bytes, i, USAGE) && hasObject(bytes, i + USAGE.length, to);
                        case 'f' -> at(bytes, i, FINISH) && !hasNull(bytes, i + FINISH.length, to);
                        case 'e' -> at(bytes, i, ERROR) && !hasNull(bytes, i + ERROR.length, to);
                        case 'm' -> at(bytes, i, MESSAGE);
                        case 'r' ->
                                at(bytes, i, COMPLETED)
                                        || at(bytes, i, INCOMPLETE)
                                        || at(bytes, i, FAILED);
                        default -> false;
                    }) {
                return true;
            }
        }
        return isComment(bytes, from, to);
    }

    /** The LF of a CRLF may come with the next event. */
    private static boolean isComment(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == '\n' || bytes[at] == '\r')) {
            at++;
        }
        return at == to || bytes[at] == ':';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean at(byte[] bytes, int index, byte[] wanted) {
        return index + wanted.length <= bytes.length
                && Arrays.equals(bytes, index, index + wanted.length, wanted, 0, wanted.length);
    }

    /** A value that stands in the next of several data lines is looked at. */
    private static boolean hasObject(byte[] bytes, int after, int to) {
        int value = valueAfter(bytes, after, to);
        return value == '{' || value == '\n' || value == '\r';
    }

    private static boolean hasNull(byte[] bytes, int after, int to) {
        return valueAfter(bytes, after, to) == 'n';
    }

    private static int valueAfter(byte[] bytes, int after, int to) {
        int at = after;
        while (at < to && (bytes[at] == ' ' || bytes[at] == ':')) {
            at++;
        }
        return at < to ? bytes[at] : 0;
    }
}
