package dev.weir.ml.stats.drift;

/**
 * Scores from counts in the same bins, of a baseline and of now.
 *
 * @param psi population stability index, counts smoothed by (c + 0.5)/(n + 0.5 B)
 * @param kl Kullback-Leibler divergence of now given the baseline, in nats, smoothed as PSI
 * @param js Jensen-Shannon divergence, in bits, 0 to 1, not smoothed
 * @param chiSquare of the 2 x K table, empty columns left out
 */
public record BinScores(double psi, double kl, double js, ChiSquare chiSquare) {
    private static final double SMOOTHING = 0.5;

    /**
     * Pearson's test that both rows of a 2 x K table are of one distribution, without a correction
     * for continuity.
     *
     * @param p 1 where fewer than two columns are left
     * @param cramersV 0 to 1: how strong, whatever the number of rows
     */
    public record ChiSquare(double statistic, int degrees, double p, double cramersV) {}

    /**
     * The scores of two arrays of counts, bin by bin.
     *
     * @return NaN everywhere where one side is empty
     */
    public static BinScores of(long[] baseline, long[] current) {
        double n = sum(baseline);
        double m = sum(current);
        if (n == 0 || m == 0) {
            return new BinScores(
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    new ChiSquare(Double.NaN, 0, Double.NaN, Double.NaN));
        }
        double psi = 0;
        double kl = 0;
        double js = 0;
        double slack = SMOOTHING * baseline.length;
        for (int i = 0; i < baseline.length; i++) {
            double p = (baseline[i] + SMOOTHING) / (n + slack);
            double q = (current[i] + SMOOTHING) / (m + slack);
            psi += (q - p) * Math.log(q / p);
            kl += q * Math.log(q / p);
            double rawP = baseline[i] / n;
            double rawQ = current[i] / m;
            double middle = (rawP + rawQ) / 2;
            js += (part(rawP, middle) + part(rawQ, middle)) / 2;
        }
        return new BinScores(
                psi, kl, Math.max(0, js / Math.log(2)), chiSquare(baseline, current, n, m));
    }

    private static double part(double share, double middle) {
        return share == 0 ? 0 : share * Math.log(share / middle);
    }

    private static ChiSquare chiSquare(long[] baseline, long[] current, double n, double m) {
        double statistic = 0;
        int columns = 0;
        for (int i = 0; i < baseline.length; i++) {
            double both = baseline[i] + current[i];
            if (both > 0) {
                columns++;
                double expected = both * n / (n + m);
                double other = both * m / (n + m);
                statistic +=
                        (baseline[i] - expected) * (baseline[i] - expected) / expected
                                + (current[i] - other) * (current[i] - other) / other;
            }
        }
        int degrees = columns - 1;
        return degrees < 1
                ? new ChiSquare(0, 0, 1, 0)
                : new ChiSquare(
                        statistic,
                        degrees,
                        ChiSquared.above(statistic, degrees),
                        Math.sqrt(statistic / (n + m)));
    }

    static double sum(long[] counts) {
        double sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
