package dev.weir.stage.train;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.matrix.MatrixReader;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.BitSet;

/**
 * Parts the rows that a model may be trained on, so that configurations can be compared without a
 * look at the held-out rows. Input: {@code table}. Outputs: {@code fit}, the rows to train trials
 * on, and {@code validation}, those to compare them on; no row is in both, and none that the
 * holdout keeps is in either. Evidence: {@code {"table","held_out","validation","fit"}}, counts of
 * rows.
 *
 * <p>Parameters: {@code holdout}, {@code key} and {@code time} as {@link TrainKind} has them;
 * {@code validation}, the share of the rows that are not held out; {@code share} of the rest, to
 * train on fewer. Rows are drawn by other bits of the hash by which they are held out, so that rows
 * of one key stay together; where the holdout is the end of time, the validation part is the end of
 * what is before it.
 */
public record ValidationRowsKind() implements StepKind {
    private static final long VALIDATION = 1;
    private static final long SHARE = 2;

    @Override
    public String id() {
        return "validation-rows/1";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) {
        DuckDb duckDb = new DuckDb(attempt.directory(), 1);
        ParquetFiles files = new ParquetFiles(duckDb);
        ObjectNode params = attempt.params();
        Path table = attempt.input("table");
        Split split = Split.of(duckDb, table, params);
        long[] hashes = new MatrixReader(duckDb).hashes(table, TrainKind.texts(params.path("key")));
        BitSet validation =
                params.path("holdout").has("after")
                        ? latest(
                                Split.times(duckDb, table, params.path("time").stringValue()),
                                split.trained(),
                                params.path("validation").doubleValue())
                        : drawn(hashes, VALIDATION, params.path("validation").doubleValue());
        validation.and(split.trained());
        BitSet fit = (BitSet) split.trained().clone();
        fit.andNot(validation);
        double share = params.path("share").doubleValue();
        if (share < 1) {
            fit.and(drawn(hashes, SHARE, share));
        }
        if (validation.isEmpty() || fit.cardinality() < Split.FEWEST_TRAINED) {
            throw Problem.input(
                            "sweep.rows",
                            "%d rows to train a trial on and %d to compare on (expected: at least %d and 1)"
                                    .formatted(
                                            fit.cardinality(),
                                            validation.cardinality(),
                                            Split.FEWEST_TRAINED))
                    .hint("Bring more rows, or change sweep.validation; of halving, sweep.budget.")
                    .exception();
        }
        files.copyRows(table, fit, attempt.output("fit"));
        files.copyRows(table, validation, attempt.output("validation"));
        return JsonNodeFactory.instance
                .objectNode()
                .put("table", hashes.length)
                .put("held_out", split.heldOut().cardinality())
                .put("validation", validation.cardinality())
                .put("fit", fit.cardinality());
    }

    private static BitSet drawn(long[] hashes, long turn, double share) {
        return Split.byHash(Split.turned(hashes, turn), share).heldOut();
    }

    /** The latest of some rows, about this share of them: those of one moment stay together. */
    private static BitSet latest(double[] times, BitSet rows, double share) {
        double[] sorted = rows.stream().mapToDouble(row -> times[row]).sorted().toArray();
        if (sorted.length == 0) {
            return new BitSet();
        }
        double from = sorted[(int) Math.min(sorted.length - 1, sorted.length * (1 - share))];
        return Split.byTime(times, from).heldOut();
    }
}
