package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Tokens;
import dev.pointsman.core.Usage;
import dev.pointsman.wire.Codec;
import dev.pointsman.wire.Headers;
import dev.pointsman.wire.ProtocolException;
import dev.pointsman.wire.ServerSentEvent;
import dev.pointsman.wire.SseDecoder;
import dev.pointsman.wire.StreamReader;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Puts an answer together from the bytes of one attempt, and says when its first content came. */
final class AnswerAssembler implements Intake {

    private static final int LONGEST_BODY = 64 << 20;
    private static final int LONGEST_ERROR = 64 << 10;

    private final Codec codec;
    private final Optional<Consumer<String>> onText;
    private final Supplier<Duration> sinceStart;
    private final Runnable commit;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final SseDecoder decoder = new SseDecoder();
    private final StreamReader reader;
    private final StringBuilder text = new StringBuilder();
    private int status;
    private Headers headers = Headers.of(Map.of());
    private boolean streaming;
    private boolean ended;
    private boolean begun;
    private boolean committed;
    private long contents;
    private Optional<Duration> firstContent = Optional.empty();
    private Optional<Failure> failure = Optional.empty();
    private Optional<Stop> stop = Optional.empty();
    private Usage usage = Usage.NONE;

    /**
     * @param onText where the pieces of a streamed answer go; empty if it is wanted whole
     * @param commit runs before the first piece is handed on
     */
    AnswerAssembler(
            Codec codec,
            Optional<Consumer<String>> onText,
            Supplier<Duration> sinceStart,
            Runnable commit) {
        this.codec = codec;
        this.onText = onText;
        this.sinceStart = sinceStart;
        this.commit = commit;
        this.reader = codec.stream();
    }

    @Override
    public void head(int responseStatus, Headers responseHeaders) {
        status = responseStatus;
        headers = responseHeaders;
        streaming = onText.isPresent() && isSuccess();
    }

    @Override
    public boolean bytes(byte[] bytes) {
        if (!streaming) {
            return collect(bytes);
        }
        begun = false;
        try {
            decoder.feed(bytes, this::event);
        } catch (ProtocolException e) {
            failure = Optional.of(e.failure());
        }
        return begun;
    }

    @Override
    public Optional<Answer> end() {
        if (!isSuccess()) {
            failure = Optional.of(codec.failure(status, headers::first, body.toByteArray()));
            return Optional.empty();
        }
        return streaming ? endStream() : endBody();
    }

    @Override
    public void broken(Failure reason) {
        // what came before it has been given
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public boolean wantsRest() {
        return false;
    }

    @Override
    public Optional<Failure> failure() {
        return failure;
    }

    @Override
    public Optional<Duration> firstContent() {
        return firstContent;
    }

    @Override
    public Usage usageSoFar() {
        if (usage.equals(Usage.NONE)) {
            return contents > 0 ? Usage.NONE.asEstimate() : usage;
        }
        return stop.isPresent() ? usage : usage.withOutputOf(contents);
    }

    /** A streamed event is about a token; not all content is text. */
    @Override
    public long estimatedOutput() {
        return Math.max(contents, Tokens.estimate(text));
    }

    private boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    private boolean collect(byte[] bytes) {
        int longest = isSuccess() ? LONGEST_BODY : LONGEST_ERROR;
        if (body.size() + bytes.length <= longest) {
            body.writeBytes(bytes);
        } else if (isSuccess()) {
            failure =
                    Optional.of(
                            new Failure.Protocol(
                                    "the answer is longer than " + (LONGEST_BODY >> 20) + " MB"));
        }
        return isSuccess() && !Intake.isBlank(bytes);
    }

    private void event(ServerSentEvent event) {
        if (failure.isPresent() || ended) {
            return;
        }
        try {
            reader.read(event, this::take);
        } catch (ProtocolException e) {
            failure = Optional.of(e.failure());
        }
    }

    private void take(AnswerEvent event) {
        if (event.isContent()) {
            content();
        }
        switch (event) {
            case AnswerEvent.Text delta -> text(delta.delta());
            case AnswerEvent.Refusal delta -> text(delta.delta());
            case AnswerEvent.Tokens tokens -> usage = tokens.usage();
            case AnswerEvent.Stopped stopped -> stop = Optional.of(stopped.stop());
            case AnswerEvent.End end -> endMark();
            case AnswerEvent.Failed failed -> failure = Optional.of(failed.failure());
            default -> {
                // the library hands on texts alone
            }
        }
    }

    /** An end mark alone is no answer; a reason to stop without content is one. */
    private void endMark() {
        if (contents > 0 || stop.isPresent()) {
            ended = true;
        } else {
            failure = Optional.of(new Failure.Truncated("the stream ended before any content"));
        }
    }

    private void text(String delta) {
        if (delta.isEmpty()) {
            return;
        }
        if (!committed) {
            committed = true;
            commit.run();
        }
        text.append(delta);
        onText.ifPresent(sink -> sink.accept(delta));
    }

    private void content() {
        begun = true;
        contents++;
        if (firstContent.isEmpty()) {
            firstContent = Optional.of(sinceStart.get());
        }
    }

    private Optional<Answer> endStream() {
        reader.close(this::take);
        if (failure.isPresent()) {
            return Optional.empty();
        }
        if (!ended) {
            failure =
                    Optional.of(
                            new Failure.Truncated(
                                    contents == 0
                                            ? "the stream ended before any content"
                                            : "the stream ended in the middle"));
            return Optional.empty();
        }
        Usage told = usage.equals(Usage.NONE) ? Usage.NONE.asEstimate() : usage;
        return Optional.of(new Answer(text.toString(), told, stop.orElse(Stop.OTHER)));
    }

    private Optional<Answer> endBody() {
        try {
            return Optional.of(codec.answer(body.toByteArray()));
        } catch (ProtocolException e) {
            failure = Optional.of(e.failure());
            return Optional.empty();
        }
    }
}
