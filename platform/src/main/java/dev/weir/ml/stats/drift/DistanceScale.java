package dev.weir.ml.stats.drift;

import dev.weir.ml.stats.Percentiles;

/**
 * In which unit the distance of Wasserstein is told.
 *
 * @param by what divides it
 * @param clipped whether values are moved into the middle 99 % of the baseline first, so that one
 *     outlier does not decide
 */
public record DistanceScale(By by, boolean clipped) {
    /** By the standard deviation, of all values. */
    public static final DistanceScale STANDARD = new DistanceScale(By.STD, false);

    /** What divides a distance. */
    public enum By {
        /** The standard deviation of the baseline as a population. */
        STD("std"),
        /** The interquartile range of the baseline (type 7). */
        IQR("iqr");

        private final String word;

        By(String word) {
            this.word = word;
        }

        /** As it stands in YAML and JSON. */
        public String word() {
            return word;
        }
    }

    /**
     * How wide the values of a baseline lie.
     *
     * @param iqr the interquartile range
     * @param low the quantile of 0.5 %
     * @param high the quantile of 99.5 %
     */
    public record Spread(double deviation, double iqr, double low, double high) {
        /** Of no value. */
        public static final Spread NONE =
                new Spread(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

        /** Of sorted, finite values. */
        static Spread of(double[] sorted) {
            if (sorted.length == 0) {
                return NONE;
            }
            Percentiles all = Percentiles.of(sorted);
            return new Spread(
                    Moments.of(sorted).deviation(),
                    all.interpolated(75) - all.interpolated(25),
                    all.interpolated(0.5),
                    all.interpolated(99.5));
        }
    }

    /** A distance in the unit of a baseline, and what divided it. */
    record Scaled(double value, String by) {}

    /** By what was asked, or else the other, or else nothing: of a constant baseline. */
    Scaled scaled(double distance, Spread spread) {
        boolean iqrFirst = by == By.IQR;
        double first = iqrFirst ? spread.iqr : spread.deviation;
        double second = iqrFirst ? spread.deviation : spread.iqr;
        if (first > 0) {
            return new Scaled(distance / first, by.word);
        }
        return second > 0
                ? new Scaled(distance / second, iqrFirst ? By.STD.word : By.IQR.word)
                : new Scaled(distance, "none");
    }
}
