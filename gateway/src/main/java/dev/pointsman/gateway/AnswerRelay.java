package dev.pointsman.gateway;

import dev.pointsman.call.Relay;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Setting;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Headers;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Hands an answer to the caller as it comes, no faster than the caller takes it. */
final class AnswerRelay implements Relay {

    /** A provider may say that it wants to be left alone for longer; SDKs obey to the letter. */
    private static final long LONGEST_RETRY_SECONDS = 120;

    private static final int MILLIS = 1_000;

    /** A provider's refusal. */
    record Refused(int status, Headers headers, byte[] body) {}

    private final Reply reply;
    private final PassedOn passedOn;
    private @Nullable Decision decision;
    private @Nullable Deployment deployment;
    private Optional<Refused> refused = Optional.empty();
    private List<String> leftOut = List.of();
    private int attempt;
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

    void decided(Decision made) {
        decision = made;
    }

    boolean begun() {
        return begun;
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
        if (reply.isOver()) {
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

    /** Whether an event can be said in it. */
    private static boolean isStream(Headers headers) {
        String type = headers.first("content-type").orElse("text/event-stream");
        String encoding = headers.first("content-encoding").orElse("identity");
        return type.toLowerCase(Locale.ROOT).contains("event-stream")
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
    public void broken(Failure failure) {
        reply.broken(ErrorBody.status(reply.format(), failure), failure.message(), stream);
    }

    /** What was called last. */
    Deployment deployment() {
        return Objects.requireNonNull(deployment);
    }

    /**
     * Tells the caller that there is no answer: in the provider's words if it refused, else in
     * ours.
     */
    void tell(Failure failure, String words) {
        if (refused.isPresent()) {
            passRefused(refused.get(), failure);
        } else {
            reply.error(ErrorBody.status(reply.format(), failure), words);
        }
    }

    /** The provider's own words where they are fit for the caller, else ours. */
    private void passRefused(Refused last, Failure failure) {
        String key = key();
        boolean echoed =
                !key.isEmpty() && new String(last.body(), StandardCharsets.UTF_8).contains(key);
        boolean fit =
                last.status() >= 400 && !echoed && ErrorBody.isFit(reply.format(), last.body());
        retryHeaders(last.headers());
        if (fit) {
            last.headers().first("request-id").ifPresent(id -> set("request-id", id));
            last.headers().first("x-request-id").ifPresent(id -> set("x-request-id", id));
            last.headers().first("x-should-retry").ifPresent(say -> set("x-should-retry", say));
            reply.json(last.status(), last.body());
        } else {
            String message = echoed ? failure.message().replace(key, "***") : failure.message();
            reply.error(ErrorBody.status(reply.format(), failure), message);
        }
    }

    /** The provider's key, which need not look like one; empty if there is none. */
    private String key() {
        return deployment()
                .provider()
                .apiKey()
                .flatMap(Setting::value)
                .map(Secret::reveal)
                .orElse("");
    }

    private void retryHeaders(Headers headers) {
        headers.first("retry-after")
                .ifPresent(said -> set("retry-after", clamped(said, LONGEST_RETRY_SECONDS)));
        headers.first("retry-after-ms")
                .ifPresent(said ->
                        set("retry-after-ms", clamped(said, LONGEST_RETRY_SECONDS * MILLIS)));
        headers.each((name, value) -> {
            if (name.toLowerCase(Locale.ROOT).contains("ratelimit")) {
                set(name, value);
            }
        });
    }

    private static String clamped(String said, long most) {
        try {
            return Double.parseDouble(said) > most ? Long.toString(most) : said;
        } catch (NumberFormatException e) {
            return isLaterThan(said, most) ? Long.toString(most) : said;
        }
    }

    private static boolean isLaterThan(String date, long seconds) {
        try {
            return Instant.now()
                    .plusSeconds(seconds)
                    .isBefore(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void set(String name, String value) {
        reply.response().putHeader(name, value);
    }
}
