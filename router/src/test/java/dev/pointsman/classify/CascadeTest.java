package dev.pointsman.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Classification;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Image;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

/** Explicit category, rules, a model's word, default. */
class CascadeTest {

    private static final String RULES =
            """
            providers:
              up: { format: openai-chat, base-url: "http://127.0.0.1:9/v1" }
              down: { format: openai-chat, base-url: "http://127.0.0.1:9/v1", api-key: "${NOT_SET}" }
            models:
              up/small: { context: 8000, can: [] }
              down/small: { context: 8000, can: [] }
            categories:
              generation: { description: Writing, models: [up/small] }
              triage: { description: Sorting, models: [up/small] }
              code-review: { description: Reviews, models: [up/small] }
              code: { description: Code, models: [up/small] }
            classify:
              use: [%s]
              triage: { model: %s }
            rules:
              - when: { tag: { job: nightly, team: blue } }
                category: code
              - when: { caller: "com.acme.**" }
                category: triage
              - when: { starts-with: [Review], contains: [security, auth] }
                category: code-review
              - when: { tokens-over: 1500 }
                category: generation
              - when: { tokens-under: 6 }
                category: triage
            """;

    private final Cascade cascade = new Cascade(policy("rules, triage", "up/small"));

    @Test
    void category_saidByTheCaller_comesBeforeEveryRule() {
        Classification said =
                decided(Task.of("Review security").category("code").caller("com.acme.Main"));

        assertThat(said.category()).isEqualTo("code");
        assertThat(said.source()).isEqualTo(Source.EXPLICIT);
        assertThatThrownBy(() -> decided(Task.of("x").category("codes")))
                .hasMessageContaining("did you mean \"code\"?");
    }

    @Test
    void rules_inTheirOrder_decideWithTheirNumber() {
        assertThat(decided(Task.of("x").tag("job", "nightly").tag("team", "blue")).category())
                .isEqualTo("code");
        assertThat(decided(Task.of("x y z w v u").caller("com.acme.Main.main")).evidence())
                .first()
                .asString()
                .startsWith("rule 2");
        assertThat(decided(Task.of("  review the AUTH module")).category())
                .isEqualTo("code-review");
        assertThat(decided(Task.of("a ".repeat(4000))).category()).isEqualTo("generation");
        assertThat(decided(Task.of("a")).category()).isEqualTo("triage");
    }

    @Test
    void rule_ofWhichOneConditionFails_doesNotHold() {
        assertThat(begin(Task.of("what about this here").tag("job", "nightly")))
                .isInstanceOf(Cascade.Step.Ask.class);
        assertThat(begin(Task.of("Review the style of this"))).isInstanceOf(Cascade.Step.Ask.class);
        assertThat(begin(Task.of("about security, a Review of it")))
                .isInstanceOf(Cascade.Step.Ask.class);
    }

    @Test
    void question_toTheModel_isTheBeginningWithoutImagesOrSystem() {
        Task task =
                Task.of("what about " + "x".repeat(500))
                        .system("confidential")
                        .image(Image.ofUrl("https://a/b.png"));
        Cascade.Step.Ask ask = (Cascade.Step.Ask) begin(task);

        assertThat(ask.question().prompt()).hasSize(200);
        assertThat(ask.question().images()).isZero();
        assertThat(ask.question().maxTokens()).isEqualTo(50);
        assertThat(ask.question().wantsLeastReasoning()).isTrue();
        assertThat(ask.question().system().orElseThrow())
                .contains("- code-review: Reviews")
                .doesNotContain("confidential");
    }

    @ParameterizedTest
    @CsvSource({
        "triage, triage",
        "' Triage\n', triage",
        "Category: triage., triage",
        "**code-review**, code-review",
        "It is code-review, code-review",
        "code, code",
        "\"code\", code",
        "triage or code, ''",
        "banana, ''",
        "triaged, ''",
        "'', ''",
    })
    void answer_ofTheModel_isReadWithTolerance(String answer, String expected) {
        Cascade.Step.Ask ask = (Cascade.Step.Ask) begin(Task.of("what about this here"));
        Classification read = cascade.read(ask, answer);

        assertThat(read.category()).isEqualTo(expected.isEmpty() ? "generation" : expected);
        assertThat(read.source()).isEqualTo(expected.isEmpty() ? Source.DEFAULT : Source.TRIAGE);
        assertThat(read.unsure()).isEqualTo(expected.isEmpty());
    }

    @Test
    void model_thatCannotBeAsked_leavesTheDefaultAndSaysWhy() {
        Cascade without = new Cascade(policy("rules, triage", "down/small"));
        Classification said =
                ((Cascade.Step.Decided) without.begin(Task.of("what about this here"), 9))
                        .classification();

        assertThat(said.category()).isEqualTo("generation");
        assertThat(said.source()).isEqualTo(Source.DEFAULT);
        assertThat(said.evidence().getFirst()).contains("set NOT_SET");
    }

    @Test
    void stages_thatAreNotListed_areNotUsed() {
        Cascade none = new Cascade(policy("triage", "up/small"));

        assertThat(none.begin(Task.of("a"), 1)).isInstanceOf(Cascade.Step.Ask.class);
        assertThat(none.needsCaller()).isFalse();
        assertThat(cascade.needsCaller()).isTrue();
    }

    private Cascade.Step begin(Task task) {
        return cascade.begin(task, Tokens.estimate(task));
    }

    private Classification decided(Task task) {
        return ((Cascade.Step.Decided) begin(task)).classification();
    }

    private static Policy policy(String use, String triage) {
        return PolicyFile.text(RULES.formatted(use, triage), "cascade.yaml")
                .environment(name -> Optional.empty())
                .load();
    }
}
