package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Each measure against one worked out by hand. */
class EvaluationTest {

    private static final List<Answer> ANSWERS =
            List.of(
                    new Answer("a", "x", "x", 0.9),
                    new Answer("a", "x", "y", 0.8),
                    new Answer("a", "y", "y", 0.6),
                    new Answer("a", "y", "y", 0.7),
                    new Answer("b", "z", "x", 0.5),
                    new Answer("b", "x", "x", 0.95));

    private final Evaluation evaluation = Evaluation.of(ANSWERS);

    @Test
    void accuracy_countsAnswers_macroAccuracyCountsSources() {
        assertThat(evaluation.count()).isEqualTo(6);
        assertThat(evaluation.accuracy()).isEqualTo(4 / 6.0, within(1e-12));
        assertThat(evaluation.macroAccuracy()).isEqualTo((3 / 4.0 + 1 / 2.0) / 2, within(1e-12));
        assertThat(evaluation.sources())
                .isEqualTo(Map.of("a", new Evaluation.Share(3, 4), "b", new Evaluation.Share(1, 2)))
                .containsOnlyKeys("a", "b");
        assertThat(List.copyOf(evaluation.sources().keySet())).containsExactly("a", "b");
    }

    @Test
    void quality_ofACategory_isPrecisionRecallAndF1() {
        assertThat(evaluation.categories()).containsExactly("x", "y", "z");
        assertThat(evaluation.quality("x").precision()).isEqualTo(2 / 3.0, within(1e-12));
        assertThat(evaluation.quality("x").recall()).isEqualTo(2 / 3.0, within(1e-12));
        assertThat(evaluation.quality("x").f1()).isEqualTo(2 / 3.0, within(1e-12));
        assertThat(evaluation.quality("y").precision()).isEqualTo(2 / 3.0, within(1e-12));
        assertThat(evaluation.quality("y").recall()).isEqualTo(1);
        assertThat(evaluation.quality("y").f1()).isEqualTo(4 / 5.0, within(1e-12));
    }

    @Test
    void precision_ofACategoryNeverSaid_isNaN() {
        assertThat(evaluation.quality("z").precision()).isNaN();
        assertThat(evaluation.quality("z").recall()).isZero();
        assertThat(evaluation.quality("z").f1()).isZero();
    }

    @Test
    void recall_ofACategoryThatIsNowhere_isNaN() {
        Evaluation other = Evaluation.of(List.of(new Answer("a", "x", "q", 0.5)));

        assertThat(other.quality("q").recall()).isNaN();
        assertThat(other.quality("q").precision()).isZero();
        assertThat(other.quality("nowhere").precision()).isNaN();
        assertThat(other.quality("nowhere").f1()).isZero();
    }

    @Test
    void macroF1_countsOnlyCategoriesThatStandInTheData() {
        assertThat(evaluation.macroF1()).isEqualTo((2 / 3.0 + 4 / 5.0 + 0) / 3, within(1e-12));

        Evaluation other =
                Evaluation.of(
                        List.of(
                                new Answer("a", "x", "x", 0.5),
                                new Answer("a", "x", "never meant", 0.5)));
        assertThat(other.macroF1()).isEqualTo(2 / 3.0, within(1e-12));
    }

    @Test
    void confusion_countsWhatWasTakenForWhat() {
        assertThat(evaluation.confusion("x", "x")).isEqualTo(2);
        assertThat(evaluation.confusion("x", "y")).isEqualTo(1);
        assertThat(evaluation.confusion("y", "x")).isZero();
        assertThat(evaluation.confusion("z", "x")).isEqualTo(1);
        assertThat(evaluation.confusion("z", "z")).isZero();
    }

    @Test
    void calibrationError_ofAnswersInBinsOfTheirOwn_isTheMeanGap() {
        assertThat(evaluation.calibrationError())
                .isEqualTo((0.1 + 0.8 + 0.4 + 0.3 + 0.5 + 0.05) / 6, within(1e-12));
    }

    @Test
    void calibrationError_ofAnswersInOneBin_isTheGapOfTheirMeans() {
        // .91 to .93 lie in the bin from 13/15 to 14/15; .30 in the one from 4/15 to 5/15
        Evaluation shared =
                Evaluation.of(
                        List.of(
                                new Answer("a", "x", "x", 0.91),
                                new Answer("a", "x", "x", 0.92),
                                new Answer("a", "x", "y", 0.93),
                                new Answer("a", "x", "x", 0.30)));

        assertThat(shared.calibrationError())
                .isEqualTo(((0.91 + 0.92 + 0.93 - 2) + (1 - 0.30)) / 4, within(1e-12));
    }

    @Test
    void calibrationError_atTheEdges_takesTheOuterBins() {
        Evaluation edges =
                Evaluation.of(List.of(new Answer("a", "x", "x", 1), new Answer("a", "x", "y", 0)));

        assertThat(edges.calibrationError()).isZero();
        assertThat(Evaluation.of(List.of(new Answer("a", "x", "y", 1))).calibrationError())
                .isEqualTo(1);
    }

    @Test
    void coverage_keepsTheSurest_andLetsEachSourceCountTheSame() {
        List<Evaluation.Point> points = evaluation.coverage(0.25, 0.5, 0.6, 1);

        // b's two answers weigh 1/2 each, a's four 1/4 each; in all they weigh 2
        assertThat(points)
                .extracting(Evaluation.Point::coverage)
                .containsExactly(0.25, 0.5, 0.6, 1.0);
        assertThat(points)
                .extracting(Evaluation.Point::threshold)
                .containsExactly(0.95, 0.8, 0.7, 0.5);
        assertThat(points.get(0).accuracy()).isEqualTo(1, within(1e-12));
        assertThat(points.get(1).accuracy()).isEqualTo(0.75 / 1, within(1e-12));
        assertThat(points.get(2).accuracy()).isEqualTo(1 / 1.25, within(1e-12));
        assertThat(points.get(3).accuracy()).isEqualTo(evaluation.macroAccuracy(), within(1e-12));
    }

    @Test
    void coverage_ofNoShares_isEmpty() {
        assertThat(evaluation.coverage()).isEmpty();
        assertThat(Evaluation.of(ANSWERS.subList(0, 1)).coverage(0.01, 0.5, 1))
                .hasSize(3)
                .allSatisfy(point -> assertThat(point.accuracy()).isEqualTo(1));
    }

    @Test
    void measures_inAnyOrderOfTheAnswers_areTheSame() {
        long seed = System.nanoTime();
        List<Answer> shuffled = new ArrayList<>(ANSWERS);
        Collections.shuffle(shuffled, new Random(seed));
        Evaluation other = Evaluation.of(shuffled);

        assertThat(other.accuracy()).as("seed %d", seed).isEqualTo(evaluation.accuracy());
        assertThat(other.macroF1()).as("seed %d", seed).isEqualTo(evaluation.macroF1());
        assertThat(other.calibrationError())
                .as("seed %d", seed)
                .isEqualTo(evaluation.calibrationError(), within(1e-12));
        assertThat(other.coverage(0.5).getFirst().accuracy())
                .as("seed %d", seed)
                .isEqualTo(evaluation.coverage(0.5).getFirst().accuracy(), within(1e-12));
    }

    @Test
    void evaluation_ofNothing_isRefused() {
        assertThatThrownBy(() -> Evaluation.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing to evaluate");
    }
}
