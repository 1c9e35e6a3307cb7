package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** What the model promises of any text. */
class LocalModelTest {

    private static final int MEGABYTE = 1 << 20;

    private final LocalModel model = LocalModel.builtIn();

    @Test
    void builtIn_knowsTheFoundingCategories_andIsReadOnce() {
        assertThat(model.categories())
                .containsExactlyInAnyOrder("reasoning", "generation", "triage", "vision");
        assertThat(model.name()).isNotBlank();
        assertThat(LocalModel.builtIn()).isSameAs(model);
    }

    @Test
    void verdict_isTheBestTwoOfTheProbabilities() {
        for (String text : Texts.random(200, 1)) {
            double[] p = model.probabilities(text);
            Verdict verdict = model.classify(text);
            double[] sorted = p.clone();
            Arrays.sort(sorted);

            assertThat(verdict.confidence()).isEqualTo(sorted[3], within(1e-12));
            assertThat(verdict.runnerUpConfidence()).isEqualTo(sorted[2], within(1e-12));
            assertThat(p[model.categories().indexOf(verdict.category())])
                    .isEqualTo(verdict.confidence(), within(1e-12));
            assertThat(verdict.runnerUp()).isNotEqualTo(verdict.category());
        }
    }

    @Test
    void classify_amongSome_renormalises() {
        String text = "Write a poem about the picture of a cat.";
        double[] p = model.probabilities(text);
        double generation = p[model.categories().indexOf("generation")];
        double triage = p[model.categories().indexOf("triage")];
        Verdict verdict = model.classify(text, Set.of("generation", "triage", "unheard of"));

        assertThat(verdict.category()).isEqualTo(generation > triage ? "generation" : "triage");
        assertThat(verdict.confidence())
                .isEqualTo(Math.max(generation, triage) / (generation + triage), within(1e-12));
        assertThat(verdict.confidence() + verdict.runnerUpConfidence()).isEqualTo(1, within(1e-12));
    }

    @Test
    void classify_amongAll_isTheSameAsAmongNoneNamed() {
        for (String text : Texts.random(50, 2)) {
            Verdict all = model.classify(text, Set.copyOf(model.categories()));

            assertThat(all.category()).isEqualTo(model.classify(text).category());
            assertThat(all.confidence())
                    .isEqualTo(model.classify(text).confidence(), within(1e-12));
        }
    }

    @Test
    void classify_amongOne_keepsItsOwnProbability() {
        String text = "Write a poem about snow.";
        Verdict verdict = model.classify(text, Set.of("triage"));

        assertThat(verdict.category()).isEqualTo("triage");
        assertThat(verdict.runnerUp()).isEqualTo("triage");
        assertThat(verdict.confidence())
                .isEqualTo(model.probabilities(text)[model.categories().indexOf("triage")])
                .isLessThan(0.5);
    }

    @Test
    void classify_amongNoneOfItsOwn_isRefused() {
        assertThatThrownBy(() -> model.classify("x", Set.of("refunds")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("None of the categories");
        assertThatThrownBy(() -> model.classify("x", Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(model.classify("x")).isEqualTo(model.classify("x"));
    }

    static Stream<String> oddTexts() {
        return Stream.of(
                "",
                " ",
                "\n\n\t",
                "?",
                ".",
                "a",
                "\uD83D\uDE00\uD83D\uDE80",
                "\uD83D",
                "\uDE00\uD83D",
                "ab\uD83Dcd \uDE00",
                "\u0000\u0001\u0007\u001B\u007F\u0085",
                "\uFEFF\u200B\u200D\u202E\uFFFF\uFFFE",
                "漢字かな交じり文",
                "مرحبا بالعالم",
                "İstanbul ǅ ß ﬁ",
                "x".repeat(63),
                "x".repeat(64),
                "x".repeat(65),
                "pneumono".repeat(500),
                "word ".repeat(900),
                "y".repeat(4_499),
                "y".repeat(4_500),
                "y".repeat(4_501),
                "a".repeat(2_999) + "\uD83D\uDE00".repeat(1_600),
                "a".repeat(MEGABYTE),
                " ".repeat(MEGABYTE),
                "\n".repeat(MEGABYTE),
                "?".repeat(MEGABYTE),
                "漢".repeat(MEGABYTE),
                "\uD83D".repeat(MEGABYTE),
                "\u0000".repeat(MEGABYTE),
                "<a>".repeat(MEGABYTE / 3));
    }

    @ParameterizedTest
    @MethodSource("oddTexts")
    void oddTexts_haveProbabilitiesThatSumToOne(String text) {
        for (LocalModel each : List.of(model, SmallModel.get())) {
            double[] p = each.probabilities(text);

            assertThat(p).hasSize(each.categories().size());
            assertProbabilities(p, shown(text));
            assertThat(each.classify(text).confidence()).isBetween(0.0, 1.0);
            assertThat(each.probabilities(text)).isEqualTo(p);
        }
    }

    @Test
    void anyText_neverThrows() {
        long seed = System.nanoTime();
        OwnCategories own = OwnCategoriesTest.shop();
        for (String text : Texts.random(3_000, seed)) {
            assertProbabilities(model.probabilities(text), "seed " + seed + ": " + shown(text));
            assertThat(own.match(text).inScope())
                    .as("seed %d: %s", seed, shown(text))
                    .isBetween(0.0, 1.0);
        }
    }

    @Test
    void answers_areTheSameAfterAnyOtherText() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> texts = Texts.random(300, seed);
        List<double[]> first = texts.stream().map(model::probabilities).toList();
        for (int i = 0; i < 3_000; i++) {
            int at = random.nextInt(texts.size());

            assertThat(model.probabilities(texts.get(at)))
                    .as("seed %d: %s", seed, shown(texts.get(at)))
                    .isEqualTo(first.get(at));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void threads_atOnce_giveTheAnswersOfOne(boolean virtual) throws Exception {
        long seed = System.nanoTime();
        List<String> texts = Texts.random(2_000, seed);
        OwnCategories own = OwnCategoriesTest.shop();
        List<double[]> alone = texts.stream().map(model::probabilities).toList();
        List<OwnCategories.Match> alonesMatches = texts.stream().map(own::match).toList();
        List<Callable<Integer>> jobs = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int begin = thread * 251;
            jobs.add(() -> {
                int different = 0;
                for (int i = 0; i < texts.size(); i++) {
                    int at = (begin + i) % texts.size();
                    boolean same =
                            Arrays.equals(model.probabilities(texts.get(at)), alone.get(at))
                                    && own.match(texts.get(at)).equals(alonesMatches.get(at));
                    different += same ? 0 : 1;
                }
                return different;
            });
        }
        try (ExecutorService threads =
                virtual
                        ? Executors.newVirtualThreadPerTaskExecutor()
                        : Executors.newFixedThreadPool(8)) {
            for (Future<Integer> job : threads.invokeAll(jobs)) {
                assertThat(job.get()).as("seed %d", seed).isZero();
            }
        }
    }

    @Test
    void middle_ofALongText_isNotRead() {
        String beginning = "Classify the sentiment of this review. ".repeat(80);
        String end = " Answer positive or negative.".repeat(60);
        String one = beginning + "a cat sat on the mat. ".repeat(5_000) + end;
        String other = beginning + "the dog ran to a fox. ".repeat(5_000) + end;

        assertThat(beginning.length()).isGreaterThan(3_000);
        assertThat(end.length()).isGreaterThan(1_500);
        assertThat(one).hasSameSizeAs(other);
        assertThat(model.probabilities(one)).isEqualTo(model.probabilities(other));
    }

    private static void assertProbabilities(double[] p, String what) {
        double sum = 0;
        for (double one : p) {
            assertThat(one).as(what).isBetween(0.0, 1.0);
            sum += one;
        }
        assertThat(sum).as(what).isEqualTo(1, within(1e-9));
    }

    /** The beginning of a text, so that what cannot be printed can be found again. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length() + " characters: ");
        for (int i = 0; i < Math.min(80, text.length()); i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c < 127 ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return shown.toString();
    }
}
