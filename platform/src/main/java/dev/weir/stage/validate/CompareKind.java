package dev.weir.stage.validate;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.Task;
import dev.weir.ml.stats.compare.McNemar;
import dev.weir.ml.stats.compare.PairedBootstrap;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Compares a candidate with the model in production on the same rows. Inputs: {@code model}, {@code
 * production}, what each says of the rows, and {@code unseen}, which of the rows production was not
 * trained on; only these count, and where they are fewer than 30 there is {@code {"few"}}.
 * Parameters: {@code metrics}. Evidence: {@code
 * {"rows","seen","draws","metrics":{"roc_auc":{"candidate","production","low","high"}},
 * "changed":{"share"},"mcnemar":{"only_production","only_candidate","p"}}}: of each metric the 95 %
 * interval of the difference by a paired bootstrap; of decisions how many change, and McNemar's
 * test of which are right. A regression changes a row where the two are further apart than a tenth
 * of the standard deviation of the truth. Models that predict something else have {@code
 * {"incomparable":"why"}}.
 */
record CompareKind() implements StepKind {
    private static final double CONFIDENCE = 0.95;
    private static final long SEED = 20_260_101;

    /** Fewer rows than this, where others were left out, are no comparison. */
    private static final int FEWEST_ROWS = 30;

    @Override
    public String id() {
        return "compare/2";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) {
        ColumnFiles files = new ColumnFiles(new DuckDb(attempt.directory(), 1));
        try {
            Signature ours = ModelFolder.signature(attempt.input(ModelGate.Taken.MODEL.input()));
            Signature theirs =
                    ModelFolder.signature(attempt.input(ModelGate.Taken.PRODUCTION.input()));
            Predictions candidate =
                    Predictions.read(
                            files, attempt.input(ModelGate.Taken.PREDICTIONS.input()), ours);
            Predictions production =
                    Predictions.read(
                            files,
                            attempt.input(ModelGate.Taken.PRODUCTION_PREDICTIONS.input()),
                            theirs);
            List<Metric> metrics = new ArrayList<>();
            for (JsonNode name : attempt.params().path("metrics")) {
                Metric.named(name.stringValue())
                        .filter(metric -> metric.measures(ours.task()))
                        .ifPresent(metrics::add);
            }
            return compare(candidate, production, metrics, unseen(attempt, files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether production did not see a row; all rows where nothing says that it did. */
    private static IntPredicate unseen(Attempt attempt, ColumnFiles files) {
        String input = ModelGate.Taken.UNSEEN.input();
        if (!attempt.hasInput(input)) {
            return row -> true;
        }
        double[] unseen = files.doubles(attempt.input(input), List.of(input)).getFirst().values();
        return row -> unseen[row] == 1;
    }

    static ObjectNode compare(
            Predictions candidate,
            Predictions production,
            List<Metric> metrics,
            IntPredicate unseen) {
        ObjectNode evidence = JsonNodeFactory.instance.objectNode();
        if (!candidate.signature().predictsTheSameAs(production.signature())) {
            return evidence.put("incomparable", "the model in production predicts something else");
        }
        int[] both =
                Arrays.stream(candidate.known())
                        .filter(row -> !Double.isNaN(production.truth()[row]))
                        .toArray();
        if (both.length == 0) {
            return evidence.put("incomparable", "no row has a known " + target(candidate));
        }
        int[] known = Arrays.stream(both).filter(unseen).toArray();
        int seen = both.length - known.length;
        if (seen > 0) {
            evidence.put("seen", seen);
            if (known.length < FEWEST_ROWS) {
                return evidence.put("few", known.length);
            }
        }
        Predictions ours = candidate.pick(known);
        Predictions theirs = production.pick(known);
        int draws = PairedBootstrap.draws(known.length);
        evidence.put("rows", known.length).put("draws", draws);
        intervals(evidence.putObject("metrics"), ours, theirs, metrics, draws);
        changes(evidence, ours, theirs);
        return evidence;
    }

    private static String target(Predictions predictions) {
        return predictions.signature().target();
    }

    private static void intervals(
            ObjectNode into,
            Predictions ours,
            Predictions theirs,
            List<Metric> metrics,
            int draws) {
        Metrics candidate = ours.metrics();
        Metrics production = theirs.metrics();
        Map<Metric, PairedBootstrap.Interval> intervals =
                PairedBootstrap.differences(
                        ours.rows(),
                        ours.measurement(),
                        theirs.measurement(),
                        metrics,
                        draws,
                        CONFIDENCE,
                        SEED);
        for (Metric metric : metrics) {
            ObjectNode one = into.putObject(metric.text());
            candidate.value(metric).ifPresent(value -> one.put("candidate", value));
            production.value(metric).ifPresent(value -> one.put("production", value));
            PairedBootstrap.Interval interval = intervals.get(metric);
            if (interval != null && Double.isFinite(interval.low())) {
                one.put("low", interval.low()).put("high", interval.high());
            }
        }
    }

    private static void changes(ObjectNode evidence, Predictions ours, Predictions theirs) {
        evidence.putObject("changed").put("share", ours.changed(theirs));
        if (ours.signature().task() != Task.REGRESSION) {
            McNemar test = McNemar.of(theirs.right(), ours.right());
            evidence.putObject("mcnemar")
                    .put("only_production", test.onlyProduction())
                    .put("only_candidate", test.onlyCandidate())
                    .put("p", test.exactP());
        }
    }
}
