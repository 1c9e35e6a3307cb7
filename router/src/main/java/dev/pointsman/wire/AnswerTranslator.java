package dev.pointsman.wire;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Failure;
import dev.pointsman.core.ToolName;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Brings one answer into the caller's format. Has state; used by one thread at a time. */
public final class AnswerTranslator extends Passage {

    private static final byte[] NOTHING = {};

    /** Such an end has no name in other formats, where it would pass for a good one. */
    private static final Failure NOTHING_SAID =
            new Failure.Protocol("the answer ended without content, and not by the model's will");

    private static final byte[] BLANK_LINES = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Format provider;
    private final Format caller;
    private final Frame frame;
    private final UnaryOperator<ToolName> tools;
    private final SseDecoder decoder = new SseDecoder();
    private final StreamReader reader;
    private final Pieces out = new Pieces();
    private final Blocks blocks;
    private final @Nullable EventArray array;

    /**
     * @param asArray whether a stream goes to the caller as one JSON array in place of events
     */
    AnswerTranslator(
            Format provider,
            Format caller,
            Frame frame,
            UnaryOperator<ToolName> tools,
            boolean asArray) {
        super(true);
        this.provider = provider;
        this.caller = caller;
        this.frame = frame;
        this.tools = tools;
        this.reader = provider.codec().stream();
        this.array = asArray ? new EventArray() : null;
        this.blocks = blocks(caller.answerWriter().stream(frame, out));
    }

    private Blocks blocks(BlockSink sink) {
        return new Blocks(sink, frame.model(), tools);
    }

    /** What the caller is told of the bytes. */
    public String contentType(boolean stream) {
        return stream && array == null ? "text/event-stream" : "application/json";
    }

    /** A whole answer in the caller's format. */
    public record Whole(byte[] bytes, Answer answer) {}

    /**
     * Brings over a whole answer.
     *
     * @param stream whether the caller wants it as a stream all the same
     * @throws ProtocolException if it is none; carries the failure
     */
    public Whole whole(byte[] body, boolean stream) throws ProtocolException {
        AnswerGatherer gatherer = new AnswerGatherer();
        Blocks ordered = blocks(gatherer);
        provider.codec()
                .read(
                        body,
                        event -> {
                            ordered.accept(event);
                            if (stream) {
                                blocks.accept(event);
                            }
                        });
        FullAnswer answer = gatherer.answer();
        if (answer.parts().isEmpty() && answer.stop() == Stop.OTHER) {
            throw new ProtocolException(NOTHING_SAID);
        }
        byte[] bytes = stream ? shaped(true) : caller.answerWriter().whole(answer, frame);
        return new Whole(bytes, answer.answer());
    }

    @Override
    public byte[] feed(byte[] bytes) {
        next();
        parse(bytes);
        return shaped(false);
    }

    @Override
    public byte[] close() {
        next();
        parse(BLANK_LINES);
        if (failure().isEmpty()) {
            reader.close(this::take);
        }
        return failure().isEmpty() ? shaped(true) : NOTHING;
    }

    private byte[] shaped(boolean last) {
        byte[] events = out.take();
        if (array == null) {
            return events;
        }
        byte[] items = array.of(events);
        if (!last) {
            return items;
        }
        byte[] end = array.end();
        byte[] all = Arrays.copyOf(items, items.length + end.length);
        System.arraycopy(end, 0, all, items.length, end.length);
        return all;
    }

    private void parse(byte[] bytes) {
        if (failure().isPresent()) {
            return;
        }
        try {
            decoder.feed(bytes, this::read);
        } catch (ProtocolException e) {
            fail(e.failure());
        }
    }

    /** What comes behind the end is nothing to the caller, who has had its own. */
    private void read(ServerSentEvent event) {
        if (failure().isPresent() || ended()) {
            return;
        }
        try {
            reader.read(event, this::take);
        } catch (ProtocolException e) {
            fail(e.failure());
        }
    }

    private void take(AnswerEvent event) {
        boolean nothing = !begun() && stop().filter(Stop.OTHER::equals).isPresent();
        if (event instanceof AnswerEvent.End && nothing) {
            fail(NOTHING_SAID);
        }
        note(event);
        if (failure().isEmpty()) {
            blocks.accept(event);
        }
    }

    @Override
    public boolean tellsFailure() {
        return false;
    }
}
