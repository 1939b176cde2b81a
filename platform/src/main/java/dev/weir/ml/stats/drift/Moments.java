package dev.weir.ml.stats.drift;

import java.util.Arrays;

/**
 * Count, mean, and sum of squared distances from the mean, which two parts of a sample add up to
 * (Chan, Golub and LeVeque, 1979).
 *
 * @param mean 0 of no value
 */
public record Moments(long count, double mean, double squares) {
    /** Of values, in two passes. */
    public static Moments of(double[] values) {
        if (values.length == 0) {
            return new Moments(0, 0, 0);
        }
        double mean = Arrays.stream(values).sum() / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new Moments(values.length, mean, squares);
    }

    /** Of both. */
    public Moments merge(Moments other) {
        long both = count + other.count;
        if (both == 0) {
            return this;
        }
        double apart = other.mean - mean;
        double share = (double) other.count / both;
        return new Moments(
                both,
                mean + apart * share,
                squares + other.squares + apart * apart * count * share);
    }

    /** The standard deviation of the values as a population; NaN of none. */
    public double deviation() {
        return Math.sqrt(squares / count);
    }
}
