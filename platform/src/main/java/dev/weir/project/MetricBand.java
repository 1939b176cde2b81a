package dev.weir.project;

import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Measurement;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.MulticlassMetrics;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.ml.stats.compare.PairedBootstrap;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whether two models are as good as each other: the 95 % interval of the difference of the headline
 * metric, by the percentiles of a paired bootstrap (Efron and Tibshirani 1993, chapter 13), lies
 * within ±δ, on all rows and on each slice. δ is one standard deviation of the metric, on the same
 * rows, over models of the same training with other seeds; where there are none, or they do not
 * differ, it is 0.005. That an interval has to lie inside a band, and not only touch it, is the
 * test of equivalence (Schuirmann 1987): few rows prove nothing.
 *
 * @param truth of rows whose truth is known
 * @param then what the registered model says, rows x width of the signature
 * @param now what the model that was made again says
 * @param seeds what each model of another seed says
 */
record MetricBand(
        Signature signature, double[] truth, double[] then, double[] now, List<double[]> seeds) {
    private static final double FIXED = 0.005;
    private static final double CONFIDENCE = 0.95;
    private static final long SEED = 20_260_101;

    /**
     * The answer.
     *
     * @param sentence what was measured: the first that is outside, or all rows
     */
    record Answer(boolean inside, String sentence) {}

    /** Judges all rows, then each slice. */
    Answer judge(List<SlicesOfRows.Slice> slices) {
        Answer all = judge("", IntStream.range(0, truth.length).toArray());
        if (!all.inside()) {
            return all;
        }
        for (SlicesOfRows.Slice slice : slices) {
            Answer one = judge(" where " + slice.name(), slice.rows());
            if (!one.inside()) {
                return one;
            }
        }
        return slices.isEmpty()
                ? all
                : new Answer(
                        true,
                        all.sentence() + ", and so in each of %d slices".formatted(slices.size()));
    }

    private Answer judge(String where, int[] rows) {
        Metric metric = headline();
        double[] figures =
                Stream.concat(Stream.of(then), seeds.stream())
                        .mapToDouble(scores -> figure(rows, scores))
                        .filter(Double::isFinite)
                        .toArray();
        PairedBootstrap.Interval interval =
                PairedBootstrap.differences(
                                rows.length,
                                measurement(rows, now),
                                measurement(rows, then),
                                List.of(metric),
                                PairedBootstrap.draws(rows.length),
                                CONFIDENCE,
                                SEED)
                        .get(metric);
        if (interval == null || Double.isNaN(interval.low())) {
            return new Answer(true, metric.text() + where + " is undefined");
        }
        double deviation = figures.length < 2 ? 0 : deviation(figures);
        double band = deviation > 0 ? deviation : FIXED;
        boolean inside = interval.low() >= -band && interval.high() <= band;
        String of =
                deviation > 0
                        ? "one standard deviation over %d seeds".formatted(figures.length)
                        : "a fixed band, for the seeds make no difference";
        return new Answer(
                inside,
                "the 95 %% interval of the difference of %s%s is %.4f to %.4f, %s ± %.4f (%s)"
                        .formatted(
                                metric.text(),
                                where,
                                interval.low(),
                                interval.high(),
                                inside ? "inside" : "not inside",
                                band,
                                of));
    }

    private static double deviation(double[] figures) {
        double mean = Arrays.stream(figures).average().orElse(0);
        double squares = DoubleStream.of(figures).map(f -> (f - mean) * (f - mean)).sum();
        return Math.sqrt(squares / (figures.length - 1));
    }

    private double figure(int[] rows, double[] scores) {
        return measurement(rows, scores).under(null).value(headline()).orElse(Double.NaN);
    }

    private Metric headline() {
        return switch (signature.task()) {
            case REGRESSION -> Metric.R2;
            case BINARY -> Metric.ROC_AUC;
            case MULTICLASS -> Metric.ACCURACY;
        };
    }

    private Measurement measurement(int[] rows, double[] scores) {
        int width = signature.width();
        double[] said = new double[rows.length * width];
        double[] known = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(scores, rows[i] * width, said, i * width, width);
            known[i] = truth[rows[i]];
        }
        return switch (signature.task()) {
            case REGRESSION -> RegressionMetrics.on(said, known);
            case MULTICLASS ->
                    MulticlassMetrics.on(
                            said, width, Arrays.stream(known).mapToInt(v -> (int) v).toArray());
            case BINARY -> {
                boolean[] positive = new boolean[known.length];
                for (int i = 0; i < positive.length; i++) {
                    positive[i] = known[i] == 1;
                }
                yield BinaryMetrics.on(
                        said, positive, Objects.requireNonNull(signature.classes()).threshold());
            }
        };
    }
}
