package dev.pointsman.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Image;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Rejection.Reason;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** What can do a task, what cannot and why, and in which order. */
class DeciderTest {

    private static final Policy POLICY =
            PolicyFile.text(
                            """
                            providers:
                              up: { format: openai-chat, base-url: "http://127.0.0.1:9/v1" }
                              down: { format: openai-chat, base-url: "http://127.0.0.1:9/v1", api-key: "${NOT_SET}" }
                              any: { format: openai-chat, base-url: "http://127.0.0.1:9/v1" }
                            models:
                              up/plain: { context: 8000, output: 2000, can: [] }
                              up/sees: { context: 100000, output: 8000, can: [image, structured-output] }
                              down/sees: { context: 100000, can: [image] }
                              up/free: { context: 8000, can: [] }
                            prices:
                              up/plain: { input: 1, output: 2 }
                              up/sees: { input: 0.5, output: 1 }
                              up/free: { input: 0, output: 0 }
                            categories:
                              generation: { models: [down/sees, up/plain, up/sees] }
                              cheap: { models: [up/plain, any/new, up/sees, up/free], strategy: cheapest, expected-output: 100 }
                            rules: []
                            classify: { use: [rules] }
                            """,
                            "decider.yaml")
                    .environment(name -> Optional.empty())
                    .load();

    private final Decider decider = new Decider(POLICY, true);

    @Test
    void models_thatCan_standInThePolicysOrder() {
        Decision decision = decide(Task.of("hello"), "generation");

        assertThat(refs(decision)).containsExactly("up/plain", "up/sees");
        assertThat(decision.rejections())
                .containsExactly(new Rejection("down/sees", Reason.NO_KEY, "set NOT_SET"));
        assertThat(decision.policy()).isEqualTo(POLICY.hash());
    }

    @Test
    void task_withAnImage_rejectsWhatTakesNone() {
        Decision decision =
                decide(Task.of("hello").image(Image.ofUrl("https://a/b.png")), "generation");

        assertThat(refs(decision)).containsExactly("up/sees");
        assertThat(decision.rejections())
                .extracting(Rejection::model, Rejection::reason)
                .contains(tuple("up/plain", Reason.NO_VISION));
    }

    @Test
    void task_withASchema_rejectsWhatCannotBeHeldToIt() {
        Decision decision = decide(Task.of("hello").responseSchema("{}"), "generation");

        assertThat(refs(decision)).containsExactly("up/sees");
        assertThat(decision.rejections())
                .extracting(Rejection::reason)
                .contains(Reason.NO_STRUCTURED_OUTPUT);
    }

    @Test
    void task_thatIsTooLong_rejectsSmallContexts() {
        Decision decision = decide(Task.of("a".repeat(4 * 6_500)), "generation");

        assertThat(refs(decision)).containsExactly("up/sees");
        assertThat(decision.rejections())
                .filteredOn(one -> one.reason() == Reason.CONTEXT_TOO_SMALL)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.model()).isEqualTo("up/plain");
                    assertThat(one.message()).contains("6504").contains("2000").contains("8000");
                });
    }

    @Test
    void cheapest_ranksByExpectedCostAndTheUnknownLast() {
        Decision decision = decide(Task.of("a".repeat(3_984)), "cheap");

        assertThat(refs(decision)).containsExactly("up/free", "up/sees", "up/plain", "any/new");
        assertThat(decision.candidates())
                .extracting(Candidate::expectedCost)
                .containsExactly(
                        Money.ZERO,
                        Money.ofNanos(600_000),
                        Money.ofNanos(1_200_000),
                        Money.UNKNOWN);
        assertThat(decision.candidates().getLast().notes().getFirst())
                .contains("not in the catalogue");
    }

    @Test
    void answer_thatMayBeLongerThanTheModelGives_isNoted() {
        Decision decision = decide(Task.of("hello").maxTokens(4_000), "generation");

        assertThat(decision.candidates().getFirst().notes())
                .containsExactly("answers with at most 2000 tokens");
    }

    @Test
    void practice_needsNoKeys() {
        Decision decision = decide(new Decider(POLICY, false), Task.of("hello"), "generation");

        assertThat(refs(decision)).containsExactly("down/sees", "up/plain", "up/sees");
    }

    @Test
    void decision_madeTwice_isTheSame() {
        Task task = Task.of("hello").tag("a", "b");

        assertThat(decide(task, "cheap")).isEqualTo(decide(task, "cheap"));
    }

    private Decision decide(Task task, String category) {
        return decide(decider, task, category);
    }

    private static Decision decide(Decider decider, Task task, String category) {
        return decider.decide(
                "d1",
                task,
                new Classification(category, 1, Source.EXPLICIT, List.of(), false),
                Tokens.estimate(task));
    }

    private static List<String> refs(Decision decision) {
        return decision.candidates().stream().map(candidate -> candidate.model().ref()).toList();
    }
}
