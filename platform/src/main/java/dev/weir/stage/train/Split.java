package dev.weir.stage.train;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.matrix.FeatureColumn;
import dev.weir.ml.data.matrix.MatrixReader;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.BitSet;
import java.util.List;

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

    /** By a column of days or times of a table: held out from the moment on. */
    static Split byTime(DuckDb duckDb, Path table, String time, String moment) {
        return byTime(times(duckDb, table, time), unit(duckDb, table, time) * seconds(moment));
    }

    /** A column of days, in days, or of times, in seconds, since 1970; NaN is missing. */
    static double[] times(DuckDb duckDb, Path table, String time) {
        return new MatrixReader(duckDb)
                .read(table, List.of(), new FeatureColumn.Numeric(time), List.of(time))
                .target();
    }

    /** What a second is in the unit of {@link #times}. */
    private static double unit(DuckDb duckDb, Path table, String time) {
        Column column = new ParquetFiles(duckDb).schema(table).required(time);
        return column.type() == ColumnType.DATE ? 1.0 / 86_400 : 1;
    }

    /**
     * The split that the parameters of a training step describe: {@code holdout}, {@code key} and
     * {@code time}.
     */
    static Split of(DuckDb duckDb, Path table, JsonNode params) {
        JsonNode holdout = params.path("holdout");
        if (holdout.has("file")) {
            return none(Math.toIntExact(new ParquetFiles(duckDb).rows(table)));
        }
        return holdout.has("after")
                ? byTime(
                        duckDb,
                        table,
                        params.path("time").stringValue(),
                        holdout.path("after").stringValue())
                : byHash(
                        new MatrixReader(duckDb).hashes(table, TrainKind.texts(params.path("key"))),
                        holdout.path("fraction").doubleValue());
    }

    /** The hashes once more, by bits that say nothing about the first. */
    static long[] turned(long[] hashes, long turn) {
        long[] turned = new long[hashes.length];
        for (int i = 0; i < turned.length; i++) {
            long z = hashes[i] + turn * 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            turned[i] = z ^ (z >>> 31);
        }
        return turned;
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
