package dev.weir.stage.train;

import dev.weir.base.problem.Problem;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.BitSet;

/**
 * Which rows are trained on, and which are held out.
 *
 * @param withoutTime rows on neither side, because their time is missing
 */
record Split(BitSet trained, BitSet heldOut, int withoutTime) {
    /** Fewer rows than this teach nothing. */
    static final int FEWEST_TRAINED = 20;

    private static final double TWO_TO_MINUS_53 = 0x1p-53;
    private static final double MICROS = 1e6;

    /** All rows on the side of training. */
    static Split none(int rows) {
        BitSet trained = new BitSet(rows);
        trained.set(0, rows);
        return new Split(trained, new BitSet(), 0);
    }

    /**
     * By the hash of each row: held out where its upper 53 bits, read as a fraction of 1, lie below
     * {@code fraction}.
     */
    static Split byHash(long[] hashes, double fraction) {
        BitSet trained = new BitSet(hashes.length);
        BitSet heldOut = new BitSet(hashes.length);
        for (int i = 0; i < hashes.length; i++) {
            boolean out = (hashes[i] >>> 11) * TWO_TO_MINUS_53 < fraction;
            (out ? heldOut : trained).set(i);
        }
        return new Split(trained, heldOut, 0);
    }

    /**
     * By time: held out from the moment on.
     *
     * @param seconds since 1970, one for each row; NaN is missing
     */
    static Split byTime(double[] seconds, double moment) {
        BitSet trained = new BitSet(seconds.length);
        BitSet heldOut = new BitSet(seconds.length);
        int without = 0;
        for (int i = 0; i < seconds.length; i++) {
            if (Double.isNaN(seconds[i])) {
                without++;
            } else {
                (seconds[i] >= moment ? heldOut : trained).set(i);
            }
        }
        return new Split(trained, heldOut, without);
    }

    /**
     * A moment in seconds since 1970, without a zone.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) for what is neither a day nor a day
     *     and time
     */
    static double seconds(String moment) {
        try {
            LocalDateTime at =
                    moment.length() <= 10
                            ? LocalDate.parse(moment).atStartOfDay()
                            : LocalDateTime.parse(moment.replace(' ', 'T'));
            return at.toEpochSecond(ZoneOffset.UTC) + at.getNano() / 1000 / MICROS;
        } catch (DateTimeParseException e) {
            throw Problem.input(
                            "holdout.after",
                            "holdout.after: "
                                    + moment
                                    + " (expected: a day or a time, as 2012-01-01 or"
                                    + " 2012-01-01T06:30:00)")
                    .exception(e);
        }
    }

    /** Takes rows out of both parts. */
    void drop(BitSet rows) {
        trained.andNot(rows);
        heldOut.andNot(rows);
    }

    /**
     * Refuses parts that are too small.
     *
     * @param needsHoldout whether the held-out part comes from this table
     * @throws dev.weir.base.problem.ProblemException (INPUT)
     */
    void check(boolean needsHoldout) {
        int rows = trained.cardinality();
        if (rows < FEWEST_TRAINED) {
            throw Problem.input(
                            "table.few_rows",
                            rows + " rows to train on (expected: at least " + FEWEST_TRAINED + ")")
                    .hint("Bring more rows, or hold out fewer: train.holdout.")
                    .exception();
        }
        if (needsHoldout && heldOut.isEmpty()) {
            throw Problem.input("holdout.empty", "no row is held out (expected: at least one)")
                    .hint("Choose a larger fraction or an earlier moment: train.holdout.")
                    .exception();
        }
    }
}
