package dev.weir.stage.validate;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.stats.Percentiles;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * Times the scoring of one row after another, on one thread, after a warm-up: 5,000 calls, or as
 * many as twenty seconds allow, at least 200. Inputs: {@code model}, {@code rows}. No output: how
 * fast a machine is feeds no other step. Evidence, in milliseconds: {@code
 * {"calls","p50","p95","p99","max","machine"}}, percentiles by nearest rank.
 */
public record LatencyKind() implements StepKind {
    /** The name of its step. */
    public static final String STEP = "validate-latency";

    private static final int WARM_UP_CALLS = 2_000;
    private static final int CALLS = 5_000;
    private static final int FEWEST_CALLS = 200;
    private static final long MOST_NANOS = 20_000_000_000L;
    private static final int MOST_ROWS = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String id() {
        return "latency/1";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) throws InterruptedException {
        ColumnFiles files = new ColumnFiles(new DuckDb(attempt.directory(), 1));
        try (Scorer scorer =
                        Scorer.open(ModelFolder.read(attempt.input("model")), attempt.directory());
                Scorer.SingleRow row = scorer.singleRow()) {
            List<Input> inputs = scorer.signature().inputs();
            Columns columns = Columns.read(files, attempt.input("rows"), scorer.signature());
            int rows = Math.min(columns.rows(), MOST_ROWS);
            double[] millis = new double[CALLS];
            int calls = 0;
            long end = System.nanoTime() + MOST_NANOS;
            for (int call = -WARM_UP_CALLS; call < CALLS; call++) {
                if (System.nanoTime() > end - MOST_NANOS / 2 && call < 0) {
                    call = 0; // it takes its time: warm enough
                }
                if (System.nanoTime() > end && call >= FEWEST_CALLS) {
                    break;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("stopped");
                }
                long before = System.nanoTime();
                fill(row, inputs, columns, Math.floorMod(call, rows));
                row.score();
                if (call >= 0) {
                    millis[call] = (System.nanoTime() - before) / NANOS_PER_MILLI;
                    calls = call + 1;
                }
            }
            Percentiles percentiles = Percentiles.of(Arrays.copyOf(millis, calls));
            ObjectNode evidence = JsonNodeFactory.instance.objectNode();
            evidence.put("calls", calls);
            evidence.put("p50", percentiles.nearestRank(50));
            evidence.put("p95", percentiles.nearestRank(95));
            evidence.put("p99", percentiles.nearestRank(99));
            evidence.put("max", percentiles.max());
            return evidence;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(Scorer.SingleRow row, List<Input> inputs, Columns columns, int index) {
        for (int i = 0; i < inputs.size(); i++) {
            Columns.Column column = columns.byName().get(inputs.get(i).name());
            switch (column) {
                case Columns.Numbers numbers -> row.set(i, numbers.values()[index]);
                case Columns.Texts texts -> row.set(i, texts.values()[index]);
                case null -> throw new IllegalStateException("no column " + inputs.get(i).name());
            }
        }
    }
}
