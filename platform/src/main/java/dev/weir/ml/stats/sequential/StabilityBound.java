package dev.weir.ml.stats.sequential;

/**
 * What the population stability index of two distributions is at least, at all times at once. Each
 * cell's share lies in its {@link ShareInterval} on either side; the index is a sum of (q - p)
 * ln(q/p) over the cells, none of which is negative, and each is smallest where its two shares are
 * nearest. Where the intervals of a cell meet, it adds nothing: so chance alone gives 0.
 */
public final class StabilityBound {
    private StabilityBound() {}

    /**
     * The bound of counts in the same cells, chosen beforehand.
     *
     * @param alpha the chance that the index is ever below it
     */
    public static double of(long[] here, long[] there, double alpha) {
        double each = alpha / (2.0 * Math.max(1, here.length));
        long allHere = sum(here);
        long allThere = sum(there);
        double bound = 0;
        for (int i = 0; i < here.length; i++) {
            ShareInterval p = ShareInterval.of(here[i], allHere, each);
            ShareInterval q = ShareInterval.of(there[i], allThere, each);
            if (q.lower() > p.upper()) {
                bound += (q.lower() - p.upper()) * Math.log(q.lower() / p.upper());
            } else if (p.lower() > q.upper()) {
                bound += (p.lower() - q.upper()) * Math.log(p.lower() / q.upper());
            }
        }
        return bound;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
