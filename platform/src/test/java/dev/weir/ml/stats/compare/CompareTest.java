package dev.weir.ml.stats.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.stats.ReferenceCases;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.Arrays;
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
            PairedBootstrap.Interval interval =
                    PairedBootstrap.difference(
                            candidate.length,
                            rows -> mean(candidate, rows),
                            rows -> mean(production, rows),
                            300,
                            0.95,
                            seed);
            covered += interval.low() <= 0.1 && interval.high() >= 0.1 ? 1 : 0;
        }
        assertThat(covered).isBetween(pairs * 90 / 100, pairs * 99 / 100);
    }

    private static double mean(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(row -> values[row]).average().orElse(Double.NaN);
    }

    @Test
    void theSameSeedGivesTheSameIntervalAndDrawsWithoutAMetricAreCounted() {
        double[] values = {1, 0, 0, 1, 1, 0, 1, 0};
        PairedBootstrap.Interval once =
                PairedBootstrap.difference(8, r -> mean(values, r), r -> 0.5, 200, 0.9, 3);
        assertThat(PairedBootstrap.difference(8, r -> mean(values, r), r -> 0.5, 200, 0.9, 3))
                .isEqualTo(once);
        PairedBootstrap.Interval none =
                PairedBootstrap.difference(8, r -> Double.NaN, r -> 0.5, 200, 0.9, 3);
        assertThat(none.low()).isNaN();
        assertThat(none.draws()).isZero();
    }
}
