package dev.weir.ml.stats.sequential;

/**
 * Whether requests are split as was meant: a mismatch says that something beside chance decided who
 * went where, and then both sides cannot be compared. The evidence at any time is that of a beta
 * mixture around the share that was meant (Lindon and Malek, Anytime-valid inference for
 * multinomial count data, 2022, section 3).
 */
public final class SplitTest {
    /** As many imagined requests hold the mixture near the share that was meant. */
    private static final double PRIOR = 100;

    private SplitTest() {}

    /**
     * The logarithm of the e-value against "each request goes there with this chance".
     *
     * @param there how many went there
     * @param here how many did not
     * @param share that was meant to go there, above 0 and below 1
     */
    public static double logEvidence(long there, long here, double share) {
        return LogBeta.of(PRIOR * share + there, PRIOR * (1 - share) + here)
                - LogBeta.of(PRIOR * share, PRIOR * (1 - share))
                - there * Math.log(share)
                - here * Math.log1p(-share);
    }
}
