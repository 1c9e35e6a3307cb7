package dev.pointsman.wire;

import dev.pointsman.core.AnswerEvent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Makes one JSON array of a stream of events in the same format, as Gemini's clients have it that
 * ask for no events. Each item is an event's data as it came. Has state; used by one thread at a
 * time.
 */
public final class ArrayWatch extends Passage {

    private static final byte[] NOTHING = {};
    private static final byte[] BLANK_LINES = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final StreamReader reader;
    private final SseDecoder decoder = new SseDecoder();
    private final EventArray array = new EventArray();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean told;

    /**
     * @param keepText whether {@link #text()} is wanted
     */
    public ArrayWatch(Format format, boolean keepText) {
        super(keepText);
        this.reader = format.codec().stream();
    }

    @Override
    public byte[] feed(byte[] bytes) {
        next();
        return items(bytes);
    }

    private byte[] items(byte[] bytes) {
        if (failure().isPresent()) {
            return NOTHING;
        }
        out.reset();
        try {
            decoder.feed(bytes, this::read);
        } catch (ProtocolException e) {
            fail(e.failure());
        }
        return out.toByteArray();
    }

    private void read(ServerSentEvent event) {
        if (failure().isPresent()) {
            return;
        }
        try {
            reader.read(event, this::take);
        } catch (ProtocolException e) {
            fail(e.failure());
        }
        if (told || failure().isEmpty()) {
            String data = "data: " + event.data().replace('\n', ' ') + "\n\n";
            out.writeBytes(array.of(data.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void take(AnswerEvent event) {
        told |= event instanceof AnswerEvent.Failed;
        note(event);
    }

    @Override
    public byte[] close() {
        next();
        byte[] last = items(BLANK_LINES);
        reader.close(this::note);
        if (failure().isPresent()) {
            return last;
        }
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        rest.writeBytes(last);
        rest.writeBytes(array.end());
        return rest.toByteArray();
    }

    @Override
    public boolean tellsFailure() {
        return told;
    }
}
