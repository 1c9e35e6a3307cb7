package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Task;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.BreakerSettings;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.ClassifySettings;
import dev.pointsman.policy.DeploymentLimits;
import dev.pointsman.policy.HedgeSettings;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Pool;
import dev.pointsman.policy.Provider;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Reaction;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Which call comes after one that failed, is slow, or finds no room. */
class NextAttemptTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Reaction FINE = Reaction.answers("fine");

    private final FakeProvider one = FakeProvider.start();
    private final FakeProvider two = FakeProvider.start();

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    private Policy.Builder policy(String... models) {
        return TestPolicies.founding(one)
                .provider(provider("one", one))
                .provider(provider("two", two))
                .classify(ClassifySettings.rules())
                .category(Category.of("generation", "Anything", models));
    }

    private static Provider provider(String name, FakeProvider fake) {
        return Provider.of(name, Format.ANTHROPIC_MESSAGES, fake.url())
                .apiKey(Secret.of("sk-" + name));
    }

    private static Router router(Policy.Builder policy) {
        return Router.builder().policy(policy.build()).build();
    }

    @ParameterizedTest
    @CsvSource({"500", "503", "529", "429"})
    void onlyModel_failingOnce_isCalledAgain(int status) {
        one.script("m", Reaction.fails(status), FINE);
        try (Router router = router(policy("one/m"))) {
            Reply reply = router.route("hello");

            assertThat(reply.content()).isEqualTo("fine");
            assertThat(reply.attempts()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"502", "504", "401", "403", "400", "404", "413"})
    void onlyModel_failingInAWayThatMayHaveWorkedOrWillNotChange_isNotCalledAgain(int status) {
        one.script("m", Reaction.fails(status), FINE);
        try (Router router = router(policy("one/m"))) {
            assertThatThrownBy(() -> router.route("hello")).isInstanceOf(RouteException.class);
            assertThat(one.requests()).hasSize(1);
        }
    }

    @Test
    void onlyModel_whoseProviderSaysNotToRetry_isNotCalledAgain() {
        one.script("m", Reaction.fails(500, "{}", Map.of("x-should-retry", "false")), FINE);
        try (Router router = router(policy("one/m"))) {
            assertThatThrownBy(() -> router.route("hello")).isInstanceOf(RouteException.class);
            assertThat(one.requests()).hasSize(1);
        }
    }

    @Test
    void onlyModel_wantingToBeLeftAloneForLong_isNotWaitedFor() {
        one.script("m", Reaction.fails(429, "{}", Map.of("retry-after", "3600")), FINE);
        try (Router router = router(policy("one/m"))) {
            assertThatThrownBy(() -> router.route("hello"))
                    .isInstanceOfSatisfying(
                            RouteException.class,
                            failure ->
                                    assertThat(failure.failure().orElseThrow().retryAfter())
                                            .contains(Duration.ofHours(1)));
            assertThat(one.requests()).hasSize(1);
        }
    }

    @Test
    void onlyModel_wantingToBeLeftAloneForASecond_isCalledAfterIt() {
        one.script("m", Reaction.fails(503, "{}", Map.of("retry-after-ms", "300")), FINE);
        try (Router router = router(policy("one/m"))) {
            Reply reply = router.route("hello");

            assertThat(reply.content()).isEqualTo("fine");
            assertThat(reply.latency()).isGreaterThan(Duration.ofMillis(300));
        }
    }

    @ParameterizedTest
    @CsvSource({"401", "402", "403"})
    void key_refused_isFollowedByAProviderWithAnotherKeyOnly(int status) {
        one.script("m", Reaction.fails(status));
        one.script("other", FINE);
        two.script("m", FINE);
        try (Router router = router(policy("one/m", "one/other", "two/m"))) {
            Reply reply = router.route("hello");

            assertThat(reply.model()).isEqualTo("two/m");
            assertThat(one.requests("other")).isEmpty();
        }
    }

    @Test
    void call_thatWasRefused_costsNothingThoughItsPriceIsUnknown() {
        one.script("unpriced", Reaction.fails(529));
        two.script("claude-haiku-4-5", Reaction.answers("fine").tokens(10, 5, 0, 0));
        Policy.Builder policy =
                policy("one/unpriced", "two/claude-haiku-4-5")
                        .provider(provider("two", two).catalog("anthropic"));
        try (Router router = router(policy)) {
            Reply reply = router.route("hello");

            assertThat(reply.attempts().getFirst().cost().total()).isEqualTo(Money.ZERO);
            assertThat(reply.totalCost()).isEqualTo(reply.cost().total());
            assertThat(reply.totalCost().nanos()).isPositive();
        }
    }

    @Test
    void budget_ofThreeCalls_holdsAcrossRepetitionsAndModels() {
        one.script("m", Reaction.fails(500));
        two.script("m", Reaction.fails(500));
        try (Router router = router(policy("one/m", "two/m"))) {
            assertThatThrownBy(() -> router.route("hello"))
                    .isInstanceOfSatisfying(
                            RouteException.class,
                            failure -> assertThat(failure.attempts()).hasSize(3));
            assertThat(one.requests().size() + two.requests().size()).isEqualTo(3);
        }
    }

    @Test
    void model_failingOften_isLeftAloneAndSaidSo() {
        one.script("m", Reaction.fails(500));
        two.script("m", FINE);
        BreakerSettings twice =
                new BreakerSettings(
                        2, 1, 100, PATIENCE, Duration.ofMinutes(1), Duration.ofMinutes(1));
        try (Router router =
                router(
                        policy("one/m", "two/m")
                                .attemptRules(AttemptRules.DEFAULT.breaker(twice)))) {
            router.route("hello");
            router.route("hello");
            Reply reply = router.route("hello");

            assertThat(reply.attempts()).hasSize(1);
            assertThat(one.requests()).hasSize(2);
            assertThat(reply.decision().rejections())
                    .singleElement()
                    .satisfies(passedOver -> {
                        assertThat(passedOver.model()).isEqualTo("one/m");
                        assertThat(passedOver.reason()).isEqualTo(Rejection.Reason.SHUT);
                        assertThat(passedOver.message()).contains("left alone");
                    });
            assertThat(reply.decision().model().orElseThrow().ref()).isEqualTo("two/m");
        }
    }

    @Test
    void lastModelLeft_thatIsShut_getsOneCallAndNoRepetition() {
        one.script("m", Reaction.fails(529));
        BreakerSettings once =
                new BreakerSettings(
                        1, 1, 100, PATIENCE, Duration.ofMinutes(1), Duration.ofMinutes(1));
        try (Router router =
                router(policy("one/m").attemptRules(AttemptRules.DEFAULT.breaker(once)))) {
            for (int request = 1; request <= 4; request++) {
                assertThatThrownBy(() -> router.route("hello"))
                        .isInstanceOfSatisfying(
                                RouteException.class,
                                failure ->
                                        assertThat(failure.failure().orElseThrow())
                                                .isInstanceOf(Failure.Overloaded.class));
                assertThat(one.requests()).hasSize(request);
            }
        }
    }

    @Test
    void model_whoseProviderSaysThatNoRequestRemains_isPassedOver() {
        one.script(
                "m",
                new Reaction.Sends(
                        200,
                        "application/json",
                        Map.of(
                                "anthropic-ratelimit-requests-remaining", "0",
                                "anthropic-ratelimit-requests-reset", "2099-01-01T00:00:00Z"),
                        ("{\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":"
                                        + "[{\"type\":\"text\",\"text\":\"last\"}],\"stop_reason\":"
                                        + "\"end_turn\",\"usage\":{\"input_tokens\":1,"
                                        + "\"output_tokens\":1}}")
                                .getBytes(StandardCharsets.UTF_8)));
        two.script("m", FINE);
        try (Router router = router(policy("one/m", "two/m"))) {
            assertThat(router.route("hello").content()).isEqualTo("last");
            Reply reply = router.route("hello");

            assertThat(reply.model()).isEqualTo("two/m");
            assertThat(reply.decision().rejections().getFirst().reason())
                    .isEqualTo(Rejection.Reason.LIMIT_REACHED);
        }
    }

    @Test
    void model_atItsOwnLimit_isPassedOverAndNeverCalledBeyondIt() throws Exception {
        one.script("m", new Reaction.Hangs());
        two.script("m", FINE);
        DeploymentLimits single = new DeploymentLimits(1, 0, 0);
        Policy.Builder limited =
                policy("one/m", "two/m").provider(provider("one", one).limits(single));
        try (Router router = router(limited)) {
            CompletableFuture<Reply> hanging = router.routeAsync("hello");
            assertThat(one.awaitRequests(1, PATIENCE)).isTrue();

            assertThat(router.route("hello").model()).isEqualTo("two/m");
            assertThat(one.requests()).hasSize(1);
            hanging.cancel(true);
        }
    }

    @Test
    void onlyModel_atItsOwnLimit_isARateLimitOfOurs() throws Exception {
        one.script("m", new Reaction.Hangs());
        DeploymentLimits single = new DeploymentLimits(1, 0, 0);
        Policy.Builder limited = policy("one/m").provider(provider("one", one).limits(single));
        try (Router router = router(limited)) {
            CompletableFuture<Reply> hanging = router.routeAsync("hello");
            assertThat(one.awaitRequests(1, PATIENCE)).isTrue();

            assertThatThrownBy(() -> router.route("hello"))
                    .isInstanceOfSatisfying(
                            RouteException.class,
                            failure -> {
                                assertThat(failure.failure().orElseThrow())
                                        .isInstanceOf(Failure.RateLimited.class);
                                assertThat(failure.failure().orElseThrow().retryAfter())
                                        .isPresent();
                            });
            assertThat(one.requests()).hasSize(1);
            hanging.cancel(true);
        }
    }

    @Test
    void limit_ofAModelThatClassifiesToo_holdsForItsCallsOfBothKinds() {
        one.script("m", Reaction.answers("generation"));
        two.script("m", FINE);
        DeploymentLimits few = new DeploymentLimits(0, 3, 0);
        ClassifySettings asking =
                new ClassifySettings(
                        List.of(ClassifySettings.Stage.TRIAGE),
                        ClassifySettings.Local.DEFAULT,
                        Optional.of(new ClassifySettings.Triage("one/m", 200, 50, PATIENCE)));
        Policy.Builder limited =
                policy("one/m", "two/m")
                        .provider(provider("one", one).limits(few))
                        .classify(asking)
                        .attemptRules(hedged(PATIENCE));
        try (Router router = router(limited)) {
            assertThat(router.route("hello").model()).isEqualTo("one/m");
            assertThat(router.route("good day").model()).isEqualTo("two/m");
            assertThat(one.requests()).hasSize(3);
        }
    }

    private Policy.Builder pooled(Pool.Balance balance, int first, int second) {
        Map<String, Integer> places = new LinkedHashMap<>();
        places.put("one/m", first);
        places.put("two/m", second);
        return policy("both").pool(new Pool("both", balance, places));
    }

    /** 400 calls by chance at 3 to 1: 300 are expected, with a standard deviation of 8.7. */
    @Test
    void pool_byWeight_spreadsCallsInProportion() {
        one.script("m", FINE);
        two.script("m", FINE);
        try (Router router = router(pooled(Pool.Balance.WEIGHTED, 3, 1))) {
            for (int call = 0; call < 400; call++) {
                router.route("hello");
            }
            assertThat(one.requests().size()).isBetween(250, 350);
            assertThat(two.requests().size()).isEqualTo(400 - one.requests().size());
        }
    }

    @Test
    void pool_byLoad_callsWhereFewestAreUnderWayForTheWeight() throws Exception {
        one.script("m", new Reaction.Hangs());
        two.script("m", new Reaction.Hangs());
        try (Router router = router(pooled(Pool.Balance.LEAST_LOADED, 2, 1))) {
            List<CompletableFuture<Reply>> hanging = new ArrayList<>();
            for (int call = 1; call <= 6; call++) {
                hanging.add(router.routeAsync("hello"));
                int begun = call;
                while (one.requests().size() + two.requests().size() < begun) {
                    Thread.onSpinWait();
                }
            }
            assertThat(one.requests()).hasSize(4);
            assertThat(two.requests()).hasSize(2);
            hanging.forEach(call -> call.cancel(true));
        }
    }

    @Test
    void pool_withAPlaceThatFails_isAnsweredByTheOther() {
        one.script("m", Reaction.fails(500));
        two.script("m", FINE);
        try (Router router = router(pooled(Pool.Balance.WEIGHTED, 1000, 1))) {
            assertThat(router.route("hello").model()).isEqualTo("two/m");
        }
    }

    private static AttemptRules hedged(Duration after) {
        return AttemptRules.DEFAULT.hedge(new HedgeSettings(Optional.of(after), 1));
    }

    @Test
    void hedge_afterADelay_firstContentWinsAndBothAreOnTheBill() throws Exception {
        one.script("claude-haiku-4-5", new Reaction.Hangs());
        two.script("claude-haiku-4-5", FINE);
        Policy.Builder policy =
                policy("one/claude-haiku-4-5", "two/claude-haiku-4-5")
                        .provider(provider("one", one).catalog("anthropic"))
                        .provider(provider("two", two).catalog("anthropic"))
                        .attemptRules(hedged(Duration.ofMillis(50)));
        try (Router router = router(policy)) {
            Reply reply = router.route("hello");

            assertThat(reply.model()).isEqualTo("two/claude-haiku-4-5");
            assertThat(reply.attempts()).hasSize(2);
            assertThat(reply.attempts().getFirst().failure())
                    .containsInstanceOf(Failure.Cancelled.class);
            assertThat(reply.attempts().getFirst().usage().estimated()).isTrue();
            assertThat(reply.attempts().getFirst().cost().total().nanos()).isPositive();
            assertThat(reply.attempts().getLast().cost().total().nanos()).isPositive();
            assertThat(one.awaitAbandoned(PATIENCE)).isTrue();
        }
    }

    @Test
    void hedge_answeringWithAnError_doesNotWin() throws Exception {
        one.script("m", Reaction.answers("slow but right").every(Duration.ofMillis(300)));
        two.script("m", new Reaction.ErrorEventFirst());
        try (Router router =
                router(policy("one/m", "two/m").attemptRules(hedged(Duration.ofMillis(50))))) {
            Reply reply =
                    router.streamAsync(Task.of("hello"), piece -> {}).get(20, TimeUnit.SECONDS);

            assertThat(reply.content()).isEqualTo("slow but right");
            assertThat(reply.attempts()).hasSize(2);
            assertThat(reply.attempts().getLast().model().ref()).isEqualTo("one/m");
        }
    }

    @Test
    void deadline_ofTheRequest_endsRepetitions() {
        one.script("m", Reaction.fails(503, "{}", Map.of("retry-after", "5")), FINE);
        AttemptLimits twoSeconds =
                new AttemptLimits(3, PATIENCE, PATIENCE, PATIENCE, Duration.ofSeconds(2));
        try (Router router = router(policy("one/m").attempts(twoSeconds))) {
            long begun = System.nanoTime();
            assertThatThrownBy(() -> router.route("hello")).isInstanceOf(RouteException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(one.requests()).hasSize(1);
        }
    }
}
