package dev.weir.ml.stats.sequential;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether something happens more often than a bound allows: a test of "the rate is at most the
 * bound" that may be looked at at any time. The alternatives are rates whose odds are 1.5 to 100
 * times those of the bound; each bets by its likelihood ratio, a martingale at the bound and a
 * supermartingale below it (Wald 1945; for the mixture, Howard, Ramdas, McAuliffe and Sekhon,
 * Time-uniform, nonparametric, nonasymptotic confidence sequences, 2021, section 3; {@link Wealth}
 * for changes).
 */
public final class RateTest {
    private static final double[] ODDS = {1.5, 2, 3, 5, 10, 30, 100};
    private static final double LEAST = 1e-6;
    private static final double MOST = 1 - 1e-6;

    private final double bound;
    private final Wealth wealth;

    private RateTest(double bound, Wealth wealth) {
        this.bound = bound;
        this.wealth = wealth;
    }

    /**
     * A test that has seen nothing.
     *
     * @param bound 0 to 1; held within a millionth of both, where one event would decide all
     */
    public static RateTest above(double bound) {
        return new RateTest(Math.clamp(bound, LEAST, MOST), Wealth.BEGINNING);
    }

    /**
     * After another look.
     *
     * @param events of the trials since the last look
     * @param trials since the last look; with none the test stays as it is
     */
    public RateTest next(long events, long trials) {
        if (trials <= 0) {
            return this;
        }
        double[] ratios = new double[ODDS.length];
        for (int i = 0; i < ODDS.length; i++) {
            double scale = 1 - bound + bound * ODDS[i];
            ratios[i] = events * Math.log(ODDS[i]) - trials * Math.log(scale);
        }
        return new RateTest(bound, wealth.next(ratios));
    }

    /** The logarithm of the e-value against "the rate is at most the bound". */
    public double logEvidence() {
        return wealth.log();
    }

    /** What {@link #resumed} goes on from. */
    public ObjectNode json() {
        return wealth.json();
    }

    /** The test as {@link #json} wrote it down. */
    public RateTest resumed(JsonNode json) {
        return new RateTest(bound, Wealth.fromJson(json));
    }
}
