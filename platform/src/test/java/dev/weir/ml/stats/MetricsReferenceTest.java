package dev.weir.ml.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Every value of scikit-learn in {@code ../shared/reference/metrics_reference.json}. */
class MetricsReferenceTest {
    /** Closed formulas: only the order of additions may differ. */
    private static final double RELATIVE = 1e-9;

    /** What the file calls differently from us. */
    private static final Map<String, Metric> OTHER_NAMES =
            Map.of(
                    "ece_10_equal_width", Metric.ECE,
                    "ks_statistic_scores", Metric.KS,
                    "positive_rate_predicted", Metric.POSITIVE_RATE,
                    "pr_auc_trapezoid", Metric.PR_AUC,
                    "roc_auc_ovr_macro", Metric.ROC_AUC_OVR,
                    "roc_auc_ovo_macro", Metric.ROC_AUC_OVO,
                    "mean_error_pred_minus_true", Metric.MEAN_ERROR,
                    "mape_nonzero_targets", Metric.MAPE);

    @TestFactory
    List<DynamicTest> agreesWithScikitLearn() throws Exception {
        Path file = reference();
        assumeTrue(Files.exists(file), "no " + file + ": reference values are not compared here");
        JsonNode cases = JsonMapper.shared().readTree(Files.readAllBytes(file)).get("cases");
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : cases) {
            tests.add(DynamicTest.dynamicTest(each.get("name").stringValue(), () -> check(each)));
        }
        return tests;
    }

    private static void check(JsonNode each) {
        switch (each.get("kind").stringValue()) {
            case "binary" -> binary(each);
            case "multiclass" -> multiclass(each);
            case "regression" -> regression(each);
            case "latency_ms" -> latency(each);
            default ->
                    assumeTrue(
                            false,
                            "no function for "
                                    + each.get("kind")
                                    + " yet: belongs to a later room");
        }
    }

    private static void binary(JsonNode each) {
        double[] scores = doubles(each.get("y_score"));
        double[] labels = doubles(each.get("y_true"));
        boolean[] truth = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            truth[i] = labels[i] == 1;
        }
        double[] weights = weights(each);
        double threshold = each.get("threshold").doubleValue();
        Metrics metrics = BinaryMetrics.of(scores, truth, weights, threshold);
        JsonNode expected = each.get("expected");
        Confusion confusion = Confusion.of(scores, truth, weights, threshold);
        assertThat(
                        new double[] {
                            confusion.trueNegatives(),
                            confusion.falsePositives(),
                            confusion.falseNegatives(),
                            confusion.truePositives()
                        })
                .isEqualTo(doubles(expected.get("confusion_tn_fp_fn_tp")));
        assertThat(compare(metrics, expected)).isGreaterThanOrEqualTo(14);
    }

    private static void regression(JsonNode each) {
        Metrics metrics =
                RegressionMetrics.of(
                        doubles(each.get("y_pred")), doubles(each.get("y_true")), weights(each));
        JsonNode expected = each.get("expected");
        if (weights(each) == null) {
            assertThat(compare(metrics, expected)).isEqualTo(11);
        } else {
            // The file leaves out weighted MAPE and SMAPE; scikit-learn's MAPE has no zero target
            // here.
            same("mape", metrics.value(Metric.MAPE), expected.get("mape_sklearn"));
            expected.forEachEntry(
                    (name, value) -> {
                        if (!name.startsWith("mape") && !name.equals("smape")) {
                            same(name, metrics.value(metric(name)), value);
                        }
                    });
        }
    }

    private static void multiclass(JsonNode each) {
        List<String> labels = new ArrayList<>();
        each.get("labels").forEach(label -> labels.add(label.stringValue()));
        int rows = each.get("y_true").size();
        int[] truth = new int[rows];
        double[] probabilities = new double[rows * labels.size()];
        for (int i = 0; i < rows; i++) {
            truth[i] = labels.indexOf(each.get("y_true").get(i).stringValue());
            double[] row = doubles(each.get("y_proba").get(i));
            System.arraycopy(row, 0, probabilities, i * labels.size(), row.length);
        }
        Metrics metrics = MulticlassMetrics.of(probabilities, labels.size(), truth);
        assertThat(compare(metrics, each.get("expected"))).isEqualTo(16);
        JsonNode counts = each.get("expected").get("confusion_rows_true_cols_pred");
        double[][] confusion =
                MulticlassMetrics.confusion(
                        MulticlassMetrics.decisions(probabilities, labels.size(), rows),
                        labels.size(),
                        truth,
                        null);
        for (int i = 0; i < labels.size(); i++) {
            for (int j = 0; j < labels.size(); j++) {
                assertThat(confusion[i][j]).isEqualTo(counts.get(i).get(j).doubleValue());
            }
        }
    }

    private static void latency(JsonNode each) {
        Percentiles percentiles = Percentiles.of(doubles(each.get("values")));
        JsonNode expected = each.get("expected");
        expected.get("nearest_rank_inverted_cdf")
                .forEachEntry(
                        (name, value) ->
                                assertThat(
                                                percentiles.nearestRank(
                                                        Double.parseDouble(name.substring(1))))
                                        .as(name)
                                        .isEqualTo(value.doubleValue()));
        expected.get("linear_type7")
                .forEachEntry(
                        (name, value) ->
                                same(
                                        name,
                                        OptionalDouble.of(
                                                percentiles.interpolated(
                                                        Double.parseDouble(name.substring(1)))),
                                        value));
        same("mean", OptionalDouble.of(percentiles.mean()), expected.get("mean"));
        same("max", OptionalDouble.of(percentiles.max()), expected.get("max"));
    }

    /** How many values of the file were compared. */
    private static int compare(Metrics metrics, JsonNode expected) {
        int[] compared = new int[1];
        expected.forEachEntry(
                (name, value) -> {
                    if (OTHER_NAMES.containsKey(name) || Metric.named(name).isPresent()) {
                        same(name, metrics.value(metric(name)), value);
                        compared[0]++;
                    }
                });
        return compared[0];
    }

    private static Metric metric(String name) {
        Metric other = OTHER_NAMES.get(name);
        return other != null ? other : Metric.named(name).orElseThrow();
    }

    private static void same(String name, OptionalDouble value, JsonNode expected) {
        if (expected.isNull()) {
            assertThat(value).as(name).isEmpty();
        } else {
            double wanted = expected.doubleValue();
            assertThat(value.orElseThrow())
                    .as(name)
                    .isCloseTo(wanted, within(Math.max(Math.abs(wanted) * RELATIVE, 1e-15)));
        }
    }

    private static double @Nullable [] weights(JsonNode each) {
        JsonNode weights = each.get("sample_weight");
        return weights == null || weights.isNull() ? null : doubles(weights);
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).doubleValue();
        }
        return values;
    }

    /** Beside the data that {@code weir.data} names, or the first found upward from here. */
    private static Path reference() {
        String data = System.getProperty("weir.data");
        if (data != null) {
            return Path.of(data).resolveSibling("reference/metrics_reference.json");
        }
        Path name = Path.of("shared/reference/metrics_reference.json");
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(name))) {
                return at.resolve(name);
            }
        }
        return Path.of("..").resolve(name);
    }
}
