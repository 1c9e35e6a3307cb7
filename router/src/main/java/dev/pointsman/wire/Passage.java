package dev.pointsman.wire;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;

import java.util.Optional;

/**
 * A stream on its way from a provider to a caller, and how far it has come. Has state; used by one
 * thread at a time.
 */
public abstract class Passage {

    private static final Failure NOTHING_CAME =
            new Failure.Truncated("the stream ended before any content");

    private final boolean keepText;
    private final StringBuilder text = new StringBuilder();
    private boolean content;
    private boolean begun;
    private boolean ended;
    private long contents;
    private Optional<Failure> failure = Optional.empty();
    private Optional<Stop> stop = Optional.empty();
    private Usage usage = Usage.NONE;

    /**
     * @param keepText whether {@link #text()} is wanted
     */
    Passage(boolean keepText) {
        this.keepText = keepText;
    }

    /**
     * Takes bytes of the provider.
     *
     * @return what is to be handed on: whole events, none of them behind a failure
     */
    public abstract byte[] feed(byte[] bytes);

    /**
     * The provider's bytes have ended.
     *
     * @return what is still to be handed on
     */
    public abstract byte[] close();

    /** Whether a failure that the provider tells within the stream has reached the caller. */
    public abstract boolean tellsFailure();

    /** Notes what an event says of how far the answer has come. */
    final void note(AnswerEvent event) {
        if (event.isContent()) {
            contentCame();
        }
        switch (event) {
            case AnswerEvent.Text e -> keep(e.delta());
            case AnswerEvent.Refusal e -> keep(e.delta());
            case AnswerEvent.Tokens e -> usage = e.usage();
            case AnswerEvent.Stopped e -> stop = Optional.of(e.stop());
            case AnswerEvent.End e -> end();
            case AnswerEvent.Failed e -> fail(e.failure());
            default -> {
                // the rest says nothing of how far it is
            }
        }
    }

    /** An end mark alone is no answer; a reason to stop without content is one. */
    private void end() {
        if (begun || stop.isPresent()) {
            ended = true;
        } else {
            fail(NOTHING_CAME);
        }
    }

    private void keep(String delta) {
        if (keepText) {
            text.append(delta);
        }
    }

    /** More bytes are about to be read. */
    final void next() {
        content = false;
    }

    final void contentCame() {
        begun = true;
        content = true;
        contents++;
    }

    /** The first failure counts. */
    final void fail(Failure why) {
        if (failure.isEmpty()) {
            failure = Optional.of(why);
        }
    }

    /** Whether the last bytes brought content. */
    public final boolean content() {
        return content;
    }

    /** Whether any bytes brought content. */
    public final boolean begun() {
        return begun;
    }

    /** Whether the stream's own end has come. */
    public final boolean ended() {
        return ended;
    }

    /** How many events brought content. */
    public final long contents() {
        return contents;
    }

    /** What the provider says within the stream, or what is wrong with it. */
    public final Optional<Failure> failure() {
        return failure;
    }

    public final Optional<Stop> stop() {
        return stop;
    }

    /** As the provider told it; {@link Usage#NONE} if it did not. */
    public final Usage usage() {
        return usage;
    }

    /** The answer's text, as far as it was read. */
    public final CharSequence text() {
        return text;
    }
}
