package dev.pointsman.wire;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;

import java.util.Optional;
import java.util.function.Consumer;

/** How far an answer has come. Has state; used by one thread at a time. */
final class Progress implements Consumer<AnswerEvent> {

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
    Progress(boolean keepText) {
        this.keepText = keepText;
    }

    @Override
    public void accept(AnswerEvent event) {
        if (event.isContent()) {
            contentCame();
        }
        switch (event) {
            case AnswerEvent.Text e -> keep(e.delta());
            case AnswerEvent.Refusal e -> keep(e.delta());
            case AnswerEvent.Tokens e -> usage = e.usage();
            case AnswerEvent.Stopped e -> stop = Optional.of(e.stop());
            case AnswerEvent.End e -> ended = true;
            case AnswerEvent.Failed e -> fail(e.failure());
            default -> {
                // the rest says nothing of how far it is
            }
        }
    }

    private void keep(String delta) {
        if (keepText) {
            text.append(delta);
        }
    }

    /** More bytes are about to be read. */
    void next() {
        content = false;
    }

    void contentCame() {
        begun = true;
        content = true;
        contents++;
    }

    /** The first failure counts. */
    void fail(Failure why) {
        if (failure.isEmpty()) {
            failure = Optional.of(why);
        }
    }

    boolean content() {
        return content;
    }

    boolean begun() {
        return begun;
    }

    boolean ended() {
        return ended;
    }

    long contents() {
        return contents;
    }

    Optional<Failure> failure() {
        return failure;
    }

    Optional<Stop> stop() {
        return stop;
    }

    Usage usage() {
        return usage;
    }

    CharSequence text() {
        return text;
    }
}
