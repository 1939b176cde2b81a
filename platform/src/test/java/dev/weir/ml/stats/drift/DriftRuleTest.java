package dev.weir.ml.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.gate.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

class DriftRuleTest {
    private static final int PAIRS = Boolean.getBoolean("weir.test.full") ? 2_000 : 400;

    private static double[] normal(SplittableRandom random, int rows, double shift) {
        double[] values = new double[rows];
        Arrays.setAll(values, i -> random.nextGaussian() + shift);
        return values;
    }

    private static Verdict verdict(ColumnDrift drift) {
        return DriftRule.STANDARD.judge(List.of(drift)).getFirst().verdict();
    }

    @Test
    void samplesOfOneDistributionSeldomAlarm() {
        SplittableRandom random = new SplittableRandom(20261125);
        int alarms = 0;
        for (int i = 0; i < PAIRS; i++) {
            int n = (int) (300 * Math.pow(10_000 / 300.0, random.nextDouble()));
            int m = (int) (300 * Math.pow(10_000 / 300.0, random.nextDouble()));
            Verdict verdict =
                    verdict(Drift.numbers("x", normal(random, n, 0), normal(random, m, 0)));
            alarms += verdict == Verdict.WARN || verdict == Verdict.FAIL ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(PAIRS / 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 50, 200, 300, 400, 500, 1_000, -1_000})
    void rareCategoriesOfOneDistributionSeldomAlarm(int kinds) {
        SplittableRandom random = new SplittableRandom(kinds);
        int alarms = 0;
        for (int i = 0; i < PAIRS; i++) {
            Verdict verdict =
                    verdict(
                            Drift.categories(
                                    "x", drawn(random, kinds), 0, drawn(random, kinds), 0));
            alarms += verdict == Verdict.WARN || verdict == Verdict.FAIL ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(PAIRS / 100);
    }

    /** A thousand rows of as many kinds, alike in number; negative: by Zipf's law. */
    private static Map<String, Long> drawn(SplittableRandom random, int kinds) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            int kind =
                    kinds > 0 ? random.nextInt(kinds) : (int) Math.pow(-kinds, random.nextDouble());
            counts.merge("k" + kind, 1L, Long::sum);
        }
        return counts;
    }

    @Test
    void theTwoZerosAreOneAndInfinityIsNoMissingValue() {
        double[] zeros = new double[500];
        double[] minus = new double[500];
        Arrays.fill(minus, -0.0);
        assertThat(verdict(Drift.numbers("x", zeros, minus))).isEqualTo(Verdict.PASS);
        double[] then = normal(new SplittableRandom(1), 500, 0);
        double[] now = normal(new SplittableRandom(2), 500, 0);
        Arrays.fill(now, 0, 200, Double.POSITIVE_INFINITY);
        DriftRule.Judged judged =
                DriftRule.STANDARD.judge(List.of(Drift.numbers("x", then, now))).getFirst();
        assertThat(judged.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(judged.reason()).contains("infinite values is 0.400");
    }

    @Test
    void aColumnOfFewValuesIsNotJudgedByThem() {
        double[] then = normal(new SplittableRandom(1), 1_000, 0);
        double[] now = normal(new SplittableRandom(2), 1_000, 3);
        Arrays.fill(then, 0, 950, Double.NaN);
        Arrays.fill(now, 0, 950, Double.NaN);
        assertThat(verdict(Drift.numbers("x", then, now))).isEqualTo(Verdict.SKIPPED);
    }

    @Test
    void aShiftIsSeen() {
        SplittableRandom random = new SplittableRandom(7);
        int warned = 0;
        int failed = 0;
        for (int i = 0; i < PAIRS; i++) {
            double[] then = normal(random, 1_000, 0);
            Verdict half = verdict(Drift.numbers("x", then, normal(random, 1_000, 0.5)));
            warned += half == Verdict.WARN || half == Verdict.FAIL ? 1 : 0;
            failed +=
                    verdict(Drift.numbers("x", then, normal(random, 1_000, 0.8))) == Verdict.FAIL
                            ? 1
                            : 0;
        }
        assertThat(warned).isGreaterThanOrEqualTo(PAIRS * 99 / 100);
        assertThat(failed).isGreaterThanOrEqualTo(PAIRS * 99 / 100);
    }

    @Test
    void fewRowsAreSkippedAndNoneAreAnError() {
        SplittableRandom random = new SplittableRandom(1);
        double[] many = normal(random, 1_000, 0);
        assertThat(verdict(Drift.numbers("x", many, normal(random, 99, 3))))
                .isEqualTo(Verdict.SKIPPED);
        assertThat(verdict(Drift.numbers("x", many, new double[0]))).isEqualTo(Verdict.ERROR);
        assertThat(verdict(Drift.numbers("x", new double[0], many))).isEqualTo(Verdict.ERROR);
    }

    @Test
    void aColumnThatGoesMissingFailsThoughNoValueMoved() {
        SplittableRandom random = new SplittableRandom(2);
        double[] then = normal(random, 1_000, 0);
        double[] now = normal(random, 1_000, 0);
        Arrays.fill(now, 0, 950, Double.NaN);
        ColumnDrift drift = Drift.numbers("x", then, now);
        assertThat(drift.scores().nullFractionDelta()).isCloseTo(0.95, within(1e-12));
        assertThat(verdict(drift)).isEqualTo(Verdict.FAIL);
        Arrays.fill(now, Double.NaN);
        assertThat(verdict(Drift.numbers("x", then, now))).isEqualTo(Verdict.FAIL);
        Arrays.fill(then, Double.NaN);
        assertThat(verdict(Drift.numbers("x", then, now))).isEqualTo(Verdict.SKIPPED);
    }

    @Test
    void aConstantThatComesAliveIsSeen() {
        double[] dead = new double[500];
        double[] alive = normal(new SplittableRandom(3), 500, 0);
        ColumnDrift drift = Drift.numbers("x", dead, alive);
        assertThat(verdict(drift)).isEqualTo(Verdict.FAIL);
        assertThat(Objects.requireNonNull(drift.scores().distances()).by()).isEqualTo("none");
        assertThat(drift.scores().unseenFraction()).isEqualTo(1);
        assertThat(verdict(Drift.numbers("x", dead, new double[400]))).isEqualTo(Verdict.PASS);
    }

    @Test
    void infinitiesAreInNoDistance() {
        double[] then = normal(new SplittableRandom(4), 500, 0);
        double[] now = then.clone();
        now[0] = Double.POSITIVE_INFINITY;
        now[1] = Double.NEGATIVE_INFINITY;
        ColumnDrift drift = Drift.numbers("x", then, now);
        assertThat(drift.present().current()).isEqualTo(498);
        assertThat(Objects.requireNonNull(drift.scores().distances()).wasserstein()).isFinite();
        assertThat(drift.scores().nullFractionDelta()).isZero();
    }

    @Test
    void categoriesThatNobodyKnewAreTheirOwnShare() {
        ColumnDrift drift =
                Drift.categories(
                        "city",
                        Map.of("a", 500L, "b", 500L),
                        0,
                        Map.of("a", 350L, "b", 350L, "c", 300L),
                        0);
        assertThat(drift.scores().unseenFraction()).isEqualTo(0.3);
        assertThat(drift.current()).containsExactly(350, 350, 300);
        assertThat(verdict(drift)).isEqualTo(Verdict.FAIL);
    }

    @Test
    void tenThousandCategoriesKeepTheirMassInBoundedBins() {
        Map<String, Long> then = new java.util.TreeMap<>();
        for (int i = 0; i < 10_000; i++) {
            then.put("c" + i, 1L + i % 3);
        }
        ColumnDrift drift = Drift.categories("id", then, 0, then, 0);
        assertThat(drift.baseline()).hasSize(Binning.MOST_CATEGORIES + 1);
        assertThat(Arrays.stream(drift.baseline()).sum()).isEqualTo(drift.rows().baseline());
        assertThat(drift.scores().unseenFraction()).isZero();
        assertThat(verdict(drift)).isEqualTo(Verdict.PASS);
    }

    @Test
    void theTailOfChiSquareIsInverted() {
        for (int degrees : new int[] {1, 2, 9, 19, 300}) {
            for (double p : new double[] {0.5, 0.05, 0.01, 1e-6}) {
                double value = ChiSquared.exceededWith(p, degrees);
                assertThat(ChiSquared.above(value, degrees)).isCloseTo(p, within(1e-9 * p + 1e-15));
            }
        }
        assertThat(ChiSquared.above(3.841458820694124, 1)).isCloseTo(0.05, within(1e-12));
        assertThat(ChiSquared.above(21.66599433346194, 9)).isCloseTo(0.01, within(1e-12));
    }
}
