package dev.weir.stage.train;

/** Watches a loss, round by round, and says when nothing better is to be hoped for. */
final class EarlyStopping {
    private final int patience;
    private int best = 1;
    private double least = Double.POSITIVE_INFINITY;

    /**
     * A watch.
     *
     * @param patience how many rounds in a row may bring nothing; 0 for any number
     */
    EarlyStopping(int patience) {
        this.patience = patience;
    }

    /** Whether to stop after this round, from 1, which reached this loss. */
    boolean stops(int round, double loss) {
        if (loss < least) {
            least = loss;
            best = round;
        }
        return patience > 0 && round - best >= patience;
    }

    /** The first round of the lowest loss. */
    int best() {
        return best;
    }
}
