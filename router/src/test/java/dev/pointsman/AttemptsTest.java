package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Money;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Reaction;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What becomes of attempts that fail, streaming and not, with every format as the first provider.
 */
class AttemptsTest {

    private static final List<String> FIRST =
            List.of("anthropic/claude-opus-4-6", "openai/gpt-5.5", "google/gemini-2.5-pro");
    private static final String SECOND = "anthropic/claude-haiku-4-5";

    private final FakeProvider provider = FakeProvider.start();
    private final List<Entry> recorded = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        provider.close();
    }

    static Stream<Arguments> failuresThatFallBack() {
        List<Arguments> cases = new ArrayList<>();
        for (String first : FIRST) {
            for (boolean stream : new boolean[] {false, true}) {
                cases.add(
                        Arguments.of(first, stream, Reaction.fails(529), Failure.Overloaded.class));
                cases.add(
                        Arguments.of(first, stream, Reaction.fails(503), Failure.Overloaded.class));
                cases.add(
                        Arguments.of(
                                first, stream, Reaction.fails(500), Failure.ServerError.class));
                cases.add(
                        Arguments.of(
                                first, stream, Reaction.fails(429), Failure.RateLimited.class));
                cases.add(
                        Arguments.of(
                                first,
                                stream,
                                Reaction.fails(502, "<html>secret page</html>", Map.of()),
                                Failure.ServerError.class));
                cases.add(
                        Arguments.of(
                                first,
                                stream,
                                Reaction.fails(302, "", Map.of("location", "http://127.0.0.1:1/")),
                                Failure.Protocol.class));
                cases.add(
                        Arguments.of(first, stream, new Reaction.Resets(), Failure.Network.class));
                cases.add(
                        Arguments.of(
                                first,
                                false,
                                new Reaction.Says("text/html", "<html>secret page</html>"),
                                Failure.Protocol.class));
                cases.add(Arguments.of(first, true, new Reaction.ErrorEventFirst(), Failure.class));
                cases.add(
                        Arguments.of(
                                first,
                                true,
                                new Reaction.BreaksOff(0, false),
                                Failure.Truncated.class));
                cases.add(
                        Arguments.of(
                                first,
                                true,
                                new Reaction.BreaksOff(0, true),
                                Failure.Network.class));
                cases.add(
                        Arguments.of(
                                first,
                                true,
                                new Reaction.Says("text/event-stream", "data: {not json\\n\\n"),
                                Failure.class));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("failuresThatFallBack")
    void failure_ofTheProvider_fallsBackUnseen(
            String first, boolean stream, Reaction reaction, Class<? extends Failure> kind) {
        provider.script(first.substring(first.indexOf('/') + 1), reaction);
        provider.script(
                "claude-haiku-4-5",
                Reaction.answers("the answer \uD83D\uDE80").tokens(30, 7, 0, 0));
        try (Router router = router(TestPolicies.of(provider, first, SECOND).build())) {
            StringBuilder pieces = new StringBuilder();
            Reply reply =
                    stream
                            ? router.streamAsync(Task.of("hello"), pieces::append).join()
                            : router.route(Task.of("hello"));

            assertThat(reply.content()).isEqualTo("the answer \uD83D\uDE80");
            assertThat(reply.model()).isEqualTo(SECOND);
            assertThat(reply.usage()).isEqualTo(Usage.of(30, 7));
            assertThat(reply.attempts()).hasSize(2);
            assertThat(reply.attempts().getFirst().failure()).containsInstanceOf(kind);
            assertThat(reply.attempts().getFirst().failure().orElseThrow().message())
                    .doesNotContain("secret");
            assertThat(reply.attempts().getFirst().cost().total()).isEqualTo(Money.ZERO);
            assertThat(pieces.toString()).isEqualTo(stream ? reply.content() : "");
        }
    }

    @ParameterizedTest
    @MethodSource("firstModels")
    void provider_thatHangs_fallsBackAtTheFirstContentClock(String first) {
        provider.script(first.substring(first.indexOf('/') + 1), new Reaction.Hangs());
        Duration clock = Duration.ofSeconds(2);
        Policy policy =
                TestPolicies.of(provider, first, SECOND)
                        .attempts(
                                new AttemptLimits(
                                        3,
                                        TestPolicies.PATIENT.connect(),
                                        clock,
                                        TestPolicies.PATIENT.idle(),
                                        TestPolicies.PATIENT.total()))
                        .build();
        try (Router router = router(policy)) {
            CompletableFuture<Reply> streamed = router.streamAsync(Task.of("hello"), piece -> {});
            for (Reply reply : List.of(router.route("hello"), streamed.join())) {
                assertThat(reply.model()).isEqualTo(SECOND);
                assertThat(reply.attempts().getFirst().failure())
                        .contains(new Failure.Timeout(Failure.Clock.FIRST_CONTENT, clock));
            }
        }
    }

    static List<String> firstModels() {
        return FIRST;
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 422})
    void failure_ofTheRequest_isToldAndNotTriedElsewhere(int status) {
        provider.script("claude-opus-4-6", Reaction.fails(status));
        try (Router router =
                router(TestPolicies.of(provider, "anthropic/claude-opus-4-6", SECOND).build())) {
            assertThatThrownBy(() -> router.route("hello"))
                    .isInstanceOf(RouteException.class)
                    .hasMessageContaining("HTTP " + status)
                    .hasMessageContaining("scripted");
            assertThat(provider.requests()).hasSize(1);
            assertThat(recorded)
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.answer()).isEmpty());
        }
    }

    @Test
    void provider_refusingConnections_fallsBack() throws IOException {
        int closedPort;
        try (ServerSocket closed = new ServerSocket(0)) {
            closedPort = closed.getLocalPort();
        }
        Policy policy =
                TestPolicies.of(provider, "down/model", SECOND)
                        .provider(
                                Provider.of(
                                        "down",
                                        Format.OPENAI_CHAT,
                                        "http://127.0.0.1:" + closedPort))
                        .build();
        try (Router router = router(policy)) {
            Reply reply = router.route("hello");

            assertThat(reply.model()).isEqualTo(SECOND);
            assertThat(reply.attempts().getFirst().failure())
                    .containsInstanceOf(Failure.Network.class)
                    .get()
                    .extracting(failure -> ((Failure.Network) failure).phase())
                    .isEqualTo(Failure.Phase.CONNECT);
        }
    }

    @Test
    void attempts_allFailing_areToldInOrderAndEndAtTheBudget() {
        provider.script("claude-opus-4-6", Reaction.fails(529));
        provider.script("gpt-5.5", Reaction.fails(429));
        provider.script("gemini-2.5-pro", Reaction.fails(500));
        Policy policy =
                TestPolicies.of(provider, FIRST.get(0), FIRST.get(1), FIRST.get(2), SECOND).build();
        try (Router router = router(policy)) {
            assertThatThrownBy(() -> router.route("hello"))
                    .isInstanceOfSatisfying(
                            RouteException.class,
                            failure ->
                                    assertThat(failure.attempts())
                                            .extracting(attempt ->
                                                    attempt.failure().orElseThrow().kind())
                                            .containsExactly(
                                                    "overloaded", "rate_limited", "server_error"));
            assertThat(provider.requests(SECOND)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stream_brokenAfterContent_isTruncatedNotTriedAgainAndNotPassedOffAsWhole(boolean reset) {
        provider.script("claude-opus-4-6", new Reaction.BreaksOff(5, reset));
        try (Router router =
                router(TestPolicies.of(provider, "anthropic/claude-opus-4-6", SECOND).build())) {
            StringBuilder pieces = new StringBuilder();
            assertThatThrownBy(
                            () -> {
                                try (ReplyStream stream = router.stream(Task.of("hello"))) {
                                    stream.forEach(pieces::append);
                                }
                            })
                    .isInstanceOfSatisfying(
                            RouteException.class,
                            failure -> {
                                Attempt only = failure.attempts().getFirst();
                                assertThat(failure.attempts()).hasSize(1);
                                assertThat(only.failure().orElseThrow())
                                        .isInstanceOfAny(
                                                Failure.Truncated.class, Failure.Network.class);
                                assertThat(only.usage().totalInput()).isPositive();
                                assertThat(only.cost().total().nanos()).isPositive();
                            });
            assertThat(pieces.toString()).isNotEmpty();
            assertThat(provider.requests(SECOND.substring(10))).isEmpty();
        }
    }

    @Test
    void stream_fallingSilentAfterContent_endsAtTheIdleClock() {
        provider.script("claude-opus-4-6", new Reaction.FallsSilent(5));
        Duration clock = Duration.ofMillis(500);
        Policy policy =
                TestPolicies.of(provider, "anthropic/claude-opus-4-6", SECOND)
                        .attempts(
                                new AttemptLimits(
                                        3,
                                        TestPolicies.PATIENT.connect(),
                                        TestPolicies.PATIENT.firstContent(),
                                        clock,
                                        TestPolicies.PATIENT.total()))
                        .build();
        try (Router router = router(policy)) {
            assertThatThrownBy(() -> router.stream(Task.of("hello")).reply())
                    .isInstanceOfSatisfying(
                            RouteException.class,
                            failure ->
                                    assertThat(failure.failure().orElseThrow())
                                            .isEqualTo(
                                                    new Failure.Timeout(
                                                            Failure.Clock.IDLE, clock)));
        }
    }

    @Test
    void stream_tokens_comeAsTheyAreMade() throws Exception {
        provider.script(
                "claude-opus-4-6",
                Reaction.answers("one two three four five").every(Duration.ofMillis(60)));
        try (Router router =
                router(TestPolicies.of(provider, "anthropic/claude-opus-4-6").build())) {
            CompletableFuture<String> first = new CompletableFuture<>();
            CompletableFuture<Reply> reply = router.streamAsync(Task.of("hello"), first::complete);

            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("one two");
            assertThat(reply).isNotDone();
            Reply whole = reply.get(20, TimeUnit.SECONDS);
            assertThat(whole.content()).isEqualTo("one two three four five");
            assertThat(whole.attempts().getFirst().firstContent().orElseThrow())
                    .isLessThan(whole.latency());
        }
    }

    @Test
    void stream_closedByTheCaller_stopsTheProviderAndIsRecorded() throws Exception {
        provider.script("claude-opus-4-6", new Reaction.FallsSilent(5));
        try (Router router =
                router(TestPolicies.of(provider, "anthropic/claude-opus-4-6").build())) {
            try (ReplyStream stream = router.stream(Task.of("hello"))) {
                assertThat(stream.iterator().next()).isEqualTo("one two");
            }
            assertThat(provider.awaitAbandoned(Duration.ofSeconds(20))).isTrue();
            Attempt stopped = awaitRecorded().attempts().getFirst();
            assertThat(stopped.failure().orElseThrow().message()).contains("cancelled");
            assertThat(stopped.cost().total().nanos()).isPositive();
        }
    }

    @Test
    void future_cancelled_stopsTheProvider() throws Exception {
        provider.script("claude-opus-4-6", new Reaction.Hangs());
        try (Router router =
                router(TestPolicies.of(provider, "anthropic/claude-opus-4-6").build())) {
            CompletableFuture<Reply> reply = router.routeAsync("hello");
            while (provider.requests().isEmpty()) {
                Thread.onSpinWait();
            }
            reply.cancel(true);
            assertThat(provider.awaitAbandoned(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void sink_thatThrows_stopsTheProviderAndFailsTheFuture() throws Exception {
        provider.script(
                "claude-opus-4-6", Reaction.answers("one two three").every(Duration.ofMillis(100)));
        try (Router router =
                router(TestPolicies.of(provider, "anthropic/claude-opus-4-6").build())) {
            CompletableFuture<Reply> reply =
                    router.streamAsync(
                            Task.of("hello"),
                            piece -> {
                                throw new IllegalStateException("the sink is full");
                            });
            assertThatThrownBy(reply::join).hasRootCauseMessage("the sink is full");
            assertThat(provider.awaitAbandoned(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void usage_withCache_isCountedOnceInEveryFormat() {
        for (String model : FIRST) {
            provider.script(
                    model.substring(model.indexOf('/') + 1),
                    Reaction.answers("x").tokens(100, 20, 50, 0));
        }
        for (String model : FIRST) {
            try (Router router = router(TestPolicies.of(provider, model).build())) {
                Usage expected = Usage.of(100, 20).withCache(50, 0);
                assertThat(router.route("hello").usage()).as(model).isEqualTo(expected);
                assertThat(router.stream("hello").reply().usage())
                        .as(model + " streamed")
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void case36_credentials_ofEachFormat_goIntoTheirHeaderAndNowhereElse() {
        for (String model : FIRST) {
            try (Router router = router(TestPolicies.of(provider, model).build())) {
                router.route("hello");
            }
        }
        assertThat(provider.requests())
                .extracting(request -> request.header("x-api-key").orElse("-"))
                .containsExactly("sk-ant-test", "-", "-");
        assertThat(provider.requests())
                .extracting(request -> request.header("authorization").orElse("-"))
                .containsExactly("-", "Bearer sk-test", "-");
        assertThat(provider.requests())
                .extracting(request -> request.header("x-goog-api-key").orElse("-"))
                .containsExactly("-", "-", "AIza-test");
        assertThat(provider.requests())
                .allSatisfy(request -> assertThat(request.path()).doesNotContain("AIza"));
    }

    @Test
    void schema_thatIsNoJson_isRefusedBeforeAnyCall() {
        try (Router router = router(TestPolicies.of(provider, SECOND).build())) {
            assertThatThrownBy(() -> router.route(Task.of("hello").responseSchema("not json")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("response schema");
            assertThat(provider.requests()).isEmpty();
        }
    }

    @Test
    void route_onAnEventLoop_isRefused() {
        try (Router router = router(TestPolicies.of(provider, SECOND).build())) {
            CompletableFuture<Reply> nested =
                    router.streamAsync(Task.of("hello"), piece -> router.route("again"));
            assertThatThrownBy(nested::join)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("event loop");
        }
    }

    @Test
    void router_usedByManyThreads_answersEachItsOwn() {
        provider.script(
                "claude-haiku-4-5",
                Reaction.answersWith(request -> request.body().at("/messages/0/content").asText()));
        try (Router router = router(TestPolicies.of(provider, SECOND).build())) {
            List<CompletableFuture<Reply>> replies =
                    Stream.iterate(0, i -> i + 1)
                            .limit(300)
                            .map(i -> router.routeAsync("task " + i))
                            .toList();
            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).join().content()).isEqualTo("task " + i);
            }
            assertThat(recorded).hasSize(300);
            assertThat(recorded).extracting(entry -> entry.decision().id()).doesNotHaveDuplicates();
        }
    }

    @Test
    void router_closed_refusesFurtherCalls() {
        Router router = router(TestPolicies.of(provider, SECOND).build());
        router.route("hello");
        router.close();
        assertThatThrownBy(() -> router.route("hello")).hasMessageContaining("closed");
    }

    private Entry awaitRecorded() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (recorded.isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return recorded.getFirst();
    }

    private Router router(Policy policy) {
        return Router.builder().policy(policy).recorder(recorded::add).build();
    }
}
