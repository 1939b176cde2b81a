package dev.weir.stage.validate;

import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Evidence.Difference;
import dev.weir.ml.gate.Evidence.Item;
import dev.weir.ml.gate.Evidence.Measure;
import dev.weir.ml.gate.Evidence.Seeds;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.StudentT;

import tools.jackson.databind.JsonNode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code validate.seeds}: the metrics of a model that was trained with several seeds. A gate judges
 * the mean, and knows how far the mean may be off.
 *
 * <p>Of k figures x the mean m, the sample standard deviation s (k - 1 in the denominator) and half
 * of the 95 % interval of the mean, h = t · s / √k with the 0.975 quantile t of Student's
 * distribution (Student 1908; that a comparison of trainings needs the spread over seeds:
 * Bouthillier and others 2021, Accounting for Variance in Machine Learning Benchmarks):
 *
 * <ul>
 *   <li>{@code min} fails where m is below it; where m is not, but m - h is, it warns: the seeds do
 *       not settle it. {@code max} the other way round.
 *   <li>{@code not_worse_than} compares m with production's figure p, which is one fixed model. The
 *       interval of the difference d of the model itself, by rows, becomes m - p with both ends as
 *       far away as the roots of the sums of squares of what rows and what seeds leave open: √((d -
 *       low)² + h²) below and √((high - d)² + h²) above, for the two are independent.
 * </ul>
 *
 * <p>Where chance has no part in the training every seed gives the same model: one is enough, and
 * the gate says so.
 */
public final class SeedSpread {
    private SeedSpread() {}

    /**
     * The items with each metric as its mean over seeds.
     *
     * @param scored evidence of {@link ScoreKind}: of the model itself first, then of each other
     *     seed; one alone where chance has no part in it
     */
    public static Map<String, Item> over(Map<String, Item> items, List<JsonNode> scored) {
        Map<String, Item> judged = new HashMap<>(items);
        for (Metric metric : Metric.values()) {
            String name = metric.text();
            double[] figures =
                    scored.stream()
                            .mapToDouble(
                                    each -> each.path("metrics").path(name).doubleValue(Double.NaN))
                            .toArray();
            double mean = Arrays.stream(figures).average().orElse(Double.NaN);
            double deviation = deviation(figures, mean);
            if (items.get(name) instanceof Measure && Double.isFinite(mean)) {
                double half =
                        figures.length < 2 ? 0 : StudentT.halfWidth(deviation, figures.length);
                judged.put(name, new Seeds(mean, deviation, half, figures.length));
                String difference = CompareGate.difference(name);
                if (items.get(difference) instanceof Difference d) {
                    judged.put(difference, widened(d, mean, half));
                }
            }
        }
        return judged;
    }

    private static double deviation(double[] figures, double mean) {
        double squares = 0;
        for (double figure : figures) {
            squares += (figure - mean) * (figure - mean);
        }
        return figures.length < 2 ? 0 : Math.sqrt(squares / (figures.length - 1));
    }

    private static Evidence.Difference widened(Difference d, double mean, double half) {
        double own = d.candidate() - d.other();
        double now = mean - d.other();
        return new Difference(
                d.measure(),
                mean,
                d.other(),
                d.label(),
                now - Math.hypot(own - d.low(), half),
                now + Math.hypot(d.high() - own, half),
                d.rows());
    }
}
