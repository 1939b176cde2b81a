package dev.weir.ml.stats.sequential;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether something happens more often in one of two streams than in the other: a test of "its odds
 * there are at most {@code slack} times those here" that may be looked at at any time. Between two
 * looks only the split of the events counts, given how many there were on both sides together:
 * Fisher's hypergeometric distribution. The rate itself is free and may change from look to look,
 * so that a failure which hits both sides alike says nothing, whatever the sizes of the two streams
 * are (Fisher 1935; as an e-process, Turner, Ly and Grünwald, Generic E-variables for exact
 * sequential k-sample tests, 2024). The alternatives are odds 1.5 to 100 times the slack.
 */
public final class RatioTest {
    private static final double[] ODDS = {1.5, 2, 3, 5, 10, 30, 100};

    private final double slack;
    private final Wealth wealth;

    private RatioTest(double slack, Wealth wealth) {
        this.slack = slack;
        this.wealth = wealth;
    }

    /**
     * A test that has seen nothing.
     *
     * @param slack at least 1: as many times the odds are still no harm
     */
    public static RatioTest above(double slack) {
        return new RatioTest(slack, Wealth.BEGINNING);
    }

    /**
     * What one side did since the last look.
     *
     * @param events at most as many as trials
     */
    public record Seen(long events, long trials) {
        public Seen {
            trials = Math.max(0, trials);
            events = Math.clamp(events, 0, trials);
        }
    }

    /** After another look; where one side did nothing, or nothing happened, it stays as it is. */
    public RatioTest next(Seen there, Seen here) {
        long events = there.events + here.events;
        if (there.trials == 0 || here.trials == 0 || events == 0) {
            return this;
        }
        long least = Math.max(0, events - here.trials);
        long most = Math.min(events, there.trials);
        double[] ways = ways(there.trials, here.trials, events, least, most);
        double before = Math.log(slack);
        double expected = total(ways, least, before);
        double[] ratios = new double[ODDS.length];
        for (int i = 0; i < ODDS.length; i++) {
            double log = before + Math.log(ODDS[i]);
            ratios[i] = there.events * Math.log(ODDS[i]) - total(ways, least, log) + expected;
        }
        return new RatioTest(slack, wealth.next(ratios));
    }

    /** In how many ways the events may fall, j of them there, as logarithms but for a constant. */
    private static double[] ways(long there, long here, long events, long least, long most) {
        double[] ways = new double[Math.toIntExact(most - least + 1)];
        for (int i = 1; i < ways.length; i++) {
            double j = least + i - 1.0;
            ways[i] =
                    ways[i - 1]
                            + Math.log(
                                    (there - j) / (j + 1) * (events - j) / (here - events + j + 1));
        }
        return ways;
    }

    /** The logarithm of the sum of all ways, each times the odds to its number of events. */
    private static double total(double[] ways, long least, double logOdds) {
        double top = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < ways.length; i++) {
            top = Math.max(top, ways[i] + (least + i) * logOdds);
        }
        double sum = 0;
        for (int i = 0; i < ways.length; i++) {
            sum += Math.exp(ways[i] + (least + i) * logOdds - top);
        }
        return top + Math.log(sum);
    }

    /** The logarithm of the e-value against "the odds there are at most slack times those here". */
    public double logEvidence() {
        return wealth.log();
    }

    /** What {@link #resumed} goes on from. */
    public ObjectNode json() {
        return wealth.json();
    }

    /** The test as {@link #json} wrote it down. */
    public RatioTest resumed(JsonNode json) {
        return new RatioTest(slack, Wealth.fromJson(json));
    }
}
