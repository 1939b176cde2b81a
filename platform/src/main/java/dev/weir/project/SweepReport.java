package dev.weir.project;

import dev.weir.ml.stats.Better;
import dev.weir.ml.stats.Metric;
import dev.weir.pipeline.RunReport;
import dev.weir.stage.train.search.Configuration;
import dev.weir.stage.train.search.SweepSettings;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What came of a sweep.
 *
 * @param run the engine's, whose id is that of the parent run in tracking
 * @param config the file that the winner's values go into
 * @param file the hyper-parameters of the file as it is
 * @param metric that was compared; empty where no trial ended
 * @param rows how many were trained and compared on; missing where the sweep did not come so far
 * @param jobs how many trials ran side by side
 * @param trials the best first, those that came further before others; the file's own too
 * @param result empty where the sweep did not end
 */
public record SweepReport(
        RunReport run,
        Path config,
        SweepSettings settings,
        JsonNode file,
        Optional<Metric> metric,
        JsonNode rows,
        int jobs,
        List<Trial> trials,
        Optional<Result> result) {
    public SweepReport {
        trials = List.copyOf(trials);
    }

    /**
     * One configuration, as it came out.
     *
     * @param figure of the metric on the validation rows; NaN where it is undefined
     * @param rung the last that it was trained on
     * @param budget rounds or rows of that rung; 0 where each trial has all
     * @param runId of its run in tracking, a child of the sweep's
     */
    public record Trial(
            Configuration configuration, double figure, int rung, long budget, String runId) {}

    /**
     * The figures of one configuration under several seeds, on the same rows.
     *
     * @param figures of the metric, the configuration's own seed first; at least one
     */
    public record Seeds(List<Double> figures) {
        public Seeds {
            figures = List.copyOf(figures);
        }

        /** Their mean. */
        public double mean() {
            return figures.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
        }

        /** Their sample standard deviation, n - 1 in the denominator; 0 of one figure. */
        public double deviation() {
            double mean = mean();
            double squares =
                    figures.stream().mapToDouble(figure -> (figure - mean) * (figure - mean)).sum();
            return figures.size() < 2 ? 0 : Math.sqrt(squares / (figures.size() - 1));
        }
    }

    /**
     * Who won.
     *
     * @param winner {@link Configuration#FILE} where nothing is better than the file as it is
     * @param best the winner's figures
     * @param file those of the file as it is
     */
    public record Result(Trial winner, Metric metric, Seeds best, Seeds file) {
        /** Whether the file as it is won. */
        public boolean nothingBetter() {
            return winner.configuration().number() == Configuration.FILE;
        }

        /** How much better the winner's mean is than the file's; above 0 where it is better. */
        public double gain() {
            double difference = best.mean() - file.mean();
            return metric.better() == Better.LOWER ? -difference : difference;
        }

        /**
         * What the seed alone does: the pooled standard deviation of both, the root of the mean of
         * the two variances (Cohen 1988, section 2.2). 0 where chance has no part in either.
         */
        public double spread() {
            double one = best.deviation();
            double other = file.deviation();
            return Math.sqrt((one * one + other * other) / 2);
        }
    }
}
