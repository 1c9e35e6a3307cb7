package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.BreakerSettings;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** One of two providers fails in ten ways in turn; the other one's answers reach the callers. */
class TenFailuresTest {

    private static final int CALLERS = 24;
    private static final String GOOD = "good/steady";
    private static final Duration FIRST_CONTENT = Duration.ofSeconds(1);
    private static final BreakerSettings NEVER_OPEN =
            new BreakerSettings(
                    1_000_000,
                    1,
                    1_000_000,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5));

    private final FakeProvider failing = FakeProvider.start();
    private final FakeProvider good = FakeProvider.start();

    /** How a provider fails. */
    private enum Way {
        REFUSED,
        RESET_BEFORE_HEADERS,
        RESET_AFTER_HEADERS,
        STATUS_500,
        STATUS_529,
        STATUS_429,
        HANG,
        EMPTY,
        ERROR_FIRST,
        GARBAGE;

        String category() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        String model() {
            return (this == REFUSED ? "closed/" : "failing/") + category();
        }

        Reaction reaction(ProviderRequest request) {
            boolean stream = request.streams();
            String type = stream ? "text/event-stream" : "application/json";
            return switch (this) {
                case REFUSED, RESET_BEFORE_HEADERS -> new Reaction.Resets();
                case RESET_AFTER_HEADERS ->
                        new Reaction.Streams(
                                200,
                                type,
                                Map.of(),
                                List.of(new Reaction.Chunk(new byte[0], Duration.ofMillis(3))),
                                Reaction.Ending.RESET);
                case STATUS_500 -> Reaction.fails(500);
                case STATUS_529 -> Reaction.fails(529);
                case STATUS_429 -> Reaction.fails(429);
                case HANG -> new Reaction.Hangs();
                case EMPTY -> new Reaction.Says(type, "");
                case ERROR_FIRST ->
                        stream
                                ? new Reaction.ErrorEventFirst()
                                : new Reaction.Says(type, "{\"error\":{\"message\":\"no\"}}");
                case GARBAGE -> new Reaction.Says(type, "data: {not json\n\n<html>");
            };
        }
    }

    /**
     * What came of some requests: times in ms, and the first answers that were not the right one.
     */
    private record Outcome(List<Long> millis, List<String> wrong) {

        long p99() {
            long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[(int) (0.99 * sorted.length)];
        }

        long longest() {
            return LongStream.concat(LongStream.of(0), millis.stream().mapToLong(each -> each))
                    .max()
                    .orElseThrow();
        }
    }

    @AfterEach
    void close() {
        failing.close();
        good.close();
    }

    @Test
    void failures_inTenWays_tenThousandRequests_areAllAnsweredRightWithinTheClock()
            throws Exception {
        try (Gateway gateway = gateway(AttemptRules.DEFAULT)) {
            Outcome outcome = ask(gateway.port(), 500);

            System.out.printf(
                    "ten ways to fail: %d requests, p99 %d ms, longest %d ms, first-content clock"
                            + " %d ms%n",
                    outcome.millis().size(),
                    outcome.p99(),
                    outcome.longest(),
                    FIRST_CONTENT.toMillis());
            assertThat(outcome.wrong()).isEmpty();
            assertThat(outcome.millis()).hasSize(10_000);
            assertThat(outcome.p99()).isLessThan(FIRST_CONTENT.toMillis());
        }
    }

    @Test
    void failures_inTenWays_seenByEveryRequest_areAllAnsweredRight() throws Exception {
        AttemptRules alwaysTried = AttemptRules.DEFAULT.breaker(NEVER_OPEN);
        try (Gateway gateway = gateway(alwaysTried)) {
            Outcome outcome = ask(gateway.port(), 40);

            assertThat(outcome.wrong()).isEmpty();
            assertThat(outcome.millis()).hasSize(800);
            assertThat(failing.requests()).hasSize(9 * 80);
            assertThat(good.requests()).hasSize(800 + 2);
        }
    }

    private Gateway gateway(AttemptRules rules) {
        Policy.Builder policy =
                Policy.builtIn().toBuilder()
                        .provider(Provider.of("closed", Format.OPENAI_CHAT, closedPort()))
                        .provider(Provider.of("failing", Format.OPENAI_CHAT, failing.url() + "/v1"))
                        .provider(Provider.of("good", Format.OPENAI_CHAT, good.url() + "/v1"))
                        .clearCategories()
                        .attempts(
                                new AttemptLimits(
                                        3,
                                        Duration.ofSeconds(5),
                                        FIRST_CONTENT,
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(30)))
                        .attemptRules(rules);
        for (Way way : Way.values()) {
            policy.category(Category.of(way.category(), "fails so", way.model(), GOOD));
            failing.script(way.category(), new Reaction.Depends(way::reaction));
        }
        good.script("steady", Reaction.answersWith(request -> text(question(request))));
        return Gateway.start(
                policy.defaultCategory(Way.REFUSED.category()).build(), GatewayOptions.local());
    }

    private static String closedPort() {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + port.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String question(ProviderRequest request) {
        return request.body().at("/messages/0/content").asText();
    }

    /** A stream gives it in pieces of seven characters, so that none cuts the number. */
    private static String text(String question) {
        return "answer " + question;
    }

    /** Each way so often with a stream and so often without, way by way. */
    private Outcome ask(int port, int times) throws Exception {
        Outcome outcome =
                new Outcome(
                        Collections.synchronizedList(new ArrayList<>()),
                        Collections.synchronizedList(new ArrayList<>()));
        String whole = right(false);
        String streamed = right(true);
        AtomicInteger next = new AtomicInteger();
        int all = Way.values().length * 2 * times;
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> done = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                done.add(
                        callers.submit(() -> {
                            try (Raw raw = Raw.to(port)) {
                                for (int i = next.getAndIncrement();
                                        i < all;
                                        i = next.getAndIncrement()) {
                                    boolean stream = i % 2 == 0;
                                    ask(raw, outcome, i, times, stream ? streamed : whole);
                                }
                            }
                            return null;
                        }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        return outcome;
    }

    private static void ask(Raw raw, Outcome outcome, int number, int times, String expected)
            throws IOException {
        Way way = Way.values()[number / (2 * times)];
        String question = "%07d".formatted(number);
        long begun = System.nanoTime();
        Raw.Answer answer =
                raw.send(request("auto/" + way.category(), question, number % 2 == 0)).read();
        outcome.millis().add((System.nanoTime() - begun) / 1_000_000);
        boolean right =
                answer.status() == 200
                        && answer.text().equals(expected.replace("0000000", question));
        if (!right && outcome.wrong().size() < 10) {
            outcome.wrong().add(way + ": " + answer.status() + " " + answer.text());
        }
    }

    private static byte[] request(String model, String question, boolean stream) {
        String more = stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "";
        String body =
                """
                {"model":"%s","messages":[{"role":"user","content":"%s"}]%s}\
                """
                        .formatted(model, question, more);
        return Raw.request(
                "POST /v1/chat/completions", Raw.utf8(body), "content-type: application/json");
    }

    /** The good provider's own bytes. */
    private String right(boolean stream) throws IOException {
        int port = Integer.parseInt(good.url().replaceFirst(".*:", ""));
        try (Raw raw = Raw.to(port)) {
            return raw.send(request("steady", "0000000", stream)).read().text();
        }
    }
}
