package dev.weir.ml.stats.drift;

/**
 * The chi-square distribution: the regularised incomplete gamma function by its series and its
 * continued fraction (Press et al., Numerical Recipes, 6.2), to about 1e-14.
 */
public final class ChiSquared {
    private static final double[] LANCZOS = {
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7
    };
    private static final double TINY = 1e-300;
    private static final double PRECISE = 1e-16;
    private static final int MOST_TERMS = 10_000;

    private ChiSquared() {}

    /** The probability of a value above this one; 1 for none, with at least one degree. */
    public static double above(double value, double degrees) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        if (value <= 0) {
            return 1;
        }
        double a = degrees / 2;
        double x = value / 2;
        return x < a + 1 ? 1 - series(a, x) : fraction(a, x);
    }

    /**
     * The value that is exceeded with this probability, by bisection.
     *
     * @param probability above 0 and below 1
     */
    public static double exceededWith(double probability, double degrees) {
        double low = 0;
        double high = degrees + 10;
        while (above(high, degrees) > probability) {
            high *= 2;
        }
        for (int i = 0; i < 200 && high - low > PRECISE * high; i++) {
            double middle = (low + high) / 2;
            if (above(middle, degrees) > probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private static double series(double a, double x) {
        double term = 1 / a;
        double sum = term;
        for (int n = 1; n < MOST_TERMS && term > sum * PRECISE; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return sum * Math.exp(-x + a * Math.log(x) - logGamma(a));
    }

    private static double fraction(double a, double x) {
        double b = x + 1 - a;
        double c = 1 / TINY;
        double d = 1 / b;
        double value = d;
        for (int i = 1; i < MOST_TERMS; i++) {
            double factor = -i * (i - a);
            b += 2;
            d = 1 / away(factor * d + b);
            c = away(b + factor / c);
            value *= d * c;
            if (Math.abs(d * c - 1) < PRECISE) {
                break;
            }
        }
        return Math.exp(-x + a * Math.log(x) - logGamma(a)) * value;
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    /** The logarithm of the gamma function for a positive number (Lanczos, g = 7). */
    static double logGamma(double value) {
        if (value < 0.5) {
            return Math.log(Math.PI / Math.sin(Math.PI * value)) - logGamma(1 - value);
        }
        double x = value - 1;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x + i);
        }
        double t = x + LANCZOS.length - 1.5;
        return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
    }
}
