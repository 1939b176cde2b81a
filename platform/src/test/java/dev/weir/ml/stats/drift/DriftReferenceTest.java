package dev.weir.ml.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.stats.ReferenceCases;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Every score beside scipy's, to 1e-9; p-values to 1e-6, above 1e-12. */
class DriftReferenceTest {
    private static final double CLOSE = 1e-9;
    private static JsonNode reference;

    @BeforeAll
    static void read() throws IOException {
        reference = ReferenceCases.file("drift_reference.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "normal_same",
                "normal_shift_0_5",
                "lognormal_outliers",
                "bernoulli_numeric",
                "constant_both_equal",
                "constant_both_different",
                "disjoint",
                "zero_inflated_with_nulls",
                "tiny"
            })
    void numbersAsScipyScoresThem(String name) {
        JsonNode expected = reference.path("expected").path(name);
        double[] then = numbers(name, "reference");
        double[] now = numbers(name, "current");
        ColumnDrift drift = Drift.numbers(name, then, now);
        double[] sorted = sorted(then);
        double[] other = sorted(now);

        Binning.Edges deciles = Binning.deciles(sorted);
        binned(expected.path("quantile10"), deciles.counts(sorted), deciles.counts(other));
        assertThat(deciles.inner())
                .usingComparatorWithPrecision(CLOSE)
                .containsExactly(doubles(expected.path("quantile10").path("inner_edges")));
        JsonNode width = expected.path("width10");
        Binning.Edges equal = new Binning.Edges(doubles(width.path("inner_edges")));
        binned(width, equal.counts(sorted), equal.counts(other));
        if (expected.has("discrete")) {
            JsonNode discrete = expected.path("discrete");
            Binning.Values values = new Binning.Values(doubles(discrete.path("values")));
            long[] a = values.counts(sorted);
            long[] b = values.counts(other);
            boolean rest = discrete.path("has_other_bin").booleanValue();
            int size = rest ? a.length : a.length - 1;
            binned(discrete, Arrays.copyOf(a, size), Arrays.copyOf(b, size));
        }

        ColumnDrift.Distances distances = Objects.requireNonNull(drift.scores().distances());
        JsonNode moved = expected.path("wasserstein");
        close(distances.wasserstein(), moved.path("raw"), CLOSE);
        String by =
                switch (distances.by()) {
                    case "std" -> "reference_std_population";
                    case "iqr" -> "reference_iqr";
                    default -> "";
                };
        double divisor = by.isEmpty() ? 1 : moved.path(by).doubleValue();
        assertThat(distances.normalised())
                .isCloseTo(moved.path("raw").doubleValue() / divisor, within(1e-8));
        JsonNode ks = expected.path("ks");
        close(distances.kolmogorovSmirnov().statistic(), ks.path("statistic"), CLOSE);
        double statistic = distances.kolmogorovSmirnov().statistic();
        p(TwoSamples.stephens(statistic, sorted.length, other.length), ks.path("p_stephens"));
        double root = Math.sqrt(ks.path("effective_n").doubleValue());
        p(TwoSamples.limit(root * statistic), ks.path("p_kolmogorov_limit"));
        long steps = Math.round(statistic * sorted.length * other.length);
        p(TwoSamples.exact(steps, sorted.length, other.length), ks.path("p_exact"));
        assertThat(drift.scores().nullFractionDelta())
                .isCloseTo(
                        expected.path("null_fraction_current").doubleValue()
                                - expected.path("null_fraction_reference").doubleValue(),
                        within(CLOSE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat_same", "cat_shift", "cat_nulls", "cat_high_cardinality"})
    void categoriesAsScipyScoresThem(String name) {
        JsonNode expected = reference.path("expected").path(name).path("nulls_dropped");
        ColumnDrift drift =
                Drift.categories(
                        name,
                        counts(name, "reference"),
                        missing(name, "reference"),
                        counts(name, "current"),
                        missing(name, "current"));
        // The file has a bin for each category of either side; ours puts the unseen into one.
        Map<String, Long> then = counts(name, "reference");
        Map<String, Long> now = counts(name, "current");
        long[] a = new long[expected.path("categories").size()];
        long[] b = new long[a.length];
        for (int i = 0; i < a.length; i++) {
            String category = expected.path("categories").get(i).stringValue();
            a[i] = then.getOrDefault(category, 0L);
            b[i] = now.getOrDefault(category, 0L);
        }
        binned(expected, a, b);
        close(drift.scores().unseenFraction(), expected.path("unseen_fraction_of_current"), CLOSE);
        if (expected.path("unseen_in_reference").isEmpty()) {
            assertThat(drift.scores().bins().psi())
                    .isCloseTo(expected.path("psi_laplace_0_5").doubleValue(), within(CLOSE));
        }
    }

    @Test
    void manyTestsAsStatsmodelsAdjustsThem() {
        JsonNode multiple = reference.path("multiple_testing");
        double[] p = doubles(multiple.path("p"));
        assertThat(MultipleTests.NONE.adjust(p)).isEqualTo(p);
        for (MultipleTests method : EnumSet.complementOf(EnumSet.of(MultipleTests.NONE))) {
            assertThat(method.adjust(p))
                    .as(method.name())
                    .usingComparatorWithPrecision(1e-12)
                    .containsExactly(
                            doubles(
                                    multiple.path("adjusted")
                                            .path(
                                                    method.name()
                                                            .toLowerCase(java.util.Locale.ROOT))));
        }
    }

    private static void binned(JsonNode expected, long[] then, long[] now) {
        assertThat(then).containsExactly(longs(expected.path("reference_counts")));
        assertThat(now).containsExactly(longs(expected.path("current_counts")));
        BinScores scores = BinScores.of(then, now);
        close(scores.psi(), expected.path("psi_laplace_0_5"), CLOSE);
        close(scores.kl(), expected.path("kl_current_given_reference_nats_laplace_0_5"), CLOSE);
        close(scores.js(), expected.path("js_divergence_bits"), CLOSE);
        JsonNode chi2 = expected.path("chi2");
        close(scores.chiSquare().statistic(), chi2.path("statistic"), CLOSE);
        assertThat(scores.chiSquare().degrees())
                .isEqualTo(Math.max(0, chi2.path("dof").intValue()));
        p(scores.chiSquare().p(), chi2.path("p_value"));
        close(scores.chiSquare().cramersV(), chi2.path("cramers_v"), CLOSE);
    }

    private static void close(double actual, JsonNode expected, double relative) {
        double value = expected.doubleValue();
        assertThat(actual).isCloseTo(value, within(Math.max(1e-12, relative * Math.abs(value))));
    }

    private static void p(double actual, JsonNode expected) {
        double value = expected.doubleValue();
        if (value > 1e-12) {
            assertThat(actual).isCloseTo(value, within(1e-6 * value));
        } else {
            assertThat(actual).isLessThan(1e-11);
        }
    }

    private static double[] numbers(String name, String side) {
        JsonNode list = reference.path("datasets").path(name).path(side);
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).isNull() ? Double.NaN : list.get(i).doubleValue();
        }
        return values;
    }

    private static double[] sorted(double[] values) {
        return Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    }

    private static Map<String, Long> counts(String name, String side) {
        Map<String, Long> counts = new TreeMap<>();
        for (JsonNode value : reference.path("datasets").path(name).path(side)) {
            if (!value.isNull()) {
                counts.merge(value.stringValue(), 1L, Long::sum);
            }
        }
        return counts;
    }

    private static long missing(String name, String side) {
        long missing = 0;
        for (JsonNode value : reference.path("datasets").path(name).path(side)) {
            missing += value.isNull() ? 1 : 0;
        }
        return missing;
    }

    private static double[] doubles(JsonNode list) {
        double[] values = new double[list.size()];
        Arrays.setAll(values, i -> list.get(i).doubleValue());
        return values;
    }

    private static long[] longs(JsonNode list) {
        long[] values = new long[list.size()];
        Arrays.setAll(values, i -> list.get(i).longValue());
        return values;
    }
}
