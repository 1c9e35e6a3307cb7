package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why a text is what it is said to be. */
class ExplanationTest {

    private static final List<String> PROMPTS =
            List.of(
                    "Write a poem about the first snow in the mountains.",
                    "Summarize the following article in two sentences: the bridge is closed.",
                    "What is shown in the attached picture?",
                    "Should we use Kafka or PostgreSQL as a job queue? Weigh the trade-offs.",
                    "Translate this email to French and keep the tone friendly.",
                    "Why does this code crash?",
                    "Write a function that sorts; write it twice, then write a test.",
                    "describe the image",
                    "classify it");

    private final LocalModel model = LocalModel.builtIn();
    private final Set<String> all = Set.copyOf(model.categories());

    @Test
    void probabilities_areTheModels_theHighestFirst() {
        for (String prompt : PROMPTS) {
            Explanation explanation = Explanation.of(model, prompt, all);
            Verdict verdict = model.classify(prompt);

            assertThat(explanation.probabilities().keySet()).first().isEqualTo(verdict.category());
            assertThat(explanation.probabilities()).containsOnlyKeys(model.categories());
            assertThat(List.copyOf(explanation.probabilities().values()))
                    .isSortedAccordingTo(Comparator.reverseOrder())
                    .first()
                    .isEqualTo(verdict.confidence());
        }
    }

    @Test
    void signals_areTheStrongestFirst_eachOnce() {
        for (String prompt : PROMPTS) {
            List<Explanation.Signal> signals = Explanation.of(model, prompt, all).signals();

            assertThat(signals)
                    .isNotEmpty()
                    .isSortedAccordingTo(
                            Comparator.comparingDouble(signal -> -Math.abs(signal.logOdds())))
                    .allSatisfy(signal -> assertThat(signal.feature()).isNotBlank());
            assertThat(signals).extracting(Explanation.Signal::feature).doesNotHaveDuplicates();
            assertThat(signals).anySatisfy(signal -> assertThat(signal.logOdds()).isPositive());
        }
    }

    @Test
    void signals_addUpToTheLogOdds_butForWhatEachPairOfCategoriesBeginsWith() {
        long seed = System.nanoTime();
        Map<String, Double> beginnings = new HashMap<>();
        List<String> texts = new ArrayList<>(Texts.random(100, seed));
        texts.addAll(PROMPTS);
        for (String text : texts) {
            Verdict verdict = model.classify(text);
            double logOdds = Math.log(verdict.confidence() / verdict.runnerUpConfidence());
            double sum = 0;
            for (Explanation.Signal signal : Explanation.of(model, text, all).signals()) {
                sum += signal.logOdds();
            }
            String pair = verdict.category() + " over " + verdict.runnerUp();
            double beginning = beginnings.computeIfAbsent(pair, key -> Double.NaN);
            if (Double.isNaN(beginning)) {
                beginnings.put(pair, logOdds - sum);
            } else {
                assertThat(logOdds - sum)
                        .as("seed %d: %s", seed, pair)
                        .isEqualTo(beginning, within(0.001));
            }
        }
        assertThat(beginnings).hasSizeLessThan(texts.size());
    }

    @Test
    void signals_quoteTheText() {
        String prompt = "Write a poem about the first snow in the mountains.";

        assertThat(Explanation.of(model, prompt, all).signals())
                .extracting(Explanation.Signal::feature)
                .contains("\"poem\"", "\"write\"", "pieces of words", "the meaning of the whole");
    }

    @Test
    void change_takesWordsAway_andTheAnswerIsReallyAnother() {
        int changed = 0;
        for (String prompt : PROMPTS) {
            Explanation explanation = Explanation.of(model, prompt, all);
            String category = model.classify(prompt).category();
            if (explanation.change().isEmpty()) {
                assertThat(explanation.changed()).isEqualTo(category);
                continue;
            }
            changed++;
            String left = prompt;
            for (String word : explanation.change()) {
                String without = left.replaceAll("(?<![A-Za-z0-9])" + word + "(?![A-Za-z0-9])", "");
                assertThat(without).as(word).isNotEqualTo(left);
                left = without;
            }

            assertThat(model.classify(left).category())
                    .as(left)
                    .isEqualTo(explanation.changed())
                    .isNotEqualTo(category);
        }
        assertThat(changed).isPositive();
    }

    @Test
    void lines_areForPeople() {
        for (String prompt : PROMPTS) {
            Explanation explanation = Explanation.of(model, prompt, all);
            List<String> names = new ArrayList<>(explanation.probabilities().keySet());
            List<String> lines = explanation.lines();

            assertThat(lines).hasSize(4);
            assertThat(lines.get(0)).matches("(\\w+ [01]\\.\\d\\d, ){3}\\w+ [01]\\.\\d\\d");
            assertThat(lines.get(1))
                    .startsWith("for " + names.get(0) + " over " + names.get(1) + ": ")
                    .containsPattern("\\+\\d+\\.\\d\\d");
            assertThat(lines.get(2)).matches("against: (nothing worth naming|.*-\\d+\\.\\d\\d)");
            assertThat(lines.get(3))
                    .matches(
                            "without \"\\w+\"(, \"\\w+\")* it would be \\w+"
                                    + "|no few words would have to go for another answer");
            assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("NaN", "null"));
        }
    }

    @Test
    void explanation_amongSome_speaksOnlyOfThem() {
        Explanation explanation =
                Explanation.of(model, PROMPTS.getFirst(), Set.of("triage", "reasoning"));

        assertThat(explanation.probabilities()).containsOnlyKeys("triage", "reasoning");
        assertThat(explanation.probabilities().values().stream().mapToDouble(p -> p).sum())
                .isEqualTo(1, within(1e-9));
        assertThat(String.join("\n", explanation.lines())).doesNotContain("generation", "vision");
    }

    @Test
    void explanation_amongOne_hasNothingToCompare() {
        Explanation explanation = Explanation.of(model, PROMPTS.getFirst(), Set.of("triage"));

        assertThat(explanation.probabilities()).containsOnlyKeys("triage");
        assertThat(explanation.signals()).isEmpty();
        assertThat(explanation.change()).isEmpty();
        assertThat(explanation.changed()).isEqualTo("triage");
        assertThat(explanation.lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "?", "word", "\uD83D", "\uD83D\uDE00 \uDE00", "漢字", "$1 \\ (["})
    void explanation_ofOddTexts_hasLines(String text) {
        assertThat(Explanation.of(model, text, all).lines()).hasSize(4);
    }

    @Test
    void explanation_ofALongText_hasLines() {
        assertThat(Explanation.of(model, "a b, c\n".repeat(20_000), all).lines()).hasSize(4);
    }

    @Test
    void explanation_ofAnyText_neverThrowsAndAgreesWithTheModel() {
        long seed = System.nanoTime();
        for (String text : Texts.random(60, seed)) {
            Explanation explanation = Explanation.of(model, text, all);

            assertThat(explanation.probabilities().keySet())
                    .as("seed %d", seed)
                    .first()
                    .isEqualTo(model.classify(text).category());
            assertThat(explanation.lines()).as("seed %d", seed).hasSize(4);
        }
    }
}
