package dev.weir.ml.stats.sequential;

/**
 * Between which bounds a share lies, at all times at once: a confidence sequence. It holds the
 * shares against which the mixture with the weights of Jeffreys (the estimator of Krichevsky and
 * Trofimov, 1981) has less than 1/alpha of evidence (Robbins 1970; Howard et al. 2021).
 *
 * @param lower 0 to 1
 * @param upper 0 to 1
 */
public record ShareInterval(double lower, double upper) {
    private static final int HALVINGS = 40;

    /**
     * The interval of counts.
     *
     * @param events 0 to trials
     * @param trials may be 0: then nothing is known
     * @param alpha the chance that it ever misses the share
     */
    public static ShareInterval of(long events, long trials, double alpha) {
        if (trials == 0) {
            return new ShareInterval(0, 1);
        }
        double most =
                LogBeta.of(events + 0.5, trials - events + 0.5)
                        - LogBeta.of(0.5, 0.5)
                        + Math.log(alpha);
        double middle = (double) events / trials;
        return new ShareInterval(
                events == 0 ? 0 : edge(events, trials, most, 0, middle),
                events == trials ? 1 : edge(events, trials, most, 1, middle));
    }

    /** The end of the interval between a share that is out of it and one that is in it. */
    private static double edge(long events, long trials, double most, double out, double in) {
        double outside = out;
        double inside = in;
        for (int i = 0; i < HALVINGS; i++) {
            double share = (outside + inside) / 2;
            boolean held = log(events, share) + log(trials - events, 1 - share) > most;
            if (held) {
                inside = share;
            } else {
                outside = share;
            }
        }
        return outside;
    }

    private static double log(long count, double share) {
        return count == 0 ? 0 : count * Math.log(share);
    }
}
