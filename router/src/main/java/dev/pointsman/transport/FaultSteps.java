package dev.pointsman.transport;

import dev.pointsman.core.Failure.Phase;
import dev.pointsman.policy.Fault;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Headers;
import dev.pointsman.wire.Operation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What each fault does with one call. */
final class FaultSteps {

    private static final int SUCCESS = 200;
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final String JSON = "application/json";
    private static final String RESET = "Connection reset";
    private static final String WORDS = "a fault that the policy has this provider play";

    /** What cannot be played without the bytes of an answer. */
    private static final Set<Fault> WITHIN_AN_ANSWER =
            EnumSet.of(
                    Fault.OK,
                    Fault.SLOW,
                    Fault.STALL,
                    Fault.CUT,
                    Fault.RESET_IN_STREAM,
                    Fault.PREAMBLE,
                    Fault.ERROR_LATER);

    private final Exchange exchange;
    private final Format format;
    private final FaultBytes bytes;

    private FaultSteps(Exchange exchange) {
        this.exchange = exchange;
        this.format = exchange.format();
        this.bytes = new FaultBytes(exchange, WORDS);
    }

    static Iterator<Step> of(Fault fault, Exchange exchange) {
        FaultSteps steps = new FaultSteps(exchange);
        boolean answers = exchange.operation() == Operation.ANSWER;
        return !answers && WITHIN_AN_ANSWER.contains(fault)
                ? steps.refusal().iterator()
                : steps.of(fault).iterator();
    }

    private Stream<Step> of(Fault fault) {
        return switch (fault) {
            case REFUSED -> Stream.of(new Step.Broken(Phase.CONNECT, "Connection refused"));
            case RESET -> Stream.of(new Step.Broken(Phase.REQUEST, RESET));
            case RESET_AFTER_HEADERS -> Stream.of(head(), reset());
            case CUT -> begun(half(), new Step.End());
            case RESET_IN_STREAM -> begun(half(), reset());
            case SERVER_ERROR -> failed(500);
            case BAD_GATEWAY -> whole(head(502, "text/html", ""), FaultBytes.page());
            case OVERLOADED -> failed(bytes.overloaded(), "1");
            case RATE_LIMITED -> failed(429, "1");
            case QUOTA -> whole(head(bytes.quotaStatus(), JSON, ""), bytes.quota());
            case AUTH -> failed(401);
            case BAD_REQUEST -> failed(400);
            case NOT_FOUND -> failed(404);
            case HANG -> Stream.of();
            case SILENT -> Stream.of(head());
            case PINGS -> pings();
            case EMPTY -> Stream.of(head(), new Step.End());
            case PREAMBLE -> begun(preamble(), new Step.End());
            case ERROR_FIRST -> begun(List.of(bytes.error()), new Step.End());
            case ERROR_LATER -> errorLater();
            case GARBAGE -> begun(List.of(bytes.garbage()), new Step.End());
            case SLOW -> slow();
            case STALL -> Stream.concat(Stream.of(head()), half().stream().map(Step.Bytes::new));
            case OK -> begun(List.of(PracticeAnswer.bytes(exchange, text())), new Step.End());
        };
    }

    private Stream<Step> failed(int status) {
        return failed(status, "");
    }

    private Stream<Step> failed(int status, String retryAfter) {
        return whole(head(status, JSON, retryAfter), ErrorBody.of(format, status, WORDS));
    }

    private Stream<Step> refusal() {
        return whole(
                head(PracticeAnswer.NOT_IMPLEMENTED, JSON, ""), PracticeAnswer.refusal(exchange));
    }

    private Stream<Step> pings() {
        Stream<Step> forever =
                Stream.iterate(0, turn -> turn + 1)
                        .flatMap(turn ->
                                Stream.of(new Step.Bytes(bytes.ping()), new Step.Wait(BETWEEN)));
        return Stream.concat(Stream.of(head()), forever);
    }

    private Stream<Step> errorLater() {
        return exchange.stream()
                ? begun(followed(half(), bytes.error()), new Step.End())
                : of(Fault.ERROR_FIRST);
    }

    private Stream<Step> slow() {
        PracticeAnswer answer = answer();
        List<Step> steps = new ArrayList<>();
        steps.add(head());
        answer.opening().forEach(event -> steps.add(new Step.Bytes(event)));
        for (byte[] piece : answer.content()) {
            steps.add(new Step.Wait(BETWEEN));
            steps.add(new Step.Bytes(piece));
        }
        answer.closing().forEach(event -> steps.add(new Step.Bytes(event)));
        steps.add(new Step.End());
        return steps.stream();
    }

    private List<byte[]> preamble() {
        List<byte[]> opening = answer().opening();
        boolean none = exchange.stream() && opening.isEmpty();
        return none ? List.of(bytes.contentless()) : opening;
    }

    private List<byte[]> half() {
        return answer().half();
    }

    private PracticeAnswer answer() {
        return PracticeAnswer.of(exchange, text());
    }

    private String text() {
        return "This is a placeholder from the practice provider: no model was called, because "
                + exchange.provider().name()
                + " is there to play faults.";
    }

    private Stream<Step> begun(List<byte[]> sent, Step last) {
        return Stream.of(Stream.of(head()), sent.stream().map(Step.Bytes::new), Stream.of(last))
                .flatMap(steps -> steps);
    }

    private static Stream<Step> whole(Step head, byte[] body) {
        return Stream.of(head, new Step.Bytes(body), new Step.End());
    }

    private static List<byte[]> followed(List<byte[]> some, byte[] last) {
        List<byte[]> more = new ArrayList<>(some);
        more.add(last);
        return more;
    }

    private static Step reset() {
        return new Step.Broken(Phase.RESPONSE, RESET);
    }

    private Step head() {
        return head(SUCCESS, exchange.stream() ? "text/event-stream" : JSON, "");
    }

    private static Step head(int status, String contentType, String retryAfter) {
        return new Step.Head(
                status,
                Headers.of(
                        retryAfter.isEmpty()
                                ? Map.of("content-type", contentType)
                                : Map.of("content-type", contentType, "retry-after", retryAfter)));
    }

    /** Bytes that no answer has, in the words of a call's format. */
    private record FaultBytes(Exchange exchange, String words) {

        static byte[] page() {
            return utf8(
                    """
                    <html>
                    <head><title>502 Bad Gateway</title></head>
                    <body><center><h1>502 Bad Gateway</h1></center></body>
                    </html>
                    """);
        }

        int overloaded() {
            return exchange.format() == Format.ANTHROPIC_MESSAGES ? 529 : 503;
        }

        int quotaStatus() {
            return exchange.format() == Format.ANTHROPIC_MESSAGES ? 402 : 429;
        }

        byte[] quota() {
            return switch (exchange.format()) {
                case ANTHROPIC_MESSAGES ->
                        ErrorBody.of(
                                exchange.format(),
                                quotaStatus(),
                                "Your credit balance is too low: " + words);
                case GEMINI ->
                        ErrorBody.of(
                                exchange.format(),
                                quotaStatus(),
                                "You exceeded your current quota: " + words);
                case OPENAI_CHAT, OPENAI_RESPONSES ->
                        utf8(
                                "{\"error\":{\"message\":\"You exceeded your current quota: "
                                        + words
                                        + "\",\"type\":\"insufficient_quota\",\"param\":null,"
                                        + "\"code\":\"insufficient_quota\"}}");
            };
        }

        byte[] error() {
            if (!exchange.stream()) {
                return ErrorBody.of(exchange.format(), overloaded(), words);
            }
            byte[] event = ErrorBody.event(exchange.format(), overloaded(), words);
            return utf8(new String(event, StandardCharsets.UTF_8).stripLeading());
        }

        byte[] ping() {
            if (!exchange.stream()) {
                return utf8("\n");
            }
            return utf8(
                    exchange.format() == Format.ANTHROPIC_MESSAGES
                            ? "event: ping\ndata: {\"type\": \"ping\"}\n\n"
                            : ": ping\n\n");
        }

        byte[] garbage() {
            return utf8(exchange.stream() ? "data: ]this is no JSON[\n\n" : "]this is no JSON[");
        }

        /** An event for a format whose streams open with content. */
        byte[] contentless() {
            return utf8(
                    "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[]},"
                            + "\"index\":0}]}\n\n");
        }

        private static byte[] utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
