package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Image;
import dev.pointsman.core.Money;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.ClassifySettings;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Rule;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The pattern Pointsman started from, case by case, over a real socket. */
class FoundingTableTest {

    private static final String HAIKU = "claude-haiku-4-5";
    private static final String OPUS = "claude-opus-4-6";
    private static final String SONNET = "claude-sonnet-4-5-20250929";

    private final FakeProvider provider = FakeProvider.start();
    private final List<Entry> recorded = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void task_withoutRule_isClassifiedByTheModelAndSentToItsCategory() {
        provider.script(HAIKU, Reaction.answers("reasoning").tokens(90, 2, 0, 0));
        provider.script(OPUS, Reaction.answers("A queue.").tokens(100, 50, 0, 0));
        try (Router router = router(TestPolicies.founding(provider).build())) {
            Reply reply = router.route("How should we split the order service?");

            assertThat(reply.category()).isEqualTo("reasoning");
            assertThat(reply.decision().classification().source()).isEqualTo(Source.TRIAGE);
            assertThat(reply.model()).isEqualTo("anthropic/claude-opus-4-6");
            assertThat(reply.content()).isEqualTo("A queue.");
            assertThat(reply.usage()).isEqualTo(Usage.of(100, 50));
        }
    }

    @Test
    void classification_usage_isToldApartFromTheAnswers() {
        provider.script(HAIKU, Reaction.answers("reasoning").tokens(90, 2, 0, 0));
        provider.script(OPUS, Reaction.answers("A queue.").tokens(100, 50, 0, 0));
        try (Router router = router(TestPolicies.founding(provider).build())) {
            Reply reply = router.route("How should we split the order service?");

            assertThat(reply.attempts())
                    .extracting(Attempt::purpose)
                    .containsExactly(Purpose.CLASSIFY, Purpose.ANSWER);
            assertThat(reply.classificationCost()).isEqualTo(Money.ofNanos(90 * 1_000 + 2 * 5_000));
            assertThat(reply.cost().total()).isEqualTo(Money.ofNanos(100 * 5_000 + 50 * 25_000));
            assertThat(reply.totalCost())
                    .isEqualTo(reply.classificationCost().plus(reply.cost().total()));
            assertThat(recorded)
                    .singleElement()
                    .extracting(Entry::attempts)
                    .isEqualTo(reply.attempts());
        }
    }

    @Test
    void category_forcedByTheCaller_asksNoClassifier() {
        try (Router router = router(TestPolicies.founding(provider).build())) {
            Reply reply = router.route(Task.of("How should we split it?").category("triage"));

            assertThat(reply.category()).isEqualTo("triage");
            assertThat(reply.decision().classification().source()).isEqualTo(Source.EXPLICIT);
            assertThat(provider.requests()).hasSize(1);
        }
    }

    @Test
    void category_unknown_isRefusedWithTheNearestName() {
        try (Router router = router(TestPolicies.founding(provider).build())) {
            assertThatThrownBy(() -> router.route(Task.of("x").category("triag")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("did you mean \"triage\"?");
        }
    }

    @Test
    void classifierAnswer_thatIsNoCategory_goesToTheDefaultAndSaysSo() {
        provider.script(HAIKU, Reaction.answers("banana"));
        try (Router router = router(TestPolicies.founding(provider).build())) {
            Reply reply = router.route("How should we split it?");

            assertThat(reply.category()).isEqualTo("generation");
            assertThat(reply.decision().classification().source()).isEqualTo(Source.DEFAULT);
            assertThat(reply.decision().classification().unsure()).isTrue();
            assertThat(reply.decision().classification().evidence().getFirst())
                    .contains("named no category");
            assertThat(reply.classificationCost().nanos()).isPositive();
        }
    }

    @Test
    void classifier_thatFails_goesToTheDefaultAndSaysSo() {
        provider.script(HAIKU, Reaction.fails(500));
        try (Router router = router(TestPolicies.founding(provider).build())) {
            Reply failed = router.route("How should we split it?");

            assertThat(failed.category()).isEqualTo("generation");
            assertThat(failed.decision().classification().evidence().getFirst())
                    .contains("HTTP 500");
        }
    }

    @Test
    void classifier_thatHangs_goesToTheDefaultAtItsClockAndSaysSo() {
        provider.script(HAIKU, new Reaction.Hangs());
        ClassifySettings impatient =
                new ClassifySettings(
                        List.of(ClassifySettings.Stage.TRIAGE),
                        ClassifySettings.Local.DEFAULT,
                        Optional.of(
                                new ClassifySettings.Triage(
                                        "anthropic/" + HAIKU, 200, 50, Duration.ofMillis(300))));
        try (Router router = router(TestPolicies.founding(provider).classify(impatient).build())) {
            Reply timedOut = router.route("How should we split it?");

            assertThat(timedOut.category()).isEqualTo("generation");
            assertThat(timedOut.decision().classification().evidence().getFirst())
                    .contains("300 ms");
        }
    }

    @Test
    void classifier_request_hasTheFirst200CharactersAnd50Tokens() {
        provider.script(HAIKU, Reaction.answers("triage"));
        String prompt = "a".repeat(199) + "\uD83D\uDE80" + "secret".repeat(100);
        try (Router router = router(TestPolicies.founding(provider).build())) {
            router.route(prompt);

            ProviderRequest asked = provider.requests().getFirst();
            JsonNode messages = asked.body().path("messages");
            assertThat(asked.body().path("max_tokens").asInt()).isEqualTo(50);
            assertThat(messages.path(0).path("content").asText()).isEqualTo("a".repeat(199));
            assertThat(asked.text()).doesNotContain("secret");
            assertThat(asked.body().path("system").asText()).contains("- vision: Images");
        }
    }

    @Test
    void image_attached_goesToVisionWithoutAClassifier() {
        byte[] png =
                Base64.getDecoder()
                        .decode(
                                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        try (Router router = router(TestPolicies.founding(provider).build())) {
            Reply reply = router.route(Task.of("What is wrong here?").image(Image.of(png)));

            assertThat(reply.category()).isEqualTo("vision");
            assertThat(provider.requests())
                    .singleElement()
                    .satisfies(request -> {
                        JsonNode source = request.body().at("/messages/0/content/1/source");
                        assertThat(source.path("media_type").asText()).isEqualTo("image/png");
                        assertThat(Base64.getDecoder().decode(source.path("data").asText()))
                                .isEqualTo(png);
                    });
        }
    }

    @Test
    void opus_overloaded_fallsBackToTheNextModel() {
        provider.script(OPUS, Reaction.fails(529));
        provider.script("gpt-5.5", Reaction.answers("Split by team.").tokens(20, 10, 0, 0));
        try (Router router = router(TestPolicies.founding(provider).build())) {
            Reply reply = router.route(Task.of("How should we split it?").category("reasoning"));

            assertThat(reply.model()).isEqualTo("openai/gpt-5.5");
            assertThat(reply.content()).isEqualTo("Split by team.");
            assertThat(reply.attempts().getFirst().failure())
                    .containsInstanceOf(Failure.Overloaded.class);
            assertThat(reply.decision().model().orElseThrow().ref())
                    .isEqualTo("anthropic/claude-opus-4-6");
        }
    }

    @Test
    void rule_byTag_andByPrefix_areStatic() {
        Policy policy =
                TestPolicies.founding(provider)
                        .rule(Rule.When.tag("job", "nightly-summary"), "triage")
                        .rule(Rule.When.startsWith("Summarize", "Classify"), "triage")
                        .build();
        try (Router router = router(policy)) {
            assertThat(router.explain(Task.of("x").tag("job", "nightly-summary")).category())
                    .isEqualTo("triage");
            assertThat(router.explain("  summarize this").category()).isEqualTo("triage");
            assertThat(provider.requests()).isEmpty();
        }
    }

    @Test
    void rule_byCaller_findsTheCallingClassItself() {
        Policy policy =
                TestPolicies.founding(provider)
                        .rule(Rule.When.caller("dev.pointsman.FoundingTableTest"), "triage")
                        .build();
        try (Router router = router(policy)) {
            assertThat(router.explain("hello").category()).isEqualTo("triage");
            Reply reply = CompletableFuture.supplyAsync(() -> router.route("hello")).join();
            assertThat(reply.category()).isEqualTo("triage");
            assertThat(recorded.getFirst().task().caller())
                    .contains(
                            "dev.pointsman.FoundingTableTest.rule_byCaller_findsTheCallingClassItself");
        }
    }

    @Test
    void cost_ofAMillionInAndOut_isTheTablesRates() {
        Policy policy = Policy.load(Path.of("../examples/founding-table.yaml"));

        assertThat(million(policy, "anthropic/claude-opus-4-6")).isEqualTo("15+75=90");
        assertThat(million(policy, "anthropic/claude-sonnet-4-5-20250929")).isEqualTo("3+15=18");
        assertThat(million(policy, "anthropic/claude-haiku-4-5")).isEqualTo("1+5=6");
    }

    @Test
    void task_thatNoModelCanDo_isToldWithEveryReason() {
        Policy policy = TestPolicies.of(provider, "openai/gpt-3.5-turbo").build();
        try (Router router = router(policy)) {
            assertThatThrownBy(
                            () -> router.route(Task.of("x".repeat(400_000)).category("generation")))
                    .isInstanceOf(RouteException.class)
                    .hasMessageContaining("gpt-3.5-turbo")
                    .hasMessageContaining("tokens");
            assertThat(recorded).hasSize(1);
            assertThat(provider.requests()).isEmpty();
        }
    }

    private static String million(Policy policy, String model) {
        Cost cost = Cost.estimate(policy.model(model), Usage.of(1_000_000, 1_000_000));
        return cost.input().usd() + "+" + cost.output().usd() + "=" + cost.total().usd();
    }

    private Router router(Policy policy) {
        return Router.builder().policy(policy).recorder(recorded::add).build();
    }
}
