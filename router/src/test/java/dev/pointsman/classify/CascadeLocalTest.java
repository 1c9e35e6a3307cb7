package dev.pointsman.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Classification;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The stage of the cascade that classifies on this machine. */
class CascadeLocalTest {

    /** From here on nothing is unsure, however the model is trained. */
    private static final String ALWAYS_SURE = "threshold: 0";

    private static final String NEVER_SURE = "threshold: 1";

    private static final String POLICY =
            """
            providers:
              up: { format: openai-chat, base-url: "http://127.0.0.1:9/v1" }
              down: { format: openai-chat, base-url: "http://127.0.0.1:9/v1", api-key: "${NOT_SET}" }
            models:
              up/small: { context: 8000, can: [] }
              down/small: { context: 8000, can: [] }
            categories:
            %s
            default-category: %s
            classify:
              use: [%s]
              local: { %s }
              triage: { model: %s }
            rules:
              - when: { tag: { job: nightly } }
                category: %2$s
            """;

    private static final String BUILT_IN =
            """
              reasoning: { description: Thinking, models: [up/small] }
              generation: { description: Writing, models: [up/small] }
              triage: { description: Sorting, models: [up/small] }
              vision: { description: Seeing, models: [up/small] }
            """;

    private static final String OWN =
            """
              refunds:
                description: Somebody wants money back
                models: [up/small]
                examples: ["I want my money back", "Please refund my last order",
                           "The item was broken, how do I get a refund?"]
              deliveries:
                models: [up/small]
                examples: ["Where is my parcel?", "My package has not arrived yet",
                           "When will my order be delivered?"]
            """;

    private static final String FOREIGN =
            """
              blue: { description: Blue things, models: [up/small] }
              red: { description: Red things, models: [up/small] }
            """;

    private static final Task POEM = Task.of("Write a poem about the first snow in the mountains.");
    private static final Task SORTING =
            Task.of("Classify the sentiment as positive or negative: The battery died at once.");
    private static final Task REFUND = Task.of("please refund my order, the item was broken");

    @Test
    void local_thatIsSure_decides() {
        Classification said =
                decided(cascade(BUILT_IN, "generation", "rules, local", ALWAYS_SURE), SORTING);

        assertThat(said.category()).isEqualTo("triage");
        assertThat(said.source()).isEqualTo(Source.LOCAL);
        assertThat(said.unsure()).isFalse();
        assertThat(said.confidence()).isBetween(0.25, 1.0);
    }

    @Test
    void local_thatIsUnsure_guessesUnlessToldOtherwise() {
        Cascade cascade = cascade(BUILT_IN, "reasoning", "rules, local", NEVER_SURE);
        Classification said = decided(cascade, SORTING);

        assertThat(said.category()).isEqualTo("triage");
        assertThat(said.source()).isEqualTo(Source.LOCAL);
        assertThat(said.unsure()).isTrue();
        assertThat(said.confidence()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "guess, triage, LOCAL",
        "default, reasoning, DEFAULT",
        "vision, vision, DEFAULT",
        "triage, triage, DEFAULT"
    })
    void local_thatIsUnsure_followsThePolicy(String unsure, String category, Source source) {
        Cascade cascade =
                cascade(BUILT_IN, "reasoning", "rules, local", NEVER_SURE + ", unsure: " + unsure);
        for (Classification said :
                List.of(decided(cascade, SORTING), cascade.explain(SORTING, 20))) {
            assertThat(said.category()).isEqualTo(category);
            assertThat(said.source()).isEqualTo(source);
            assertThat(said.unsure()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"guess", "default", "vision"})
    void unsure_isNotAskedOfOneThatIsSure(String unsure) {
        Cascade cascade =
                cascade(
                        BUILT_IN,
                        "reasoning",
                        "rules, local, triage",
                        ALWAYS_SURE + ", unsure: " + unsure);

        assertThat(decided(cascade, SORTING).category()).isEqualTo("triage");
    }

    @ParameterizedTest
    @CsvSource({
        "guess, triage, LOCAL",
        "default, reasoning, DEFAULT",
        "vision, vision, DEFAULT",
    })
    void triage_whereLocalIsUnsure_isAskedAndCarriesWhatHoldsOtherwise(
            String unsure, String category, Source source) {
        Cascade cascade =
                cascade(
                        BUILT_IN,
                        "reasoning",
                        "rules, local, triage",
                        NEVER_SURE + ", unsure: " + unsure);
        Cascade.Step.Ask ask = (Cascade.Step.Ask) begin(cascade, SORTING);

        assertThat(ask.deployment().model().ref()).isEqualTo("up/small");
        assertThat(ask.otherwise().category()).isEqualTo(category);
        assertThat(ask.otherwise().source()).isEqualTo(source);
        assertThat(ask.otherwise().unsure()).isTrue();
        assertThat(cascade.read(ask, "generation").source()).isEqualTo(Source.TRIAGE);
        assertThat(cascade.read(ask, "generation").unsure()).isFalse();

        Classification unread = cascade.read(ask, "banana");
        assertThat(unread.category()).isEqualTo(category);
        assertThat(unread.evidence().getFirst()).contains("named no category");

        Classification late = cascade.otherwise(ask, "it took too long");
        assertThat(late.category()).isEqualTo(category);
        assertThat(late.confidence()).isEqualTo(ask.otherwise().confidence());
        assertThat(late.evidence()).first().isEqualTo("it took too long");
    }

    @Test
    void triage_thatCannotBeAsked_leavesTheGuessAndSaysWhy() {
        Cascade cascade =
                new Cascade(
                        policy(
                                BUILT_IN,
                                "reasoning",
                                "rules, local, triage",
                                NEVER_SURE,
                                "down/small"));
        Classification said = decided(cascade, SORTING);

        assertThat(said.category()).isEqualTo("triage");
        assertThat(said.source()).isEqualTo(Source.LOCAL);
        assertThat(said.unsure()).isTrue();
        assertThat(said.evidence().getFirst()).contains("down/small").contains("set NOT_SET");
    }

    @Test
    void triage_inExplain_isNotAsked() {
        Cascade cascade = cascade(BUILT_IN, "reasoning", "rules, local, triage", NEVER_SURE);
        Classification said = cascade.explain(SORTING, 20);

        assertThat(said.category()).isEqualTo("triage");
        assertThat(said.source()).isEqualTo(Source.LOCAL);
        assertThat(said.evidence().getFirst()).contains("would ask up/small");
    }

    @Test
    void image_thatIsAttached_comesBeforeTheWords() {
        Cascade cascade = cascade(BUILT_IN, "generation", "local", ALWAYS_SURE);
        Task task = POEM.image(Image.ofUrl("https://a/b.png"));
        Classification said = decided(cascade, task);

        assertThat(said.category()).isEqualTo("vision");
        assertThat(said.confidence()).isEqualTo(1);
        assertThat(said.source()).isEqualTo(Source.LOCAL);
        assertThat(said.evidence()).containsExactly("an image is attached");
        assertThat(cascade.explain(task, 9)).isEqualTo(said);
    }

    @Test
    void image_withoutACategoryForIt_leavesTheWords() {
        Cascade cascade =
                cascade(
                        "  generation: { models: [up/small] }\n  triage: { models: [up/small] }\n",
                        "generation",
                        "local",
                        ALWAYS_SURE);

        assertThat(decided(cascade, SORTING.image(Image.ofUrl("https://a/b.png"))).category())
                .isEqualTo("triage");
    }

    @Test
    void callerAndRules_comeBeforeLocal() {
        Cascade cascade = cascade(BUILT_IN, "reasoning", "rules, local", ALWAYS_SURE);

        assertThat(decided(cascade, SORTING.category("vision")).source())
                .isEqualTo(Source.EXPLICIT);
        assertThat(decided(cascade, SORTING.tag("job", "nightly")).source()).isEqualTo(Source.RULE);
        assertThat(cascade.explain(SORTING.tag("job", "nightly"), 9).category())
                .isEqualTo("reasoning");
        assertThatThrownBy(() -> decided(cascade, SORTING.category("triag")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean \"triage\"?");
    }

    @Test
    void local_thatIsNotListed_isNotUsed() {
        Cascade cascade = cascade(BUILT_IN, "reasoning", "rules", ALWAYS_SURE);

        assertThat(decided(cascade, SORTING).source()).isEqualTo(Source.DEFAULT);
    }

    @Test
    void names_thatTheModelDoesNotKnow_fallToTheDefault() {
        Classification said =
                decided(cascade(FOREIGN, "red", "rules, local", ALWAYS_SURE), SORTING);

        assertThat(said.category()).isEqualTo("red");
        assertThat(said.source()).isEqualTo(Source.DEFAULT);
        assertThat(said.unsure()).isTrue();
        assertThat(said.confidence()).isZero();
    }

    @Test
    void names_thatTheModelDoesNotKnow_fallToTriage() {
        Cascade cascade = cascade(FOREIGN, "red", "rules, local, triage", ALWAYS_SURE);
        Cascade.Step.Ask ask = (Cascade.Step.Ask) begin(cascade, SORTING);

        assertThat(ask.otherwise().category()).isEqualTo("red");
        assertThat(cascade.read(ask, "blue").category()).isEqualTo("blue");
    }

    @Test
    void names_ofWhichTheModelKnowsSome_areTheOnlyOnesItSays() {
        Cascade cascade =
                cascade(
                        FOREIGN
                                + "  reasoning: { models: [up/small] }\n"
                                + "  triage: { models: [up/small] }\n",
                        "red",
                        "local",
                        ALWAYS_SURE);

        assertThat(decided(cascade, SORTING).category()).isEqualTo("triage");
        assertThat(decided(cascade, POEM).category()).isIn("reasoning", "triage");
    }

    @Test
    void examples_ofThePolicy_takeWhatIsNearThem() {
        Cascade cascade = cascade(OWN, "deliveries", "local", ALWAYS_SURE);
        Classification said = decided(cascade, REFUND);

        assertThat(said.category()).isEqualTo("refunds");
        assertThat(said.source()).isEqualTo(Source.LOCAL);
        assertThat(said.unsure()).isFalse();
        assertThat(decided(cascade, Task.of("my parcel has not arrived")).category())
                .isEqualTo("deliveries");
    }

    @Test
    void description_besideExamples_countsAsOne() {
        String categories =
                OWN
                        + "  pets: { description: A question about feeding a hamster,"
                        + " models: [up/small], examples: [\"My cat is ill\"] }\n";

        assertThat(
                        decided(
                                        cascade(categories, "refunds", "local", ALWAYS_SURE),
                                        Task.of("a question about feeding a hamster"))
                                .category())
                .isEqualTo("pets");
    }

    @Test
    void examplesOnly_farFromTheTask_areUnsure() {
        Classification said = decided(cascade(OWN, "deliveries", "local", "threshold: 0.6"), POEM);

        assertThat(said.unsure()).isTrue();
        assertThat(said.confidence()).isLessThan(0.5);
        assertThat(
                        decided(
                                        cascade(
                                                OWN,
                                                "deliveries",
                                                "local",
                                                "threshold: 0.6, unsure: default"),
                                        POEM)
                                .source())
                .isEqualTo(Source.DEFAULT);
    }

    @Test
    void examplesAndNamesOfTheModel_mix() {
        Cascade cascade = cascade(OWN + BUILT_IN, "generation", "local", ALWAYS_SURE);

        assertThat(decided(cascade, REFUND).category()).isEqualTo("refunds");
        assertThat(decided(cascade, POEM).category()).isEqualTo("generation");
        assertThat(decided(cascade, SORTING).category()).isEqualTo("triage");
        assertThat(decided(cascade, POEM.image(Image.ofUrl("https://a/b.png"))).category())
                .isEqualTo("vision");
    }

    @Test
    void builtInName_withExamplesOfItsOwn_isKnownByThemAlone() {
        String categories =
                """
                  triage: { models: [up/small], examples: ["Where is my parcel?"] }
                  generation: { models: [up/small] }
                  reasoning: { models: [up/small] }
                """;
        Cascade cascade = cascade(categories, "generation", "local", ALWAYS_SURE);

        assertThat(decided(cascade, Task.of("where is my parcel")).category()).isEqualTo("triage");
        assertThat(decided(cascade, SORTING).category()).isIn("generation", "reasoning");
    }

    @Test
    void oneCategory_alone_takesEverything() {
        Cascade known =
                cascade(
                        "  generation: { models: [up/small] }\n",
                        "generation",
                        "local",
                        "threshold: 0.6");
        Cascade own =
                cascade(
                        "  refunds: { models: [up/small], examples: [\"I want a refund\"] }\n",
                        "refunds",
                        "local",
                        "threshold: 0.6");

        for (Task task : List.of(POEM, SORTING, REFUND)) {
            assertThat(decided(known, task).category()).isEqualTo("generation");
            assertThat(known.explain(task, 9).category()).isEqualTo("generation");
            assertThat(decided(own, task).category()).isEqualTo("refunds");
            assertThat(own.explain(task, 9).category()).isEqualTo("refunds");
        }
        assertThat(decided(known, SORTING).confidence())
                .isLessThan(decided(known, POEM).confidence());
    }

    @ParameterizedTest
    @ValueSource(strings = {"guess", "default", "triage"})
    void evidence_ofADecision_neverHoldsAWordOfThePrompt(String unsure) {
        String[] words = {"Zanzibar", "quokka", "marmalade", "trombone", "periwinkle"};
        Task task =
                Task.of("Write a poem: " + String.join(" ", words))
                        .system("Mention " + words[0] + " and " + words[1]);
        for (String categories : List.of(BUILT_IN, OWN, FOREIGN, OWN + BUILT_IN)) {
            for (String threshold : List.of(ALWAYS_SURE, NEVER_SURE)) {
                for (String use : List.of("local", "local, triage")) {
                    boolean has = categories.contains("  " + unsure + ":");
                    String wish = unsure.equals("triage") && !has ? "guess" : unsure;
                    Cascade cascade =
                            cascade(
                                    categories,
                                    categories.strip().split(":")[0],
                                    use,
                                    threshold + ", unsure: " + wish);
                    Classification said =
                            switch (begin(cascade, task)) {
                                case Cascade.Step.Decided decided -> decided.classification();
                                case Cascade.Step.Ask ask -> ask.otherwise();
                            };

                    assertThat(String.join("\n", said.evidence()))
                            .isNotEmpty()
                            .doesNotContainIgnoringCase(words)
                            .doesNotContainIgnoringCase("poem");
                }
            }
        }
    }

    @Test
    void evidence_ofAnExplanation_quotesThePrompt() {
        Cascade cascade = cascade(OWN + BUILT_IN, "generation", "local", ALWAYS_SURE);
        Classification byModel = cascade.explain(POEM, 9);
        Classification byExamples = cascade.explain(REFUND, 9);

        assertThat(byModel.category()).isEqualTo(decided(cascade, POEM).category());
        assertThat(byModel.confidence()).isEqualTo(decided(cascade, POEM).confidence());
        assertThat(String.join("\n", byModel.evidence()))
                .contains("\"poem\"")
                .contains("so none of them");
        assertThat(byExamples.category()).isEqualTo("refunds");
        assertThat(byExamples.evidence())
                .anySatisfy(line -> assertThat(line).startsWith("nearest example, of refunds: \""))
                .anySatisfy(line -> assertThat(line).startsWith("next deliveries"));
    }

    @Test
    void conversation_overAToolLoop_keepsItsCategory() {
        Cascade cascade = cascade(BUILT_IN, "reasoning", "local", ALWAYS_SURE);
        Task later =
                Task.of(
                        List.of(
                                POEM.messages().getFirst(),
                                Message.assistant("I look for rhymes."),
                                Message.user("<tool_result>Error: no such file</tool_result>"),
                                Message.assistant("Shall I write it?"),
                                Message.user("yes")));

        assertThat(decided(cascade, later)).isEqualTo(decided(cascade, POEM));
    }

    @Test
    void warmUp_changesNoAnswer() {
        Cascade cold = cascade(BUILT_IN, "reasoning", "local", ALWAYS_SURE);
        Cascade warm = cascade(BUILT_IN, "reasoning", "local", ALWAYS_SURE);
        warm.warmUp();

        assertThat(decided(warm, POEM)).isEqualTo(decided(cold, POEM));
        new Cascade(policy(BUILT_IN, "reasoning", "rules", ALWAYS_SURE, "up/small")).warmUp();
    }

    @ParameterizedTest
    @ValueSource(strings = {"this is no model", "", "PMC", "PMCL", "PMCL\u0000\u0001"})
    void modelFile_ofGarbage_failsAtOnceAndSaysWhere(String content, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("mine.model"), content);
        Policy policy =
                policy(BUILT_IN, "generation", "local", "model: \"" + file + "\"", "up/small");

        assertThatThrownBy(() -> new Cascade(policy))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("classify.local.model: ")
                .hasMessageContaining(file.toString())
                .hasMessageContaining("model");
    }

    @Test
    void modelFile_thatIsNotUsed_isNotRead(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.model"), "this is no model");
        Cascade cascade = cascade(BUILT_IN, "reasoning", "rules", "model: \"" + file + "\"");

        assertThat(decided(cascade, POEM).source()).isEqualTo(Source.DEFAULT);
    }

    private static Cascade.Step begin(Cascade cascade, Task task) {
        return cascade.begin(task, Tokens.estimate(task));
    }

    private static Classification decided(Cascade cascade, Task task) {
        return ((Cascade.Step.Decided) begin(cascade, task)).classification();
    }

    private static Cascade cascade(
            String categories, String defaultCategory, String use, String local) {
        return new Cascade(policy(categories, defaultCategory, use, local, "up/small"));
    }

    private static Policy policy(
            String categories, String defaultCategory, String use, String local, String triage) {
        return PolicyFile.text(
                        POLICY.formatted(categories, defaultCategory, use, local, triage),
                        "local.yaml")
                .environment(name -> Optional.empty())
                .load();
    }
}
