package dev.pointsman.gateway;

import dev.pointsman.call.Relay;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Deployment;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Headers;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Hands an answer to the caller as it comes, no faster than the caller takes it. */
final class AnswerRelay implements Relay {

    private static final byte[] NOTHING = {};
    private static final byte[] WAITING = ": waiting\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WHITE_SPACE = "\n".getBytes(StandardCharsets.US_ASCII);

    /** A provider's refusal. */
    record Refused(int status, Headers headers, byte[] body) {}

    private final Reply reply;
    private final PassedOn passedOn;
    private @Nullable Decision decision;
    private @Nullable Deployment deployment;
    private Optional<Refused> refused = Optional.empty();
    private List<String> leftOut = List.of();
    private int attempt;
    private boolean asArray;
    private boolean open;
    private boolean begun;
    private boolean stream;
    private long length;
    private @Nullable Buffer only;
    private boolean waiting;
    private @Nullable Flow flow;

    AnswerRelay(Reply reply, PassedOn passedOn) {
        this.reply = reply;
        this.passedOn = passedOn;
    }

    /**
     * @param array whether the caller takes a stream as one JSON array in place of events
     */
    void decided(Decision made, boolean array) {
        decision = made;
        asArray = array;
    }

    boolean begun() {
        return begun;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** A sign of life, which says nothing of the answer. */
    @Override
    public void silent() {
        if (reply.isOver() || begun && !stream || reply.response().writeQueueFull()) {
            return;
        }
        if (!begun && !open) {
            open = true;
            reply.opens(
                    Objects.requireNonNull(decision),
                    asArray ? "application/json" : "text/event-stream");
        }
        reply.response().write(buffer(asArray ? WHITE_SPACE : WAITING));
    }

    /** How the last call was refused; empty if it failed otherwise. */
    Optional<Refused> refusedLast() {
        return refused;
    }

    @Override
    public void trying(Deployment tried, int number) {
        deployment = tried;
        attempt = number;
        refused = Optional.empty();
        leftOut = List.of();
    }

    @Override
    public void leftOut(List<String> fields) {
        leftOut = fields;
    }

    @Override
    public void refused(int status, Headers headers, byte[] body) {
        refused = Optional.of(new Refused(status, headers, body));
    }

    @Override
    public void begin(
            int status, Headers headers, long total, Optional<Usage> usage, Flow provider) {
        begun = true;
        length = total;
        stream = isStream(headers);
        flow = provider;
        if (reply.isOver() || open) {
            return;
        }
        HttpServerResponse response = reply.response();
        response.setStatusCode(status);
        pass(headers);
        Deployment answering = Objects.requireNonNull(deployment);
        reply.decided(
                Objects.requireNonNull(decision),
                answering.model().ref(),
                attempt,
                usage.map(known -> Cost.estimate(answering.model(), known).total()));
        if (!leftOut.isEmpty()) {
            reply.leftOut(leftOut);
        }
        if (length < 0) {
            response.setChunked(true);
        } else {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        }
    }

    /** Whether more can be said in it, between its events or items. */
    private boolean isStream(Headers headers) {
        String type = headers.first("content-type").orElse("text/event-stream");
        String encoding = headers.first("content-encoding").orElse("identity");
        return (asArray || type.toLowerCase(Locale.ROOT).contains("event-stream"))
                && encoding.equalsIgnoreCase("identity");
    }

    private void pass(Headers headers) {
        HttpServerResponse response = reply.response();
        headers.each((name, value) -> {
            if (passedOn.goesBack(name)) {
                response.headers().add(name, value);
            }
        });
    }

    @Override
    public void bytes(byte[] bytes) {
        HttpServerResponse response = reply.response();
        if (reply.isOver()) {
            return;
        }
        if (bytes.length == length) {
            only = buffer(bytes);
            return;
        }
        response.write(buffer(bytes));
        if (response.writeQueueFull() && !waiting) {
            waiting = true;
            Objects.requireNonNull(flow).pause();
            response.drainHandler(drained -> {
                waiting = false;
                Objects.requireNonNull(flow).resume();
            });
        }
    }

    /** Those very bytes, without a copy: nobody changes them. */
    private static Buffer buffer(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }

    @Override
    public void end() {
        if (reply.isOver()) {
            return;
        }
        if (only != null) {
            reply.end(only);
        } else {
            reply.response().end();
        }
    }

    @Override
    public void broken(Failure failure, boolean told) {
        if (told && !reply.isOver()) {
            // The provider's own words are the end: a client that read them reads on to it.
            reply.response().end();
        } else {
            breakOff(failure, failure.message());
        }
    }

    /** What was called last. */
    Deployment deployment() {
        return Objects.requireNonNull(deployment);
    }

    /**
     * Tells the caller that there is no answer: in the provider's words if it refused, else in
     * ours.
     *
     * @param calls made for the request
     */
    void tell(Failure failure, String words, int calls) {
        NoAnswer none = new NoAnswer(reply, failure, calls);
        if (open) {
            breakOff(failure, words);
        } else if (refused.isPresent()) {
            none.tell(refused.get());
        } else {
            none.tell(words);
        }
    }

    /** After a head went out, an error can only be said where the answer would stand. */
    void breakOff(int status, String words) {
        boolean inBand = begun ? stream : open;
        reply.breakOff(inBand ? error(status, words) : NOTHING);
    }

    private void breakOff(Failure failure, String words) {
        breakOff(ErrorBody.status(reply.format(), failure), words);
    }

    private byte[] error(int status, String words) {
        return asArray
                ? ErrorBody.item(reply.format(), status, words, !begun)
                : ErrorBody.event(reply.format(), status, words);
    }
}
