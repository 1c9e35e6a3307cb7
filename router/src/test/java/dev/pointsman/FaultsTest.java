package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Money;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Task;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.ClassifySettings;
import dev.pointsman.policy.Fault;
import dev.pointsman.policy.Faults;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Reaction;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Providers that play faults, as the library meets them. */
class FaultsTest {

    private static final String PLACEHOLDER = "This is a placeholder from the practice provider";

    /** What a call is expected to come to, streaming and not. */
    private record Outcome(String streamed, String whole) {
        static Outcome both(String kind) {
            return new Outcome(kind, kind);
        }
    }

    /** A kind of failure, with the phase or clock where there is one; empty for an answer. */
    private static final Map<Fault, Outcome> EXPECTED = new EnumMap<>(Fault.class);

    static {
        EXPECTED.put(Fault.REFUSED, Outcome.both("network CONNECT"));
        EXPECTED.put(Fault.RESET, Outcome.both("network REQUEST"));
        EXPECTED.put(Fault.RESET_AFTER_HEADERS, Outcome.both("network RESPONSE"));
        EXPECTED.put(Fault.CUT, new Outcome("truncated", "protocol"));
        EXPECTED.put(Fault.RESET_IN_STREAM, Outcome.both("network RESPONSE"));
        EXPECTED.put(Fault.SERVER_ERROR, Outcome.both("server_error"));
        EXPECTED.put(Fault.BAD_GATEWAY, Outcome.both("server_error"));
        EXPECTED.put(Fault.OVERLOADED, Outcome.both("overloaded"));
        EXPECTED.put(Fault.RATE_LIMITED, Outcome.both("rate_limited"));
        EXPECTED.put(Fault.QUOTA, Outcome.both("quota_exhausted"));
        EXPECTED.put(Fault.AUTH, Outcome.both("auth"));
        EXPECTED.put(Fault.BAD_REQUEST, Outcome.both("bad_request"));
        EXPECTED.put(Fault.NOT_FOUND, Outcome.both("not_found"));
        EXPECTED.put(Fault.HANG, Outcome.both("timeout FIRST_CONTENT"));
        EXPECTED.put(Fault.SILENT, Outcome.both("timeout FIRST_CONTENT"));
        EXPECTED.put(Fault.PINGS, Outcome.both("timeout FIRST_CONTENT"));
        EXPECTED.put(Fault.EMPTY, new Outcome("truncated", "protocol"));
        EXPECTED.put(Fault.PREAMBLE, new Outcome("truncated", "protocol"));
        EXPECTED.put(
                Fault.ERROR_FIRST,
                new Outcome("overloaded|server_error", "overloaded|server_error|protocol"));
        EXPECTED.put(Fault.ERROR_LATER, EXPECTED.get(Fault.ERROR_FIRST));
        EXPECTED.put(Fault.GARBAGE, Outcome.both("protocol"));
        EXPECTED.put(Fault.SLOW, Outcome.both(""));
        EXPECTED.put(Fault.STALL, Outcome.both("timeout IDLE"));
        EXPECTED.put(Fault.OK, Outcome.both(""));
    }

    private final List<Entry> recorded = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void everyEntry_isPracticeUnlessSomebodyWasCalled() {
        recorded.forEach(entry -> {
            boolean called =
                    entry.attempts().stream()
                            .anyMatch(attempt -> !attempt.model().provider().startsWith("chaos"));
            assertThat(entry.practice()).isEqualTo(!called);
        });
    }

    /** All at once: some take until a clock rings. */
    @Test
    void fault_thatTheModelNames_comesToItsFailure() {
        Map<Called, CompletableFuture<String>> outcomes = new LinkedHashMap<>();
        try (Router router = router(everyFormat())) {
            for (Format format : Format.values()) {
                for (Fault fault : Fault.values()) {
                    Task task = Task.of("hello").category(format.label() + "." + fault.label());
                    outcomes.put(
                            new Called(format, fault, true),
                            router.streamAsync(task, text -> {}).handle(FaultsTest::outcome));
                    outcomes.put(
                            new Called(format, fault, false),
                            router.routeAsync(task).handle(FaultsTest::outcome));
                }
            }
            outcomes.forEach((called, outcome) ->
                    assertThat(outcome.join())
                            .as(called.toString())
                            .matches("(" + called.expected() + ")( .*)?"));
        }
    }

    private record Called(Format format, Fault fault, boolean stream) {
        String expected() {
            Outcome expected = Objects.requireNonNull(EXPECTED.get(fault));
            return stream ? expected.streamed() : expected.whole();
        }
    }

    private static String outcome(Reply reply, Throwable thrown) {
        if (thrown == null) {
            assertThat(reply.content()).startsWith(PLACEHOLDER);
            assertThat(reply.usage().estimated()).isTrue();
            return "";
        }
        RouteException failed =
                (RouteException)
                        (thrown instanceof CompletionException ? thrown.getCause() : thrown);
        Failure failure = failed.attempts().getFirst().failure().orElseThrow();
        return failure.kind()
                + switch (failure) {
                    case Failure.Network network -> " " + network.phase();
                    case Failure.Timeout timeout -> " " + timeout.clock();
                    default -> "";
                };
    }

    @Test
    void script_isMetInTurnOverAndOver() {
        Policy policy =
                alone(Format.OPENAI_CHAT, Faults.script(Fault.AUTH, Fault.OK, Fault.BAD_REQUEST))
                        .build();
        try (Router router = router(policy)) {
            List<String> met = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                met.add(met(router, "chance"));
            }
            assertThat(met).containsExactly("auth", "", "bad_request", "auth", "", "bad_request");
        }
    }

    @Test
    void chance_ofTheSameSeed_isTheSame() {
        Faults faults = Faults.byName().share(Fault.AUTH, 0.3).share(Fault.NOT_FOUND, 0.3).seed(42);
        List<List<String>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (Router router = router(alone(Format.GEMINI, faults).build())) {
                List<String> met = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    met.add(met(router, "chance"));
                }
                runs.add(met);
            }
        }
        assertThat(runs.getFirst()).isEqualTo(runs.getLast());
        assertThat(Collections.frequency(runs.getFirst(), "auth")).isBetween(40, 80);
        assertThat(Collections.frequency(runs.getFirst(), "not_found")).isBetween(40, 80);
        assertThat(Collections.frequency(runs.getFirst(), "")).isBetween(55, 105);
    }

    @Test
    void realProvider_besideAFaultyOne_isCalledAndPaidForAlone() {
        try (FakeProvider real = FakeProvider.start()) {
            real.script("claude-haiku-4-5", Reaction.answers("the answer").tokens(30, 7, 0, 0));
            Policy policy =
                    TestPolicies.of(real, "chaos/overloaded", "anthropic/claude-haiku-4-5")
                            .provider(
                                    Provider.faulty(
                                            "chaos", Format.ANTHROPIC_MESSAGES, Faults.byName()))
                            .build();
            try (Router router = router(policy)) {
                Reply reply = router.route("hello");

                assertThat(reply.content()).isEqualTo("the answer");
                assertThat(reply.practice()).isFalse();
                assertThat(reply.usage().estimated()).isFalse();
                Attempt played = reply.attempts().getFirst();
                assertThat(played.failure()).containsInstanceOf(Failure.Overloaded.class);
                assertThat(played.usage().estimated()).isTrue();
                assertThat(played.cost().total()).isEqualTo(Money.ZERO);
                assertThat(reply.totalCost()).isEqualTo(reply.attempts().getLast().cost().total());
                assertThat(reply.totalCost().nanos()).isPositive();
            }
        }
    }

    @Test
    void practice_playsFaultsToo() {
        try (Router router =
                Router.builder()
                        .policy(alone(Format.ANTHROPIC_MESSAGES, Faults.byName()).build())
                        .buildPractice()) {
            assertThatThrownBy(() -> router.route(Task.of("hello").category("quota")))
                    .isInstanceOf(RouteException.class)
                    .hasMessageContaining("credit balance");
        }
    }

    @Test
    void call_thatHangs_endsWhenTheCallerLeaves() throws InterruptedException {
        BlockingQueue<Entry> settled = new LinkedBlockingQueue<>();
        try (Router router =
                Router.builder()
                        .policy(patient(Format.OPENAI_RESPONSES).build())
                        .recorder(settled::add)
                        .build()) {
            router.routeAsync(Task.of("hello").category("hang")).cancel(true);

            Entry entry = settled.poll(10, TimeUnit.SECONDS);
            assertThat(entry).isNotNull();
            assertThat(entry.attempts()).hasSize(1);
            assertThat(entry.attempts().getFirst().failure())
                    .containsInstanceOf(Failure.Cancelled.class);
        }
    }

    private static String met(Router router, String category) {
        return router.routeAsync(Task.of("hello").category(category))
                .handle(FaultsTest::outcome)
                .join();
    }

    private Router router(Policy policy) {
        return Router.builder().policy(policy).recorder(recorded::add).build();
    }

    /** A category for each fault, and one whose model names none; clocks that ring soon. */
    private static Policy.Builder alone(Format format, Faults faults) {
        return policy(
                format,
                faults,
                new AttemptLimits(
                        1,
                        Duration.ofSeconds(30),
                        Duration.ofMillis(1_500),
                        Duration.ofMillis(1_800),
                        Duration.ofSeconds(8)));
    }

    /** A provider of each format, and a category for each of its faults. */
    private static Policy everyFormat() {
        Policy.Builder policy = alone(Format.GEMINI, Faults.byName());
        for (Format format : Format.values()) {
            String name = "chaos-" + format.label();
            policy.provider(Provider.faulty(name, format, Faults.byName()));
            for (Fault fault : Fault.values()) {
                policy.category(
                        Category.of(
                                format.label() + "." + fault.label(),
                                "Fault",
                                name + "/" + fault.label()));
            }
        }
        return policy.build();
    }

    private static Policy.Builder patient(Format format) {
        return policy(format, Faults.byName(), TestPolicies.PATIENT);
    }

    private static Policy.Builder policy(Format format, Faults faults, AttemptLimits limits) {
        Policy.Builder policy =
                Policy.builder()
                        .provider(Provider.faulty("chaos", format, faults))
                        .classify(ClassifySettings.rules())
                        .category(Category.of("generation", "Anything", "chaos/any"))
                        .category(Category.of("chance", "Anything", "chaos/any"))
                        .attempts(limits);
        for (Fault fault : Fault.values()) {
            policy.category(Category.of(fault.label(), "Fault", "chaos/" + fault.label()));
        }
        return policy;
    }
}
