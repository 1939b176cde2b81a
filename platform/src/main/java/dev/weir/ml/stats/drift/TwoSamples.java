package dev.weir.ml.stats.drift;

/** Distances of two sorted samples of numbers, or of two distributions. */
public final class TwoSamples {
    /** Up to this product of sizes the p-value of Kolmogorov and Smirnov is exact. */
    public static final long EXACT = 10_000;

    private TwoSamples() {}

    /**
     * The test of Kolmogorov and Smirnov.
     *
     * @param statistic the largest distance of the two distribution functions
     * @param p two-sided; exact for small samples (ties as if there were none), else by the limit
     *     with Stephens' correction (1970)
     */
    public record KolmogorovSmirnov(double statistic, double p) {}

    /**
     * The test on two sorted samples.
     *
     * @return NaN where one is empty
     */
    public static KolmogorovSmirnov kolmogorovSmirnov(double[] baseline, double[] current) {
        int n = baseline.length;
        int m = current.length;
        if (n == 0 || m == 0) {
            return new KolmogorovSmirnov(Double.NaN, Double.NaN);
        }
        long largest = 0;
        int i = 0;
        int j = 0;
        while (i < n && j < m) {
            double at = Math.min(baseline[i], current[j]);
            while (i < n && baseline[i] == at) {
                i++;
            }
            while (j < m && current[j] == at) {
                j++;
            }
            largest = Math.max(largest, Math.abs((long) i * m - (long) j * n));
        }
        double statistic = largest / ((double) n * m);
        return new KolmogorovSmirnov(statistic, p(statistic, n, m));
    }

    /** The p-value of a statistic: exact for small samples, else Stephens'. */
    static double p(double statistic, long n, long m) {
        return n <= EXACT && m <= EXACT && n * m <= EXACT
                ? exact(Math.round(statistic * n * m), (int) n, (int) m)
                : stephens(statistic, n, m);
    }

    /**
     * The share of paths from (0, 0) to (n, m) that leave the corridor: the recursion of Nikiforov
     * (1994), on probabilities, so that nothing overflows.
     */
    static double exact(long distance, int n, int m) {
        if (distance == 0) {
            return 1;
        }
        // outside[j]: of paths to (i, j), the share that has been at or beyond the distance
        double[] outside = new double[m + 1];
        for (int i = 0; i <= n; i++) {
            for (int j = 0; j <= m; j++) {
                if (Math.abs((long) i * m - (long) j * n) >= distance) {
                    outside[j] = 1;
                } else if (i == 0) {
                    outside[j] = j == 0 ? 0 : outside[j - 1];
                } else if (j > 0) {
                    double share = (double) i / (i + j);
                    outside[j] = share * outside[j] + (1 - share) * outside[j - 1];
                }
            }
        }
        return Math.min(1, outside[m]);
    }

    static double stephens(double statistic, double n, double m) {
        double root = Math.sqrt(n * m / (n + m));
        return limit((root + 0.12 + 0.11 / root) * statistic);
    }

    /** Kolmogorov's limit: the probability above. */
    static double limit(double value) {
        if (value <= 0) {
            return 1;
        }
        if (value < 1.18) { // the other series converges faster here
            double sum = 0;
            for (int k = 1; k <= 20; k++) {
                double odd = 2 * k - 1;
                sum += Math.exp(-odd * odd * Math.PI * Math.PI / (8 * value * value));
            }
            return 1 - Math.sqrt(2 * Math.PI) / value * sum;
        }
        double sum = 0;
        for (int k = 1; k <= 20; k++) {
            double term = Math.exp(-2.0 * k * k * value * value);
            sum += k % 2 == 1 ? term : -term;
        }
        return Math.min(1, 2 * sum);
    }

    /**
     * The distance of Wasserstein of order 1: the area between the two distribution functions, in
     * the unit of the values.
     *
     * @return NaN where one is empty
     */
    public static double wasserstein(double[] baseline, double[] current) {
        int n = baseline.length;
        int m = current.length;
        if (n == 0 || m == 0) {
            return Double.NaN;
        }
        double area = 0;
        int i = 0;
        int j = 0;
        double last = Math.min(baseline[0], current[0]);
        while (i < n || j < m) {
            double at =
                    i == n ? current[j] : j == m ? baseline[i] : Math.min(baseline[i], current[j]);
            area += Math.abs((double) i / n - (double) j / m) * (at - last);
            last = at;
            while (i < n && baseline[i] == at) {
                i++;
            }
            while (j < m && current[j] == at) {
                j++;
            }
        }
        return area;
    }

    /**
     * The largest distance of two distribution functions.
     *
     * @return NaN where one is empty
     */
    static double statistic(Distribution baseline, Distribution current) {
        double[] gap = {0};
        walk(baseline, current, (share, width) -> gap[0] = Math.max(gap[0], Math.abs(share)));
        return baseline.total() == 0 || current.total() == 0 ? Double.NaN : gap[0];
    }

    /** As {@link #wasserstein(double[], double[])}, of distributions. */
    static double wasserstein(Distribution baseline, Distribution current) {
        double[] area = {0};
        walk(baseline, current, (share, width) -> area[0] += Math.abs(share) * width);
        return baseline.total() == 0 || current.total() == 0 ? Double.NaN : area[0];
    }

    private interface Step {
        /** From a value to the next: by how much the shares below differ, and how far it is. */
        void take(double share, double width);
    }

    private static void walk(Distribution baseline, Distribution current, Step step) {
        double[] a = baseline.values();
        double[] b = current.values();
        double n = baseline.total();
        double m = current.total();
        if (n == 0 || m == 0) {
            return;
        }
        int i = 0;
        int j = 0;
        while (i < a.length || j < b.length) {
            double at = i == a.length ? b[j] : j == b.length ? a[i] : Math.min(a[i], b[j]);
            while (i < a.length && a[i] == at) {
                i++;
            }
            while (j < b.length && b[j] == at) {
                j++;
            }
            double next =
                    i == a.length && j == b.length
                            ? at
                            : i == a.length ? b[j] : j == b.length ? a[i] : Math.min(a[i], b[j]);
            double share =
                    (i == 0 ? 0 : baseline.atMost()[i - 1] / n)
                            - (j == 0 ? 0 : current.atMost()[j - 1] / m);
            step.take(share, next - at);
        }
    }
}
