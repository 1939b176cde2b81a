package dev.weir.ml.stats.sequential;

/** The logarithm of Euler's beta function. */
final class LogBeta {
    private static final double SHIFTED = 10;
    private static final double HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

    private LogBeta() {}

    /** Of two numbers above 0, to about 1e-13 of the larger of the terms. */
    static double of(double a, double b) {
        return gamma(a) + gamma(b) - gamma(a + b);
    }

    /** The logarithm of the gamma function: Stirling's series above 10, below it by recurrence. */
    private static double gamma(double x) {
        double shift = 0;
        double z = x;
        while (z < SHIFTED) {
            shift += Math.log(z);
            z++;
        }
        double inverse = 1 / (z * z);
        double series =
                (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse / 1680))) / z;
        return (z - 0.5) * Math.log(z) - z + HALF_LOG_2_PI + series - shift;
    }
}
