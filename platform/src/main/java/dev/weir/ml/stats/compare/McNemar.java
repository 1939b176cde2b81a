package dev.weir.ml.stats.compare;

import dev.weir.ml.stats.drift.ChiSquared;

/**
 * McNemar's test of two models on the same rows (1947): only rows on which one is right and the
 * other wrong count.
 *
 * @param both rows on which both are right
 * @param onlyProduction rows on which only production is
 * @param onlyCandidate rows on which only the candidate is
 * @param neither rows on which none is
 * @param exactP two-sided, of the binomial distribution
 * @param chiSquare with Edwards' correction of continuity; 0 where no row counts
 * @param chiSquareP its p-value
 */
public record McNemar(
        long both,
        long onlyProduction,
        long onlyCandidate,
        long neither,
        double exactP,
        double chiSquare,
        double chiSquareP) {

    /**
     * Compares.
     *
     * @param production whether it was right, row by row
     * @param candidate as production
     */
    public static McNemar of(boolean[] production, boolean[] candidate) {
        if (production.length != candidate.length) {
            throw new IllegalArgumentException(
                    "%d and %d rows (expected: the same rows)"
                            .formatted(production.length, candidate.length));
        }
        long[] cells = new long[4];
        for (int i = 0; i < production.length; i++) {
            cells[(production[i] ? 0 : 2) + (candidate[i] ? 0 : 1)]++;
        }
        long b = cells[1];
        long c = cells[2];
        double apart = Math.max(0, Math.abs(b - c) - 1);
        double chiSquare = b + c == 0 ? 0 : apart * apart / (b + c);
        return new McNemar(
                cells[0],
                b,
                c,
                cells[3],
                binomial(Math.min(b, c), b + c),
                chiSquare,
                ChiSquared.above(chiSquare, 1));
    }

    /** Two-sided: twice the chance of at most this many of n by a fair coin. */
    private static double binomial(long few, long n) {
        double sum = 0;
        double logHalf = n * Math.log(0.5);
        double logChoose = 0;
        for (long k = 0; k <= few; k++) {
            sum += Math.exp(logChoose + logHalf);
            logChoose += Math.log(n - k) - Math.log(k + 1);
        }
        return Math.min(1, 2 * sum);
    }
}
