package dev.pointsman.transport;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Usage;
import dev.pointsman.wire.Codec;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Headers;
import dev.pointsman.wire.Operation;

import java.time.Duration;
import java.util.Map;

/**
 * Calls nobody: the built-in practice provider answers every request in its own format with a
 * placeholder that says so. Its token counts are the estimates the decision was made with.
 */
public final class PracticeTransport implements Transport {

    private static final String JSON = "application/json";
    private static final int OK = 200;
    private static final int NOT_IMPLEMENTED = 501;

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

    private static void answer(Exchange exchange, Receiver receiver) {
        if (exchange.operation() != Operation.ANSWER) {
            refuse(exchange, receiver);
            return;
        }
        Codec codec = exchange.format().codec();
        Usage usage = Usage.of(exchange.estimatedInput(), exchange.expectedOutput());
        Answer answer = new Answer(text(exchange), usage, Stop.END);
        String model = exchange.model().id();
        receiver.head(OK, type(exchange.stream() ? "text/event-stream" : JSON));
        receiver.bytes(
                exchange.stream()
                        ? codec.writeStream(answer, model)
                        : codec.writeAnswer(answer, model));
        receiver.end();
    }

    private static void refuse(Exchange exchange, Receiver receiver) {
        receiver.head(NOT_IMPLEMENTED, type(JSON));
        receiver.bytes(
                ErrorBody.of(
                        exchange.format(),
                        NOT_IMPLEMENTED,
                        "the practice provider only answers: set a provider's key to count or"
                                + " embed"));
        receiver.end();
    }

    private static Headers type(String contentType) {
        return Headers.of(Map.of("content-type", contentType));
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
            Practised call = new Practised(exchange, receiver);
            lane.after(Duration.ZERO, call::answer);
            return call;
        }
    }

    /** A call that is answered unless it is cancelled before. */
    private static final class Practised implements Sent {
        private final Exchange exchange;
        private final Receiver receiver;
        private boolean over;

        Practised(Exchange exchange, Receiver receiver) {
            this.exchange = exchange;
            this.receiver = receiver;
        }

        void answer() {
            if (!over) {
                PracticeTransport.answer(exchange, receiver);
            }
        }

        @Override
        public void cancel() {
            over = true;
        }

        @Override
        public void pause() {
            // the whole answer is there at once
        }

        @Override
        public void resume() {
            // the whole answer is there at once
        }
    }
}
