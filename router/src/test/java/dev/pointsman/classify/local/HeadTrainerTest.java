package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Weights fitted to a user's own labels, and the judgement whether they are any better. */
class HeadTrainerTest {

    private static final LocalModel BASE = LocalModel.builtIn();

    @Test
    void category_ofTheUsers_isLearntOnTopOfTheBuiltIn() {
        List<Labelled> rows = new ArrayList<>();
        List<String> legal =
                List.of("contract", "clause", "liability", "lease", "warranty", "lawsuit");
        List<String> poems = List.of("snow", "rivers", "the sea", "autumn", "a cat", "two friends");
        for (int i = 0; i < 24; i++) {
            String group = "team " + i % 3;
            rows.add(
                    new Labelled(
                            "Is the " + legal.get(i % 6) + " valid under section " + i + "?",
                            "legal",
                            group));
            rows.add(
                    new Labelled(
                            "Write a poem of " + (i + 2) + " lines about " + poems.get(i % 6),
                            "generation",
                            group));
        }
        HeadTrainer.Result result = new HeadTrainer(BASE, true).train("mine", rows, fold -> {});

        assertThat(result.better()).isTrue();
        assertThat(result.chance()).isLessThan(0.001);
        assertThat(result.groups()).isEqualTo(3);
        assertThat(result.fitted().accuracy()).isGreaterThan(0.9);
        assertThat(result.before().accuracy()).isLessThanOrEqualTo(0.5);
        assertThat(result.before().count()).isEqualTo(rows.size());
        assertThat(result.model().name()).isEqualTo("mine");
        assertThat(result.model().categories())
                .startsWith(BASE.categories().toArray(String[]::new))
                .endsWith("legal")
                .hasSize(BASE.categories().size() + 1);
        assertThat(result.model().classify("Is the lease valid under section 99?").category())
                .isEqualTo("legal");
        assertThat(result.model().classify("Write a poem about a dog").category())
                .isEqualTo("generation");
    }

    @Test
    void categories_ofWhichTheLabelsDoNotSpeak_areStillKnown() {
        List<Labelled> rows = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String group = "team " + i % 2;
            rows.add(new Labelled("Is the lease valid under section " + i + "?", "legal", group));
            rows.add(new Labelled("Write a poem of " + i + " lines", "generation", group));
        }
        LocalModel model = new HeadTrainer(BASE, true).train("x", rows, fold -> {}).model();

        assertThat(model.classify("Is the lease valid under section 99?").category())
                .isEqualTo("legal");
        assertThat(model.classify("What is shown in the attached picture?").category())
                .isEqualTo("vision");
        assertThat(model.classify("Translate to French: The meeting is on Thursday.").category())
                .isEqualTo("triage");
        assertThat(model.classify("Prove that the square root of 3 is irrational.").category())
                .isEqualTo("reasoning");
    }

    @Test
    void categories_ofTheUsersAlone_standWithoutTheBase() {
        assertThat(SmallModel.get().categories()).isEqualTo(SmallModel.CATEGORIES);
        for (Labelled row : SmallModel.rows()) {
            assertThat(SmallModel.get().classify(row.text()).category()).isEqualTo(row.category());
        }
    }

    @Test
    void base_thatSharesNoCategory_givesNone() {
        HeadTrainer.Result result =
                new HeadTrainer(BASE, true).train("x", SmallModel.rows().subList(0, 12), f -> {});

        assertThat(result.model().categories()).containsExactly("law", "health");
    }

    @Test
    void labels_thatAreNoise_areRefused() {
        Random random = new Random(20_261_124);
        List<Labelled> rows = new ArrayList<>();
        List<Labelled> meant = SmallModel.rows();
        for (int i = 0; i < 60; i++) {
            rows.add(
                    new Labelled(
                            meant.get(i % meant.size()).text() + " " + i,
                            random.nextBoolean() ? "heads" : "tails",
                            "group " + i % 3));
        }
        HeadTrainer.Result result = new HeadTrainer(BASE, false).train("x", rows, fold -> {});

        assertThat(result.better()).isFalse();
        assertThat(result.chance()).isGreaterThanOrEqualTo(0.05);
        assertThat(result.before().accuracy()).isGreaterThanOrEqualTo(0.5);
    }

    @Test
    void labels_thatTheBaseKnows_areNoReasonToReplaceIt() {
        List<Labelled> rows = new ArrayList<>();
        List<String> poems = List.of("snow", "rivers", "the sea", "autumn", "a cat", "two friends");
        for (int i = 0; i < 12; i++) {
            rows.add(
                    new Labelled(
                            "Write a poem about " + poems.get(i % 6), "generation", "g" + i % 2));
            rows.add(
                    new Labelled(
                            "Describe this image of " + poems.get(i % 6), "vision", "g" + i % 2));
        }
        HeadTrainer.Result result = new HeadTrainer(BASE, true).train("x", rows, fold -> {});

        assertThat(result.before().accuracy()).isEqualTo(1);
        assertThat(result.chance()).isEqualTo(1);
        assertThat(result.better()).isFalse();
    }

    @Test
    void rows_ofOneGroup_areNeverLearntFromAndJudgedAtOnce() {
        // What the one group teaches is the contrary of what holds in the other.
        List<Labelled> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            boolean left = i % 2 == 0;
            rows.add(new Labelled("apple number " + i, left ? "yes" : "no", left ? "l" : "r"));
            rows.add(new Labelled("bicycle number " + i, left ? "no" : "yes", left ? "l" : "r"));
        }
        List<Integer> folds = new ArrayList<>();
        HeadTrainer.Result result = new HeadTrainer(BASE, false).train("x", rows, folds::add);

        assertThat(folds).containsExactly(0, 1);
        assertThat(result.groups()).isEqualTo(2);
        assertThat(result.fitted().accuracy()).isLessThan(0.1);
        assertThat(result.better()).isFalse();
        assertThat(result.fitted().sources()).containsOnlyKeys("l", "r");
    }

    @Test
    void groups_beyondTen_shareFolds() {
        List<Labelled> rows = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            rows.add(new Labelled("number " + i, i % 2 == 0 ? "even" : "odd", "group " + i / 2));
        }
        List<Integer> folds = new ArrayList<>();
        HeadTrainer.Result result = new HeadTrainer(BASE, false).train("x", rows, folds::add);

        assertThat(result.groups()).isEqualTo(10);
        assertThat(folds).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(result.fitted().sources()).hasSize(12);
    }

    @Test
    void rows_ofOnlyOneGroup_areFoldedByTheirContent() {
        List<Labelled> rows = new ArrayList<>();
        for (Labelled row : SmallModel.rows()) {
            rows.add(new Labelled(row.text(), row.category(), "all"));
        }
        List<Integer> folds = new ArrayList<>();
        HeadTrainer.Result result = new HeadTrainer(BASE, false).train("x", rows, folds::add);

        assertThat(result.groups()).isEqualTo(5);
        assertThat(folds).containsExactly(0, 1, 2, 3, 4);
        assertThat(result.fitted().count()).isEqualTo(rows.size());
    }

    @Test
    void rows_thatAreVeryFew_giveAModelAndNoClaim() {
        List<Labelled> rows =
                List.of(new Labelled("the same", "a", "g"), new Labelled("the same", "b", "g"));
        HeadTrainer.Result result = new HeadTrainer(BASE, false).train("x", rows, fold -> {});

        assertThat(result.better()).isFalse();
        for (double p : result.model().probabilities("the same")) {
            assertThat(p).isBetween(0.0, 1.0);
        }
    }

    @Test
    void training_ofTheSameRows_givesTheSameModel() {
        LocalModel again =
                new HeadTrainer(BASE, false).train("small", SmallModel.rows(), f -> {}).model();
        for (String text : Texts.random(50, 9)) {
            assertThat(again.probabilities(text)).isEqualTo(SmallModel.get().probabilities(text));
        }
    }

    @Test
    void training_leavesTheBaseAsItWas() {
        double[] before = BASE.probabilities("Write a poem");
        new HeadTrainer(BASE, true)
                .train(
                        "x",
                        List.of(
                                new Labelled("Write a poem", "triage", "1"),
                                new Labelled("Sort this", "generation", "2")),
                        fold -> {});

        assertThat(BASE.probabilities("Write a poem")).isEqualTo(before);
    }

    @Test
    void rows_ofFewerThanTwoCategories_areRefused() {
        HeadTrainer trainer = new HeadTrainer(BASE, true);

        assertThatThrownBy(() -> trainer.train("x", List.of(), fold -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two categories");
        assertThatThrownBy(() ->
                        trainer.train(
                                "x",
                                List.of(
                                        new Labelled("one", "triage", "1"),
                                        new Labelled("two", "triage", "2")),
                                fold -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two categories")
                .hasMessageContaining("triage");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "0, 9, 1",
        "1, 1, 0.5",
        "2, 2, 0.25",
        "3, 4, 0.3125",
        "5, 10, 0.623046875",
        "8, 10, 0.0546875",
        "9, 10, 0.0107421875",
        "10, 10, 0.0009765625",
        "11, 10, 0"
    })
    void chance_ofHeads_isTheTailOfTheBinomial(int heads, int tosses, double expected) {
        assertThat(HeadTrainer.atLeast(heads, tosses)).isEqualTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"60, 100", "499, 1000", "1000, 2000", "1050, 2000", "2600, 5000", "0, 3000"})
    void chance_ofManyTosses_isExact(int heads, int tosses) {
        BigInteger sum = BigInteger.ZERO;
        BigInteger ways = BigInteger.ONE;
        for (int i = 0; i <= tosses; i++) {
            sum = i >= heads ? sum.add(ways) : sum;
            ways = ways.multiply(BigInteger.valueOf(tosses - i)).divide(BigInteger.valueOf(i + 1));
        }
        double exact =
                new BigDecimal(sum)
                        .divide(new BigDecimal(BigInteger.TWO.pow(tosses)), MathContext.DECIMAL64)
                        .doubleValue();

        assertThat(HeadTrainer.atLeast(heads, tosses)).isEqualTo(exact, within(1e-9));
    }
}
