package dev.pointsman.wire;

import dev.pointsman.wire.Peek.Span;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A caller's bytes with another model's name, and where it is wished with a request for usage. All
 * other bytes stay as they are, and what is changed is the same in every turn of a conversation.
 */
public final class Splice {

    private static final byte[] OPTIONS = ascii("\"stream_options\":{\"include_usage\":true},");
    private static final byte[] OBJECT = ascii("{\"include_usage\":true}");
    private static final byte[] FIELD = ascii("\"include_usage\":true,");
    private static final byte[] ONLY_FIELD = ascii("\"include_usage\":true");
    private static final byte[] TRUE = ascii("true");

    private record Change(Span span, byte[] bytes) {}

    private Splice() {}

    /**
     * @param model what the provider calls the model, as it stands in the body
     * @param askUsage whether a chat stream is to carry usage even if the caller did not ask
     */
    public static Body of(Peek peek, String model, boolean askUsage) {
        List<Change> changes = new ArrayList<>();
        byte[] name = Json.quoted(model);
        peek.models.forEach(span -> changes.add(new Change(span, name)));
        if (askUsage && !peek.wantsUsage()) {
            changes.add(usage(peek));
        }
        changes.sort(Comparator.comparingInt(change -> change.span().from()));
        return applied(peek.bytes(), 0, peek.bytes().length, changes);
    }

    /** One text of a batch as a request of its own. */
    public static Body ofBatch(Peek peek, int index, String model) {
        Span request = peek.requests.get(index);
        byte[] name = Json.quoted(model);
        List<Change> changes =
                peek.models.stream()
                        .filter(span -> span.from() >= request.from() && span.to() <= request.to())
                        .map(span -> new Change(span, name))
                        .toList();
        return applied(peek.bytes(), request.from(), request.to(), changes);
    }

    private static Change usage(Peek peek) {
        Span spot = peek.usageSpot;
        return switch (peek.includeUsage) {
            case NO_OPTIONS -> new Change(new Span(peek.begin, peek.begin), OPTIONS);
            case NULL_OPTIONS -> new Change(spot, OBJECT);
            case NOT_SAID ->
                    new Change(spot, isEmptyObject(peek.bytes(), spot) ? ONLY_FIELD : FIELD);
            case REFUSED, WANTED -> new Change(spot, TRUE);
        };
    }

    private static boolean isEmptyObject(byte[] bytes, Span inside) {
        int at = inside.from();
        while (Character.isWhitespace(bytes[at])) {
            at++;
        }
        return bytes[at] == '}';
    }

    private static Body applied(byte[] bytes, int from, int to, List<Change> changes) {
        List<ByteBuffer> pieces = new ArrayList<>(2 * changes.size() + 1);
        int at = from;
        for (Change change : changes) {
            pieces.add(ByteBuffer.wrap(bytes, at, change.span().from() - at));
            pieces.add(ByteBuffer.wrap(change.bytes()));
            at = change.span().to();
        }
        pieces.add(ByteBuffer.wrap(bytes, at, to - at));
        return new Body(pieces);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
