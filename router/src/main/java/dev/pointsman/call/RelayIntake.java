package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;
import dev.pointsman.wire.AnswerTranslator;
import dev.pointsman.wire.ArrayWatch;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Headers;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.Passage;
import dev.pointsman.wire.ProtocolException;
import dev.pointsman.wire.StreamWatch;
import dev.pointsman.wire.WholeAnswer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hands an answer on as it is. Until its first content it is held, so that a failure can still be
 * answered by another model: a stream up to its first event with content, a whole answer up to its
 * end or {@link #HELD} bytes.
 */
final class RelayIntake implements Intake {

    /** So much of a whole answer is held and looked through before any of it goes on. */
    private static final int HELD = 64 << 10;

    private static final int HELD_FOR_EDIT = 64 << 20;

    /** The head of a stream repeats no more than the request. */
    private static final int HELD_BEFORE_CONTENT = 4 << 20;

    private static final int LONGEST_ERROR = 64 << 10;
    private static final int TAIL = 8 << 10;
    private static final int CHARACTERS_PER_TOKEN = 4;

    private static final Failure ALL_PREAMBLE =
            new Failure.Protocol("the stream brought 4 MB before any content");

    private static final Failure NO_STREAM =
            new Failure.Protocol("the answer is no stream, though one was asked for");

    /** How the bytes are read. */
    private enum Mode {
        /** An error's body. */
        ERROR,
        /** Server-sent events. */
        STREAM,
        /** One JSON object. */
        WHOLE,
        /** Something that is not read, since it is compressed. */
        OPAQUE
    }

    private final Asking.OfBytes asking;
    private final Format spoken;
    private final Optional<AnswerTranslator> translator;
    private final Relay.Flow flow;
    private final Supplier<Duration> sinceStart;
    private final Runnable commit;
    private final Held held = new Held();
    private @Nullable Passage passage;
    private byte[] tail = {};
    private long relayed;
    private int status;
    private Headers headers = Headers.of(Map.of());
    private Mode mode = Mode.ERROR;
    private boolean begun;
    private boolean handedOver;
    private Optional<Duration> firstContent = Optional.empty();
    private Optional<Failure> failure = Optional.empty();
    private Usage usage = Usage.NONE;
    private String text = "";

    /**
     * @param spoken what the provider speaks
     * @param translator brings the answer over where that is not what the caller speaks
     * @param commit runs before anything is handed on
     */
    RelayIntake(
            Asking.OfBytes asking,
            Format spoken,
            Optional<AnswerTranslator> translator,
            Relay.Flow flow,
            Supplier<Duration> sinceStart,
            Runnable commit) {
        this.asking = asking;
        this.spoken = spoken;
        this.translator = translator;
        this.flow = flow;
        this.sinceStart = sinceStart;
        this.commit = commit;
    }

    @Override
    public void head(int responseStatus, Headers responseHeaders) {
        status = responseStatus;
        headers = responseHeaders;
        if (status >= 200 && status < 300) {
            String type = headers.first("content-type").orElse("").toLowerCase(Locale.ROOT);
            mode = mode(type);
            if (mode == Mode.WHOLE && type.contains("html")) {
                failure = Optional.of(new Failure.Protocol("the answer is a web page"));
            }
        }
    }

    private Mode mode(String type) {
        if (!isIdentity()) {
            return translator.isPresent() ? unreadable() : Mode.OPAQUE;
        }
        if (asking.stream() && (type.isEmpty() || type.contains("event-stream"))) {
            return Mode.STREAM;
        }
        return Mode.WHOLE;
    }

    private Mode unreadable() {
        failure =
                Optional.of(
                        new Failure.Protocol(
                                "the answer is compressed unasked: "
                                        + headers.first("content-encoding").orElse("")));
        return Mode.WHOLE;
    }

    @Override
    public boolean bytes(byte[] bytes) {
        if (failure.isPresent()) {
            return false;
        }
        return switch (mode) {
            case ERROR -> {
                int room = Math.min(bytes.length, LONGEST_ERROR - held.size());
                held.add(room == bytes.length ? bytes : Arrays.copyOf(bytes, room));
                yield false;
            }
            case STREAM -> stream(bytes);
            case WHOLE -> whole(bytes);
            case OPAQUE -> {
                if (mayBegin()) {
                    begin(-1, Optional.empty());
                    handOn(bytes);
                }
                yield true;
            }
        };
    }

    /** Whether it can be the answer of a caller who may have been told that a stream comes. */
    private boolean mayBegin() {
        if (begun || translator.isPresent() || !asking.relay().isOpen()) {
            return true;
        }
        failure = Optional.of(NO_STREAM);
        return false;
    }

    private boolean isIdentity() {
        return headers.first("content-encoding").orElse("identity").equalsIgnoreCase("identity");
    }

    private Passage passage() {
        if (passage == null) {
            passage = translator.isPresent() ? translator.get() : ownPassage();
        }
        return passage;
    }

    private Passage ownPassage() {
        return asking.asArray()
                ? new ArrayWatch(spoken, asking.keepText())
                : new StreamWatch(spoken, asking.keepText(), asking.withholdUsage());
    }

    private boolean stream(byte[] bytes) {
        Passage watch = passage();
        byte[] fit = watch.feed(bytes);
        if (watch.content() && firstContent.isEmpty()) {
            firstContent = Optional.of(sinceStart.get());
        }
        failure = watch.failure();
        if (begun) {
            handOn(fit);
        } else if (failure.isEmpty()) {
            hold(fit, watch.begun() || watch.ended());
        }
        return watch.content();
    }

    private void hold(byte[] fit, boolean answered) {
        held.add(fit);
        if (answered) {
            begin(-1, Optional.empty());
            release();
        } else if (held.size() > HELD_BEFORE_CONTENT) {
            failure = Optional.of(ALL_PREAMBLE);
        }
    }

    private boolean whole(byte[] bytes) {
        boolean content = !Intake.isBlank(bytes);
        if (begun) {
            handOn(bytes);
            return content;
        }
        held.add(bytes);
        boolean edited = asking.edit().isPresent() || translator.isPresent();
        if (held.size() > (edited ? HELD_FOR_EDIT : HELD)) {
            if (edited) {
                failure = Optional.of(new Failure.Protocol("the answer is longer than 64 MB"));
                return false;
            }
            if (mayBegin()) {
                begin(length(), Optional.empty());
                release();
            }
        }
        return content;
    }

    private long length() {
        try {
            return Long.parseLong(headers.first("content-length").orElse("-1"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void release() {
        handOn(held.take());
    }

    private void handOn(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        relayed += bytes.length;
        if (mode != Mode.STREAM) {
            keepTail(bytes);
        }
        asking.relay().bytes(bytes);
    }

    private void keepTail(byte[] bytes) {
        int kept = Math.min(tail.length, Math.max(0, TAIL - bytes.length));
        int added = Math.min(TAIL, bytes.length);
        byte[] next = new byte[kept + added];
        System.arraycopy(tail, tail.length - kept, next, 0, kept);
        System.arraycopy(bytes, bytes.length - added, next, kept, added);
        tail = next;
    }

    private void begin(long length, Optional<Usage> known) {
        if (!begun) {
            begun = true;
            commit.run();
            asking.relay().begin(status, headersBack(), length, known, flow);
        }
    }

    /** What a provider of another format says in its headers means nothing to the caller. */
    private Headers headersBack() {
        if (translator.isPresent()) {
            return Headers.of(
                    Map.of("content-type", translator.get().contentType(asking.stream())));
        }
        if (mode != Mode.STREAM || !asking.asArray()) {
            return headers;
        }
        Map<String, String> back = new LinkedHashMap<>();
        headers.each((name, value) -> back.put(name.toLowerCase(Locale.ROOT), value));
        back.put("content-type", "application/json");
        return Headers.of(back);
    }

    @Override
    public Optional<Answer> end() {
        if (failure.isPresent()) {
            return Optional.empty();
        }
        return switch (mode) {
            case ERROR -> {
                refused(held.take());
                yield Optional.empty();
            }
            case STREAM -> endStream();
            case WHOLE -> begun ? endLong() : endHeld();
            case OPAQUE -> endOpaque();
        };
    }

    /** A refusal in another format is told in the caller's. */
    private void refused(byte[] body) {
        Failure said = spoken.codec().failure(status, headers::first, body);
        failure = Optional.of(said);
        if (translator.isEmpty()) {
            asking.relay().refused(status, headers, body);
            return;
        }
        int fit = ErrorBody.status(asking.format(), said);
        asking.relay().refused(fit, headers, ErrorBody.of(asking.format(), fit, said.message()));
    }

    private Optional<Answer> endStream() {
        Passage watch = passage();
        byte[] rest = watch.close();
        failure =
                watch.failure()
                        .or(() ->
                                watch.ended()
                                        ? Optional.empty()
                                        : Optional.of(
                                                new Failure.Truncated(
                                                        watch.begun()
                                                                ? "the stream ended in the middle"
                                                                : "the stream ended before any"
                                                                        + " content")));
        if (failure.isPresent()) {
            if (begun && watch.tellsFailure()) {
                handOn(rest);
            }
            return Optional.empty();
        }
        begin(-1, Optional.empty());
        release();
        handOn(rest);
        finish();
        usage = watch.usage().equals(Usage.NONE) ? Usage.NONE.asEstimate() : watch.usage();
        return Optional.of(
                new Answer(watch.text().toString(), usage, watch.stop().orElse(Stop.OTHER)));
    }

    private Optional<Answer> endOpaque() {
        if (relayed == 0) {
            failure = Optional.of(new Failure.Protocol("the answer is empty"));
            return Optional.empty();
        }
        return endLong();
    }

    /** Of what was not read, only how it ends can be told. */
    private boolean endsAsJson() {
        int last = tail.length - 1;
        while (last >= 0 && Character.isWhitespace(tail[last])) {
            last--;
        }
        return last >= 0 && (tail[last] == '}' || tail[last] == ']');
    }

    private Optional<Answer> endLong() {
        if (isIdentity() && !endsAsJson()) {
            failure = Optional.of(new Failure.Truncated("the answer ended in the middle"));
            return Optional.empty();
        }
        usage = WholeAnswer.usageInTail(spoken, tail);
        finish();
        return Optional.of(new Answer("", usage, Stop.OTHER));
    }

    private Optional<Answer> endHeld() {
        if (!mayBegin()) {
            return Optional.empty();
        }
        try {
            byte[] body = held.take();
            if (translator.isPresent()) {
                return Optional.of(translated(translator.get(), body));
            }
            usage = WholeAnswer.usage(spoken, body);
            Answer answer =
                    asking.keepText() && asking.operation() == Operation.ANSWER
                            ? spoken.codec().answer(body)
                            : new Answer("", usage, Stop.OTHER);
            byte[] fit = asking.edit().isPresent() ? asking.edit().get().apply(body) : body;
            text = answer.text();
            relayed = body.length;
            begin(fit.length, Optional.of(usage).filter(told -> !told.estimated()));
            asking.relay().bytes(fit);
            finish();
            return Optional.of(answer);
        } catch (ProtocolException e) {
            failure = Optional.of(e.failure());
            return Optional.empty();
        }
    }

    private Answer translated(AnswerTranslator bridge, byte[] body) throws ProtocolException {
        AnswerTranslator.Whole whole = bridge.whole(body, asking.stream());
        Answer answer = whole.answer();
        usage = answer.usage();
        text = answer.text();
        relayed = body.length;
        begin(
                asking.stream() ? -1 : whole.bytes().length,
                Optional.of(usage).filter(told -> !told.estimated()));
        asking.relay().bytes(whole.bytes());
        finish();
        return answer;
    }

    private void finish() {
        handedOver = true;
        asking.relay().end();
    }

    @Override
    public void broken(Failure reason) {
        if (begun && !handedOver) {
            asking.relay().broken(reason, mode == Mode.STREAM && passage().tellsFailure());
        }
    }

    @Override
    public boolean ended() {
        return mode == Mode.STREAM && passage().ended();
    }

    @Override
    public boolean wantsRest() {
        return true;
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
        if (mode == Mode.STREAM) {
            return usageSoFar(passage());
        }
        return relayed + held.size() > 0 && mode != Mode.ERROR ? Usage.NONE.asEstimate() : usage;
    }

    /** Before a stream tells why it stopped, what it told of its tokens is what they were then. */
    private static Usage usageSoFar(Passage watch) {
        Usage told = watch.usage();
        if (told.equals(Usage.NONE)) {
            return watch.begun() ? Usage.NONE.asEstimate() : told;
        }
        return watch.stop().isPresent() ? told : told.withOutputOf(watch.contents());
    }

    /** A streamed event is about a token; of a whole answer its text is most. */
    @Override
    public long estimatedOutput() {
        if (mode == Mode.STREAM) {
            return passage().contents();
        }
        long bytes = relayed + held.size();
        return (text.isEmpty() ? bytes : text.length()) / CHARACTERS_PER_TOKEN;
    }
}
