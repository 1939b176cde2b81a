package dev.weir.stage.train.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Successive halving (Jamieson and Talwalkar 2016): all configurations are trained with little, the
 * best of them with more, until the last few have all. Each rung has a share {@code 1 / reduction}
 * of the configurations of the one before, and {@code reduction} times its budget. The last rung is
 * the first that has at most {@code reduction} configurations.
 */
public final class Rungs {
    private Rungs() {}

    /**
     * One rung.
     *
     * @param number from 1
     * @param configurations how many are trained on it
     * @param share of the whole budget, above 0; 1 on the last
     */
    public record Rung(int number, int configurations, double share) {
        /** The budget of this rung, of so much in all: at least 1. */
        public int of(int all) {
            return Math.max(1, (int) Math.round(all * share));
        }
    }

    /**
     * The rungs of a sweep; one rung with the whole budget for a random search.
     *
     * @param configurations at least 1
     */
    public static List<Rung> of(SweepSettings settings, int configurations) {
        if (settings.search() == SweepSettings.Search.RANDOM) {
            return List.of(new Rung(1, configurations, 1));
        }
        List<Integer> counts = new ArrayList<>(List.of(configurations));
        while (counts.getLast() > settings.reduction()) {
            counts.add(counts.getLast() / settings.reduction());
        }
        List<Rung> rungs = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            double share = 1;
            for (int above = i + 1; above < counts.size(); above++) {
                share /= settings.reduction();
            }
            rungs.add(new Rung(i + 1, counts.get(i), share));
        }
        return rungs;
    }
}
