package dev.pointsman.transport;

import dev.pointsman.wire.Headers;
import dev.pointsman.wire.Operation;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Calls nobody: the built-in practice provider answers every request in its own format with a
 * placeholder that says so. Its token counts are the estimates the decision was made with.
 */
public final class PracticeTransport implements Transport {

    private static final String JSON = "application/json";
    private static final int OK = 200;

    private final Transport base;

    /** On a thread of its own. */
    public PracticeTransport() {
        this(new OneThread());
    }

    /**
     * On another transport's lanes, which then call nobody.
     *
     * @param base is closed with this
     */
    public PracticeTransport(Transport base) {
        this.base = base;
    }

    @Override
    public Lane lane() {
        return new PracticeLane(base.lane());
    }

    @Override
    public boolean onEventLoop() {
        return base.onEventLoop();
    }

    @Override
    public void close() {
        base.close();
    }

    private static Iterator<Step> steps(Exchange exchange) {
        return exchange.operation() == Operation.ANSWER
                ? steps(
                        OK,
                        exchange.stream() ? "text/event-stream" : JSON,
                        PracticeAnswer.bytes(exchange, text(exchange)))
                : steps(PracticeAnswer.NOT_IMPLEMENTED, JSON, PracticeAnswer.refusal(exchange));
    }

    private static Iterator<Step> steps(int status, String contentType, byte[] body) {
        return List.<Step>of(
                        new Step.Head(status, Headers.of(Map.of("content-type", contentType))),
                        new Step.Bytes(body),
                        new Step.End())
                .iterator();
    }

    private static String text(Exchange exchange) {
        return "This is a placeholder from the practice provider: no model was called, because no"
                + " provider key is set. The decision is real, the cost an estimate. For an"
                + " answer from "
                + exchange.model().ref()
                + ", "
                + exchange.provider().unavailable().orElse("set its provider's key")
                + " and run the same command again.";
    }

    private record PracticeLane(Lane lane) implements Lane {
        @Override
        public void run(Runnable action) {
            lane.run(action);
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            return lane.after(delay, action);
        }

        @Override
        public Sent send(Exchange exchange, Receiver receiver) {
            return new PlayedCall(lane, receiver, steps(exchange)).start();
        }
    }
}
