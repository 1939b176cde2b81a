package dev.weir.ml.stats;

/** Student's t distribution: how far the mean of few figures may be off. */
public final class StudentT {
    /** The 0.975 quantile for 1 to 30 degrees of freedom. */
    private static final double[] TABLE = {
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010,
        2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739,
        2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423
    };

    private static final double NORMAL = 1.959963984540054;

    private StudentT() {}

    /**
     * Half of the width of the 95 % interval of a mean (Student 1908): t · s / √n, with t the 0.975
     * quantile of n - 1 degrees of freedom.
     *
     * @param deviation sample standard deviation, n - 1 in the denominator
     * @param figures n, 2 or more
     */
    public static double halfWidth(double deviation, int figures) {
        return quantile(figures - 1) * deviation / Math.sqrt(figures);
    }

    /**
     * The 0.975 quantile; beyond 30 degrees of freedom by the first two terms of Fisher and Cornish
     * (1960), which are right to four digits there.
     */
    static double quantile(int freedom) {
        if (freedom < 1) {
            throw new IllegalArgumentException(
                    "degrees of freedom: " + freedom + " (expected: 1 or more)");
        }
        if (freedom <= TABLE.length) {
            return TABLE[freedom - 1];
        }
        double z = NORMAL;
        double cube = z * z * z;
        double fifth = cube * z * z;
        return z
                + (cube + z) / (4.0 * freedom)
                + (5 * fifth + 16 * cube + 3 * z) / (96.0 * freedom * freedom);
    }
}
