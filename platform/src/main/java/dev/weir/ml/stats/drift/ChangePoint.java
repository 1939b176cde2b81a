package dev.weir.ml.stats.drift;

/**
 * Where a distribution has changed: of all rows that could be the first of a new one, the likeliest
 * (maximum likelihood of one change between two multinomial distributions).
 */
public final class ChangePoint {
    private static final int STEPS = 4_096;

    private ChangePoint() {}

    /**
     * The first row after the change, from 0.
     *
     * @param bins the bin of each row, in their order
     * @param size how many bins there are
     * @param rows how many of the rows are looked at, at least 2
     */
    public static int of(int[] bins, int size, int rows) {
        int step = Math.max(1, rows / STEPS);
        int coarse = likeliest(bins, size, rows, 0, rows, step);
        return step == 1 ? coarse : likeliest(bins, size, rows, coarse - step, coarse + step, 1);
    }

    private static int likeliest(int[] bins, int size, int rows, int low, int high, int step) {
        long[] before = new long[size];
        long[] after = new long[size];
        for (int i = 0; i < rows; i++) {
            after[bins[i]]++;
        }
        int best = Math.max(1, low);
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < Math.min(rows - 1, high); i++) {
            before[bins[i]]++;
            after[bins[i]]--;
            int first = i + 1;
            if (first > low && first % step == 0) {
                double likelihood =
                        logLikelihood(before, first) + logLikelihood(after, rows - first);
                if (likelihood > most) {
                    most = likelihood;
                    best = first;
                }
            }
        }
        return best;
    }

    private static double logLikelihood(long[] counts, double all) {
        double sum = 0;
        for (long count : counts) {
            sum += count == 0 ? 0 : count * Math.log(count / all);
        }
        return sum;
    }
}
