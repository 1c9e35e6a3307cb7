package dev.pointsman.gateway;

import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Exhausted;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Rejection.Reason;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Format;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes to one caller, in the caller's format. Confined to the request's event loop. */
final class Reply {

    private static final String JSON = "application/json";
    private static final String DROPPED = "x-pointsman-dropped";
    private static final int LONGEST_HEADER = 200;
    private static final int LONGEST_LIST = 2_000;

    private static final CharSequence DECISION =
            HttpHeaders.createOptimized("x-pointsman-decision");
    private static final CharSequence CATEGORY = HttpHeaders.createOptimized(Said.CATEGORY);
    private static final CharSequence MODEL = HttpHeaders.createOptimized("x-pointsman-model");
    private static final CharSequence SESSION = HttpHeaders.createOptimized(SessionKeys.OWN);
    private static final CharSequence ATTEMPTS =
            HttpHeaders.createOptimized("x-pointsman-attempts");
    private static final CharSequence BUDGET = HttpHeaders.createOptimized("x-pointsman-budget");
    private static final CharSequence COST = HttpHeaders.createOptimized("x-pointsman-cost");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence SHOULD_RETRY = HttpHeaders.createOptimized("x-should-retry");
    private static final CharSequence ANTHROPIC_ID = HttpHeaders.createOptimized("request-id");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Format format;

    Reply(HttpServerRequest request, Format format) {
        this.request = request;
        this.response = request.response();
        this.format = format;
    }

    Format format() {
        return format;
    }

    HttpServerResponse response() {
        return response;
    }

    boolean isOver() {
        return response.ended() || response.closed();
    }

    /** What became of the request, for every answer that had a decision. */
    void decided(Decision decision, String model, int attempts, Optional<Money> cost) {
        head(decision);
        if (!model.isEmpty()) {
            response.putHeader(MODEL, printable(model, LONGEST_HEADER));
        }
        decision.session().ifPresent(step -> response.putHeader(SESSION, step.label()));
        response.putHeader(ATTEMPTS, Integer.toString(attempts));
        cost.filter(Money::isKnown)
                .ifPresent(known -> response.putHeader(COST, known.usd().toPlainString()));
    }

    /** The head of a stream of which nothing is known yet, but that it will come. */
    void opens(Decision decision, String contentType) {
        head(decision);
        response.putHeader(HttpHeaders.CONTENT_TYPE, contentType).setChunked(true);
    }

    private void head(Decision decision) {
        response.putHeader(DECISION, decision.id());
        response.putHeader(CATEGORY, printable(decision.category(), LONGEST_HEADER));
        if (!decision.exhausted().isEmpty()) {
            response.putHeader(BUDGET, printable(spent(decision.exhausted()), LONGEST_LIST));
        }
        requestId(decision.id());
    }

    /** For example {@code key:ci limit=50usd/month soft renews=2026-12-01T00:00:00Z}. */
    private static String spent(List<Exhausted> budgets) {
        return budgets.stream()
                .map(one ->
                        one.account()
                                + " limit="
                                + one.limit()
                                + (one.hard() ? " hard" : " soft")
                                + one.renews().map(at -> " renews=" + at).orElse(""))
                .collect(Collectors.joining(", "));
    }

    /** What of the request the model was not told. */
    void leftOut(List<String> fields) {
        response.putHeader(DROPPED, printable(String.join(",", fields), LONGEST_LIST));
    }

    /** The format's own header for that, unless the provider has set it. */
    private void requestId(String id) {
        CharSequence name = format == Format.ANTHROPIC_MESSAGES ? ANTHROPIC_ID : REQUEST_ID;
        if (!response.headers().contains(name)) {
            response.putHeader(name, id);
        }
    }

    /** The whole body of an answer to a POST, with its length among the headers. */
    void end(Buffer whole) {
        WholeAnswers.expect(((ConnectionBase) request.connection()).channel());
        response.end(whole);
    }

    void json(int status, byte[] body) {
        if (!isOver()) {
            response.setStatusCode(status).putHeader("content-type", JSON);
            response.end(Buffer.buffer(body));
        }
    }

    void error(int status, String message) {
        json(status, ErrorBody.of(format, status, message));
    }

    void refused(Refusal refusal, String requestId) {
        if (!isOver()) {
            requestId(requestId);
            refusal.headers().forEach(response::putHeader);
            if (!refusal.isWorthRepeating()) {
                neverAgain();
            }
            error(refusal.status(), refusal.words());
        }
    }

    /** No model was asked, since none could be, or since a budget is spent. */
    void unasked(Entry entry) {
        neverAgain();
        List<Rejection> rejections = entry.decision().rejections();
        if (rejections.stream().allMatch(one -> one.reason() == Reason.BUDGET_SPENT)) {
            json(ErrorBody.spentStatus(format), ErrorBody.spent(format, entry.noAnswer()));
            return;
        }
        boolean keys = rejections.stream().allMatch(one -> one.reason() == Reason.NO_KEY);
        error(keys ? 503 : 400, entry.noAnswer());
    }

    /** Tells clients that repeat a request by themselves that it can bring nothing. */
    void neverAgain() {
        response.putHeader(SHOULD_RETRY, "false");
    }

    /** The connection ends without an end of the answer, after these last bytes of it. */
    void breakOff(byte[] last) {
        if (isOver()) {
            return;
        }
        if (last.length > 0) {
            response.write(Buffer.buffer(last)).onComplete(written -> response.reset());
        } else {
            response.reset();
        }
    }

    /** A header's value never holds what could end its line. */
    private static String printable(String text, int longest) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), longest));
        for (int i = 0; i < text.length() && i < longest; i++) {
            char c = text.charAt(i);
            clean.append(c >= ' ' && c < 0x7F ? c : '?');
        }
        return clean.toString();
    }
}
