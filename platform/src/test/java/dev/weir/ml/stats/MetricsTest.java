package dev.weir.ml.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

class MetricsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rocAucIsTheShareOfPairsInRightOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = random.nextInt(2, 120);
        double[] scores = new double[rows];
        boolean[] truth = new boolean[rows];
        double[] weights = new double[rows];
        for (int i = 0; i < rows; i++) {
            scores[i] = random.nextInt(12) / 11.0;
            truth[i] = i == 0 || (i > 1 && random.nextBoolean());
            weights[i] = random.nextInt(4) + 1;
        }
        double right = 0;
        double pairs = 0;
        for (int p = 0; p < rows; p++) {
            for (int n = 0; n < rows; n++) {
                if (truth[p] && !truth[n]) {
                    double weight = weights[p] * weights[n];
                    pairs += weight;
                    right +=
                            weight * (scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0);
                }
            }
        }
        Metrics metrics = BinaryMetrics.of(scores, truth, weights, 0.5);
        assertThat(metrics.value(Metric.ROC_AUC).orElseThrow())
                .as("seed %d", seed)
                .isCloseTo(right / pairs, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void aWeightCountsLikeThatManyRows(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = 40;
        double[] scores = new double[rows];
        boolean[] truth = new boolean[rows];
        double[] numbers = new double[rows];
        double[] weights = new double[rows];
        int total = 0;
        for (int i = 0; i < rows; i++) {
            scores[i] = random.nextDouble();
            numbers[i] = random.nextDouble();
            truth[i] = random.nextBoolean();
            weights[i] = random.nextInt(4);
            total += (int) weights[i];
        }
        double[] manyScores = new double[total];
        double[] manyNumbers = new double[total];
        boolean[] manyTruth = new boolean[total];
        for (int i = 0, at = 0; i < rows; i++) {
            for (int k = 0; k < weights[i]; k++, at++) {
                manyScores[at] = scores[i];
                manyNumbers[at] = numbers[i];
                manyTruth[at] = truth[i];
            }
        }
        same(
                seed,
                BinaryMetrics.of(scores, truth, weights, 0.4),
                BinaryMetrics.of(manyScores, manyTruth, null, 0.4));
        Metrics weighted = RegressionMetrics.of(scores, numbers, weights);
        Metrics repeated = RegressionMetrics.of(manyScores, manyNumbers, null);
        for (Metric metric : new Metric[] {Metric.R2, Metric.RMSE, Metric.MAE, Metric.MAPE}) {
            assertThat(weighted.value(metric).orElseThrow())
                    .as("%s, seed %d", metric, seed)
                    .isCloseTo(repeated.value(metric).orElseThrow(), within(1e-12));
        }
    }

    private static void same(long seed, Metrics a, Metrics b) {
        a.values()
                .forEach(
                        (metric, value) ->
                                assertThat(value.orElseThrow())
                                        .as("%s, seed %d", metric, seed)
                                        .isCloseTo(b.value(metric).orElseThrow(), within(1e-12)));
    }

    @Test
    void ofOneClassRankMetricsAreUndefinedAndTheRestIsNot() {
        Metrics metrics =
                BinaryMetrics.of(new double[] {0.2, 0.9}, new boolean[] {true, true}, null, 0.5);
        assertThat(metrics.value(Metric.ROC_AUC)).isEmpty();
        assertThat(metrics.value(Metric.KS)).isEmpty();
        assertThat(metrics.value(Metric.ACCURACY)).hasValue(0.5);
        assertThat(metrics.json().get("roc_auc").isNull()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void ofNoRowsEveryMetricIsPresentAndUndefined(Task task) {
        Metrics metrics =
                switch (task) {
                    case BINARY -> BinaryMetrics.of(new double[0], new boolean[0], null, 0.5);
                    case MULTICLASS -> MulticlassMetrics.of(new double[0], 3, new int[0]);
                    case REGRESSION -> RegressionMetrics.of(new double[0], new double[0], null);
                };
        assertThat(metrics.values().keySet()).containsExactlyElementsOf(Metric.of(task));
        metrics.values().forEach((metric, value) -> assertThat(value).as(metric.text()).isEmpty());
    }

    @Test
    void r2IsUndefinedForOneRowAndZeroForAConstantMissed() {
        assertThat(RegressionMetrics.of(new double[] {1}, new double[] {1}, null).value(Metric.R2))
                .isEmpty();
        assertThat(
                        RegressionMetrics.of(new double[] {1, 3}, new double[] {2, 2}, null)
                                .value(Metric.R2))
                .hasValue(0);
    }

    @Test
    void mapeSkipsZeroTargetsAndSaysHowMany() {
        double[] truth = {0, 2, 4};
        Metrics metrics = RegressionMetrics.of(new double[] {1, 1, 5}, truth, null);
        assertThat(metrics.value(Metric.MAPE)).hasValue((0.5 + 0.25) / 2);
        assertThat(RegressionMetrics.zeroTargets(truth)).isEqualTo(1);
    }

    @Test
    void rmsleOfNegativeNumbersIsUndefined() {
        Metrics metrics = RegressionMetrics.of(new double[] {1, -1}, new double[] {1, 2}, null);
        assertThat(metrics.value(Metric.RMSLE)).isEmpty();
    }

    @Test
    void refusesWhatIsNoProbability() {
        assertThatThrownBy(
                        () ->
                                BinaryMetrics.of(
                                        new double[] {0.5, Double.NaN}, new boolean[2], null, 0.5))
                .isInstanceOf(ProblemException.class)
                .hasMessage("score of row 2: NaN (expected: 0 to 1)");
    }

    @Test
    void jsonComesBackEqual() {
        Metrics metrics =
                BinaryMetrics.of(new double[] {0.2, 0.9}, new boolean[] {true, true}, null, 0.5);
        assertThat(Metrics.fromJson(metrics.json())).isEqualTo(metrics);
    }

    @Test
    void everyMetricIsFoundByItsNameAndLiesInItsRange() {
        for (Metric metric : Metric.values()) {
            assertThat(Metric.named(metric.text())).contains(metric);
            assertThat(metric.min()).isLessThan(metric.max());
        }
        assertThat(Metric.named("auc")).isEmpty();
    }

    @Test
    void nearestRankIsAlwaysAMeasuredValue() {
        double[] hundred = new double[100];
        for (int i = 0; i < 100; i++) {
            hundred[i] = 100 - i;
        }
        Percentiles percentiles = Percentiles.of(hundred);
        for (int percent = 1; percent <= 100; percent++) {
            assertThat(percentiles.nearestRank(percent)).isEqualTo(percent);
        }
        assertThat(percentiles.nearestRank(0.1)).isEqualTo(1);
        assertThat(percentiles.nearestRank(99.9)).isEqualTo(100);
    }
}
