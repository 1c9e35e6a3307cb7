package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Phase;
import dev.pointsman.transport.Exchange;
import dev.pointsman.transport.Transport.Receiver;
import dev.pointsman.wire.Codec;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Headers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a simulated provider says to one call, step by step, in real bytes. Without a last step that
 * ends it, it hangs.
 */
record SimAnswer(List<Step> steps) {

    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";

    /** Something said, so long after the step before. */
    record Step(Duration after, Said said) {

        boolean last() {
            return said instanceof Said.End || said instanceof Said.Failed;
        }

        void tell(Receiver receiver) {
            switch (said) {
                case Said.Head head -> receiver.head(head.status(), Headers.of(head.headers()));
                case Said.Bytes bytes -> receiver.bytes(bytes.bytes());
                case Said.End end -> receiver.end();
                case Said.Failed failed -> receiver.failed(failed.failure());
            }
        }
    }

    /** What can be said. */
    sealed interface Said {
        record Head(int status, Map<String, String> headers) implements Said {}

        record Bytes(byte[] bytes) implements Said {}

        record End() implements Said {}

        record Failed(Failure failure) implements Said {}
    }

    /** Says nothing at all. */
    static SimAnswer hangs() {
        return new SimAnswer(List.of());
    }

    /**
     * The whole answer, streamed or not as it was asked for, beginning at once.
     *
     * @param between the events of a stream
     */
    static SimAnswer answers(Exchange exchange, Duration between, Answer answer) {
        Codec codec = exchange.format().codec();
        String model = exchange.model().id();
        if (!exchange.stream()) {
            byte[] whole = codec.writeAnswer(answer, model);
            return says(Duration.ZERO, 200, Map.of("content-type", JSON), whole);
        }
        List<Step> steps = new ArrayList<>();
        Said head = new Said.Head(200, Map.of("content-type", EVENTS));
        steps.add(new Step(Duration.ZERO, head));
        for (String event : text(codec.writeStream(answer, model)).split("(?<=\n\n|\r\n\r\n)")) {
            steps.add(new Step(between, new Said.Bytes(utf8(event))));
        }
        steps.add(new Step(Duration.ZERO, new Said.End()));
        return new SimAnswer(steps);
    }

    /** The same, beginning after that time. */
    SimAnswer after(Duration time) {
        List<Step> same = new ArrayList<>(steps);
        same.set(0, new Step(time, steps.getFirst().said()));
        return new SimAnswer(same);
    }

    /** The first half of it; then the connection breaks. */
    SimAnswer brokenOff() {
        List<Step> some = new ArrayList<>(steps.subList(0, steps.size() / 2));
        some.add(failed(Duration.ZERO, new Failure.Network(Phase.RESPONSE, "reset")));
        return new SimAnswer(some);
    }

    /** The same, whose headers say that no further call will be answered for that time. */
    SimAnswer withNothingLeft(Duration reset) {
        Said.Head head = (Said.Head) steps.getFirst().said();
        Map<String, String> headers = new HashMap<>(head.headers());
        headers.put("x-ratelimit-remaining-requests", "0");
        headers.put("x-ratelimit-reset-requests", reset.toSeconds() + "s");
        List<Step> same = new ArrayList<>(steps);
        same.set(0, new Step(steps.getFirst().after(), new Said.Head(head.status(), headers)));
        return new SimAnswer(same);
    }

    /** An error of the provider's format with that status. */
    static SimAnswer fails(Exchange exchange, Duration after, int status, String words) {
        byte[] body = ErrorBody.of(exchange.format(), status, words);
        return says(after, status, Map.of("content-type", JSON), body);
    }

    /** The same, with the time to stay away in its headers. */
    static SimAnswer limits(Exchange exchange, Duration after, int status, Duration stayAway) {
        String seconds = Long.toString(stayAway.toSeconds());
        return says(
                after,
                status,
                Map.of("content-type", JSON, "retry-after", seconds),
                ErrorBody.of(exchange.format(), status, "slow down"));
    }

    /** The connection fails, in that phase. */
    static SimAnswer failed(Phase phase, Duration after) {
        return new SimAnswer(List.of(failed(after, new Failure.Network(phase, "simulated"))));
    }

    /** No connection comes about within the time for it. */
    static SimAnswer connectsNever(Exchange exchange) {
        Duration limit = exchange.connectTimeout();
        return new SimAnswer(
                List.of(failed(limit, new Failure.Timeout(Failure.Clock.CONNECT, limit))));
    }

    /** Status 200 and an error in the place of the first event, or of the answer. */
    static SimAnswer errorFirst(Exchange exchange, Duration after) {
        String words = "overloaded";
        byte[] body =
                exchange.stream()
                        ? ErrorBody.event(exchange.format(), 529, words)
                        : ErrorBody.of(exchange.format(), 529, words);
        return says(after, 200, Map.of("content-type", exchange.stream() ? EVENTS : JSON), body);
    }

    /** Status 200 and nothing. */
    static SimAnswer empty(Exchange exchange, Duration after) {
        String type = exchange.stream() ? EVENTS : JSON;
        return says(after, 200, Map.of("content-type", type), new byte[0]);
    }

    /** Status 200 and a web page. */
    static SimAnswer garbage(Duration after) {
        byte[] page = utf8("<html><h1>It works!</h1></html>");
        return says(after, 200, Map.of("content-type", "text/html"), page);
    }

    private static SimAnswer says(
            Duration after, int status, Map<String, String> headers, byte[] body) {
        return new SimAnswer(
                List.of(
                        new Step(after, new Said.Head(status, headers)),
                        new Step(Duration.ZERO, new Said.Bytes(body)),
                        new Step(Duration.ZERO, new Said.End())));
    }

    private static Step failed(Duration after, Failure failure) {
        return new Step(after, new Said.Failed(failure));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
