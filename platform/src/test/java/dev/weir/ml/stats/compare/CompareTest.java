package dev.weir.ml.stats.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.MulticlassMetrics;
import dev.weir.ml.stats.ReferenceCases;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.ml.stats.Task;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

class CompareTest {
    @Test
    void mcNemarAsStatsmodelsTestsIt() throws IOException {
        JsonNode reference = ReferenceCases.metrics("paired_test");
        McNemar test =
                McNemar.of(
                        ReferenceCases.flags(reference.path("production_correct")),
                        ReferenceCases.flags(reference.path("candidate_correct")));
        JsonNode expected = reference.path("expected");
        JsonNode table = expected.path("table");
        assertThat(new long[] {test.both(), test.onlyProduction()})
                .containsExactly(table.get(0).get(0).longValue(), table.get(0).get(1).longValue());
        assertThat(new long[] {test.onlyCandidate(), test.neither()})
                .containsExactly(table.get(1).get(0).longValue(), table.get(1).get(1).longValue());
        assertThat(test.exactP()).isCloseTo(expected.path("exact_p").doubleValue(), within(1e-9));
        assertThat(test.chiSquare())
                .isCloseTo(expected.path("chi2_corrected").doubleValue(), within(1e-9));
        assertThat(test.chiSquareP())
                .isCloseTo(expected.path("chi2_corrected_p").doubleValue(), within(1e-9));
    }

    @Test
    void modelsThatAgreeEverywhereDoNotDiffer() {
        boolean[] right = {true, false, true};
        McNemar test = McNemar.of(right, right);
        assertThat(test.exactP()).isEqualTo(1);
        assertThat(test.chiSquareP()).isEqualTo(1);
    }

    @Test
    void theBootstrapCoversTheTrueDifferenceAboutAsOftenAsItSays() {
        int pairs = 200;
        int covered = 0;
        for (int seed = 0; seed < pairs; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] candidate = new double[300];
            double[] production = new double[300];
            for (int i = 0; i < candidate.length; i++) {
                double both = random.nextGaussian();
                candidate[i] = both + 0.1 + 0.5 * random.nextGaussian();
                production[i] = both + 0.5 * random.nextGaussian();
            }
            double[] none = new double[candidate.length];
            PairedBootstrap.Interval interval =
                    of(
                            Metric.MEAN_ERROR,
                            PairedBootstrap.differences(
                                    candidate.length,
                                    RegressionMetrics.on(candidate, none),
                                    RegressionMetrics.on(production, none),
                                    List.of(Metric.MEAN_ERROR),
                                    300,
                                    0.95,
                                    seed));
            covered += interval.low() <= 0.1 && interval.high() >= 0.1 ? 1 : 0;
        }
        assertThat(covered).isBetween(pairs * 90 / 100, pairs * 99 / 100);
    }

    @Test
    void theSameSeedGivesTheSameIntervalAndDrawsWithoutAMetricAreCounted() {
        double[] scores = {0.9, 0.2, 0.4, 0.8, 0.6, 0.1, 0.7, 0.3};
        double[] others = {0.8, 0.3, 0.6, 0.7, 0.2, 0.4, 0.9, 0.1};
        boolean[] truth = {true, false, false, true, true, false, true, false};
        Map<Metric, PairedBootstrap.Interval> once = twice(scores, others, truth);
        assertThat(once).containsOnlyKeys(Metric.ROC_AUC, Metric.ACCURACY);
        assertThat(twice(scores, others, truth)).isEqualTo(once);
        boolean[] alone = {true, false, false, false, false, false, false, false};
        PairedBootstrap.Interval rare = of(Metric.ROC_AUC, twice(scores, others, alone));
        assertThat(rare.draws()).isBetween(100, 150); // 1 - (7/8)^8 = 0.66 of 200 have the class
        assertThat(rare.low()).isLessThanOrEqualTo(rare.difference());
        boolean[] never = new boolean[8];
        assertThat(twice(scores, others, never)).containsOnlyKeys(Metric.ACCURACY);
    }

    private static PairedBootstrap.Interval of(
            Metric metric, Map<Metric, PairedBootstrap.Interval> intervals) {
        return Objects.requireNonNull(intervals.get(metric), metric.text());
    }

    private static Map<Metric, PairedBootstrap.Interval> twice(
            double[] scores, double[] others, boolean[] truth) {
        return PairedBootstrap.differences(
                scores.length,
                BinaryMetrics.on(scores, truth, 0.5),
                BinaryMetrics.on(others, truth, 0.5),
                List.of(Metric.ROC_AUC, Metric.ACCURACY),
                200,
                0.9,
                3);
    }

    @Test
    void weightsCountRowsAsOftenAsTheyAreRepeated() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 50; round++) {
            int rows = 1 + random.nextInt(30);
            int classes = 2 + random.nextInt(4);
            double[] probabilities = new double[rows * classes];
            Arrays.setAll(probabilities, i -> random.nextInt(5) / 4.0);
            int[] truth = random.ints(rows, 0, classes).toArray();
            double[] times = random.ints(rows, 0, 4).asDoubleStream().toArray();
            int total = (int) Arrays.stream(times).sum();
            double[] repeated = new double[total * classes];
            int[] repeatedTruth = new int[total];
            int at = 0;
            for (int i = 0; i < rows; i++) {
                for (int t = 0; t < times[i]; t++) {
                    System.arraycopy(probabilities, i * classes, repeated, at * classes, classes);
                    repeatedTruth[at++] = truth[i];
                }
            }
            Metrics weighted = MulticlassMetrics.on(probabilities, classes, truth).under(times);
            Metrics plain = MulticlassMetrics.of(repeated, classes, repeatedTruth);
            for (Metric metric : Metric.of(Task.MULTICLASS)) {
                assertThat(weighted.value(metric).orElse(-9))
                        .as("%s, round %d", metric.text(), round)
                        .isCloseTo(plain.value(metric).orElse(-9), within(1e-9));
            }
        }
    }
}
