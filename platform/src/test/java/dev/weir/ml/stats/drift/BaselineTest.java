package dev.weir.ml.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.ReferenceCases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

class BaselineTest {
    private static final int PAIRS = Boolean.getBoolean("weir.test.full") ? 2_000 : 400;

    private static double[] normal(SplittableRandom random, int rows, double shift) {
        double[] values = new double[rows];
        Arrays.setAll(values, i -> random.nextGaussian() + shift);
        return values;
    }

    private static ColumnDrift between(double[] then, double[] now) {
        ColumnBaseline baseline = ColumnBaseline.ofNumbers("x", then);
        return Drift.between(
                baseline,
                ColumnBaseline.ofNumbers("x", now, baseline.bins()),
                DistanceScale.STANDARD);
    }

    private static Baseline kept(Baseline baseline) {
        return Baseline.of(JsonTree.read(CanonicalJson.bytes(baseline.json())));
    }

    private static ColumnBaseline kept(ColumnBaseline column) {
        return kept(new Baseline(column.rows(), List.of(column))).columns().getFirst();
    }

    private static ColumnDrift.Distances distances(ColumnDrift drift) {
        return Objects.requireNonNull(drift.scores().distances());
    }

    /** What counts give is the same to the last digit; KS and Wasserstein as near as is said. */
    @Test
    void whatIsKeptScoresAsTheValuesThemselves() throws IOException {
        JsonNode datasets = ReferenceCases.file("drift_reference.json").path("datasets");
        int compared = 0;
        for (Map.Entry<String, JsonNode> each : datasets.properties()) {
            if (each.getValue().path("type").stringValue().equals("numeric")) {
                double[] then = numbers(each.getValue().path("reference"));
                double[] now = numbers(each.getValue().path("current"));
                ColumnDrift exact = Drift.numbers("x", then, now);
                ColumnBaseline baseline = kept(ColumnBaseline.ofNumbers("x", then));
                ColumnBaseline current = kept(ColumnBaseline.ofNumbers("x", now, baseline.bins()));
                ColumnDrift drift = Drift.between(baseline, current, DistanceScale.STANDARD);
                assertThat(drift.scores().bins())
                        .as(each.getKey())
                        .isEqualTo(exact.scores().bins());
                assertThat(drift.scores().nullFractionDelta())
                        .isEqualTo(exact.scores().nullFractionDelta());
                assertThat((Double) drift.scores().unseenFraction())
                        .isEqualTo((Double) exact.scores().unseenFraction());
                double error = distances(drift).error();
                assertThat(distances(drift).kolmogorovSmirnov().statistic())
                        .as(each.getKey())
                        .isCloseTo(
                                distances(exact).kolmogorovSmirnov().statistic(),
                                within(error + 1e-12));
                assertThat(error).isLessThan(0.01);
                assertThat(distances(drift).by()).isEqualTo(distances(exact).by());
                if (error == 0) {
                    assertThat(distances(drift).normalised())
                            .isCloseTo(distances(exact).normalised(), within(1e-9));
                }
                compared++;
            }
        }
        assertThat(compared).isEqualTo(9);
    }

    private static double[] numbers(JsonNode list) {
        double[] values = new double[list.size()];
        Arrays.setAll(values, i -> list.get(i).isNull() ? Double.NaN : list.get(i).doubleValue());
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aSketchIsNoFurtherOffThanItSays(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        QuantileSketch sketch = QuantileSketch.empty();
        double[] all = new double[0];
        int parts = 1 + random.nextInt(60);
        for (int part = 0; part < parts; part++) {
            double[] values = normal(random, random.nextInt(5_000), part / 20.0);
            Arrays.sort(values);
            sketch = sketch.merge(QuantileSketch.of(values));
            all = DoubleStream.concat(Arrays.stream(all), Arrays.stream(values)).toArray();
        }
        Arrays.sort(all);
        assertThat(sketch.count()).isEqualTo(all.length);
        assertThat(sketch.bytes().length).isLessThan(8_000);
        assertThat(sketch.rankError()).isLessThanOrEqualTo(0.0193);
        Distribution told = sketch.distribution();
        for (double share = 0.001; share < 1; share += 0.001) {
            double value = all[(int) (share * all.length)];
            assertThat(told.below(value))
                    .as("seed %d, share %s", seed, share)
                    .isCloseTo(
                            (int) (share * all.length) / (double) all.length,
                            within(sketch.rankError() + 1e-9));
        }
        assertThat(QuantileSketch.of(sketch.bytes()).bytes()).isEqualTo(sketch.bytes());
    }

    @Test
    void fewValuesAreAllInTheSketch() {
        double[] values = normal(new SplittableRandom(1), 400, 0);
        Arrays.sort(values);
        QuantileSketch sketch = QuantileSketch.of(values);
        assertThat(sketch.rankError()).isZero();
        assertThat(sketch.distribution().values()).isEqualTo(values);
    }

    @Test
    void aThinnedSketchStandsForTheRowsThatItLeftOut() {
        double[] values = normal(new SplittableRandom(1), 50_000, 0);
        Arrays.sort(values);
        QuantileSketch sketch = QuantileSketch.of(values).thinned(3);
        assertThat(sketch.count()).isEqualTo(400_000);
        assertThat(sketch.distribution().quantile(0.5)).isCloseTo(0, within(0.02));
        assertThat(sketch.merge(sketch).count()).isEqualTo(800_000);
    }

    @Test
    void equalTablesGiveEqualBytes() {
        double[] values = normal(new SplittableRandom(3), 20_000, 0);
        double[] turned = new double[values.length];
        Arrays.setAll(turned, i -> values[values.length - 1 - i]);
        assertThat(CanonicalJson.bytes(baseline(values).json()))
                .isEqualTo(CanonicalJson.bytes(baseline(turned).json()));
        Baseline twice = baseline(values).merge(baseline(turned));
        assertThat(CanonicalJson.bytes(twice.json()))
                .isEqualTo(CanonicalJson.bytes(baseline(values).merge(baseline(turned)).json()));
        assertThat(CanonicalJson.bytes(kept(twice).json()))
                .isEqualTo(CanonicalJson.bytes(twice.json()));
    }

    private static Baseline baseline(double[] values) {
        return new Baseline(values.length, List.of(ColumnBaseline.ofNumbers("x", values)));
    }

    @Test
    void partsMergeIntoTheBaselineOfTheWhole() {
        SplittableRandom random = new SplittableRandom(5);
        double[] first = normal(random, 4_000, 0);
        double[] second = normal(random, 6_000, 0.5);
        first[0] = Double.NaN;
        second[0] = Double.POSITIVE_INFINITY;
        double[] whole = DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
        ColumnBaseline a = ColumnBaseline.ofNumbers("x", first);
        ColumnBaseline b = ColumnBaseline.ofNumbers("x", second, a.bins());
        ColumnBaseline both = kept(a).merge(kept(b));
        ColumnBaseline expected = ColumnBaseline.ofNumbers("x", whole, a.bins());
        assertThat(both.counts()).isEqualTo(expected.counts());
        assertThat(both.rows()).isEqualTo(10_000);
        assertThat(both.missing()).isEqualTo(1);
        assertThat(both.infinite()).isEqualTo(1);
        ColumnBaseline.Numbers kept = Objects.requireNonNull(both.numbers());
        ColumnBaseline.Numbers exact = Objects.requireNonNull(expected.numbers());
        assertThat(kept.moments().deviation())
                .isCloseTo(exact.moments().deviation(), within(1e-12));
        assertThat(kept.spread().iqr()).isCloseTo(exact.spread().iqr(), within(0.03));

        // of bins of its own, by the sketch: as near as that is
        ColumnBaseline foreign = a.merge(ColumnBaseline.ofNumbers("x", second));
        for (int i = 0; i < both.counts().length; i++) {
            assertThat((double) foreign.counts()[i])
                    .isCloseTo(both.counts()[i], within(0.01 * both.rows()));
        }
        assertThat(Arrays.stream(foreign.counts()).sum()).isEqualTo(foreign.present());
    }

    @Test
    void categoriesMergeAndKeepTheMassOfWhatHasNoBin() {
        ColumnBaseline a = ColumnBaseline.ofCategories("c", Map.of("x", 6L, "y", 4L), 2);
        ColumnBaseline b = ColumnBaseline.ofCategories("c", Map.of("y", 1L, "z", 9L), 0);
        ColumnBaseline both = kept(a).merge(kept(b));
        assertThat(both.bins().labels()).containsExactly("x", "y", "other");
        assertThat(both.counts()).containsExactly(6, 5, 9);
        assertThat(both.missing()).isEqualTo(2);
    }

    @Test
    void whatHadNoBinOfItsOwnIsNotUnseen() {
        Map<String, Long> many = new TreeMap<>();
        for (int i = 0; i < 5_000; i++) {
            many.put("c" + i, 1L + i % 3);
        }
        ColumnBaseline then = kept(ColumnBaseline.ofCategories("c", many, 0));
        ColumnBaseline now =
                ColumnBaseline.ofCategories("c", many, 0, (Binning.Categories) then.bins());
        ColumnDrift drift = Drift.between(then, now, DistanceScale.STANDARD);
        assertThat(drift.scores().unseenFraction()).isZero();
        assertThat(verdict(drift)).isEqualTo(Verdict.PASS);
        many.put("new", 10_000L);
        ColumnDrift moved =
                Drift.between(
                        then,
                        ColumnBaseline.ofCategories("c", many, 0, (Binning.Categories) then.bins()),
                        DistanceScale.STANDARD);
        assertThat(moved.scores().unseenFraction()).isCloseTo(0.5, within(0.02));
        assertThat(alarm(moved)).isTrue();
    }

    @Test
    void ofTextOnlyMissingValuesAreCompared() {
        ColumnBaseline then = kept(ColumnBaseline.ofMissing("note", 1_000, 10));
        ColumnBaseline now = ColumnBaseline.ofCategories("note", Map.of("a", 600L), 400);
        assertThat(verdict(Drift.between(then, now, DistanceScale.STANDARD)))
                .isEqualTo(Verdict.FAIL);
        ColumnDrift same =
                Drift.between(
                        then, ColumnBaseline.ofMissing("note", 500, 5), DistanceScale.STANDARD);
        assertThat(same.type()).isEqualTo("text");
        assertThat(verdict(same)).isEqualTo(Verdict.SKIPPED);
    }

    @Test
    void anotherFormatIsRefusedInWords() {
        ObjectNode older = baseline(new double[] {1, 2, 3}).json().put("format", "weir-baseline/0");
        assertThatThrownBy(() -> Baseline.of(older))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(
                        "baseline of format weir-baseline/0 (expected: weir-baseline/1)");
        assertThatThrownBy(() -> Baseline.of(JsonTree.read("{}")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("format none");
        ObjectNode cut = baseline(new double[] {1, 2, 3}).json();
        ((ObjectNode) cut.path("columns").get(0)).put("sketch", "AQ==");
        assertThatThrownBy(() -> Baseline.of(cut))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("baseline: sketch: 1 bytes");
    }

    @Test
    void emptyAndConstantColumnsHaveBaselines() {
        ColumnBaseline none = kept(ColumnBaseline.ofNumbers("x", new double[] {Double.NaN}));
        ColumnBaseline dead = kept(ColumnBaseline.ofNumbers("x", new double[500]));
        assertThat(none.present()).isZero();
        ColumnDrift drift = Drift.between(none, dead, DistanceScale.STANDARD);
        assertThat(distances(drift).wasserstein()).isNaN();
        ColumnDrift alive = between(new double[500], normal(new SplittableRandom(2), 500, 0));
        assertThat(verdict(alive)).isEqualTo(Verdict.FAIL);
        assertThat(distances(alive).by()).isEqualTo("none");
    }

    private static Verdict verdict(ColumnDrift drift) {
        return DriftRule.STANDARD.judge(List.of(drift)).getFirst().verdict();
    }

    @Test
    void falseAlarmsStaySeldomAndShiftsAreSeenOfBaselinesToo() {
        SplittableRandom random = new SplittableRandom(20261126);
        int alarms = 0;
        int warned = 0;
        int failed = 0;
        for (int i = 0; i < PAIRS; i++) {
            int n = (int) (300 * Math.pow(10_000 / 300.0, random.nextDouble()));
            int m = (int) (300 * Math.pow(10_000 / 300.0, random.nextDouble()));
            alarms += alarm(between(normal(random, n, 0), normal(random, m, 0))) ? 1 : 0;
            double[] then = normal(random, 1_000, 0);
            warned += alarm(between(then, normal(random, 1_000, 0.5))) ? 1 : 0;
            failed += verdict(between(then, normal(random, 1_000, 0.8))) == Verdict.FAIL ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(PAIRS / 100);
        assertThat(warned).isGreaterThanOrEqualTo(PAIRS * 99 / 100);
        assertThat(failed).isGreaterThanOrEqualTo(PAIRS * 99 / 100);
    }

    private static boolean alarm(ColumnDrift drift) {
        Verdict verdict = verdict(drift);
        return verdict == Verdict.WARN || verdict == Verdict.FAIL;
    }

    /** One outlier is worth 9 deviations, and next to nothing in the middle 99 %. */
    @Test
    void anOutlierDoesNotDecideWhereItIsClipped() {
        double[] then = normal(new SplittableRandom(7), 2_000, 0);
        double[] now = normal(new SplittableRandom(8), 2_000, 0);
        now[0] = 1e6;
        DistanceScale clipped = new DistanceScale(DistanceScale.By.IQR, true);
        assertThat(distances(Drift.numbers("x", then, now)).normalised()).isGreaterThan(400);
        ColumnDrift.Distances exact = distances(Drift.numbers("x", then, now, clipped));
        assertThat(exact.normalised()).isLessThan(0.1);
        assertThat(exact.by()).isEqualTo("iqr");
        ColumnBaseline baseline = ColumnBaseline.ofNumbers("x", then);
        assertThat(
                        distances(
                                        Drift.between(
                                                baseline,
                                                ColumnBaseline.ofNumbers("x", now, baseline.bins()),
                                                clipped))
                                .normalised())
                .isCloseTo(exact.normalised(), within(0.02));
    }
}
