package dev.weir.stage.validate;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Better;
import dev.weir.ml.stats.Metric;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;

/**
 * Scores the held-out rows again after spoiling them. Inputs: {@code model}, {@code rows}, {@code
 * predictions}. Parameters: {@code metric}, and {@code perturbations}, strength by name. Evidence:
 * {@code {"metric","rows","value","perturbations":{"noise":{"strength","value","drop","flips"}}}}:
 * means of three draws; {@code drop} is how much worse the metric is, {@code flips} the share of
 * decisions that change (of a regression: of predictions that move by more than a tenth of the
 * standard deviation of the truth). What the model cannot feel is null.
 */
record RobustnessKind() implements StepKind {
    private static final int MOST_ROWS = 20_000;
    private static final int DRAWS = 3;
    private static final long SEED = 20_260_101;

    @Override
    public String id() {
        return "robustness/1";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) throws InterruptedException {
        ColumnFiles files = new ColumnFiles(new DuckDb(attempt.directory(), 1));
        try (Scorer scorer =
                Scorer.open(ModelFolder.read(attempt.input("model")), attempt.directory())) {
            Signature signature = scorer.signature();
            Predictions all = Predictions.read(files, attempt.input("predictions"), signature);
            int[] rows = spread(all.known());
            Columns columns = Columns.read(files, attempt.input("rows"), signature).pick(rows);
            Predictions plain = all.pick(rows);
            Metric metric =
                    Metric.named(attempt.params().path("metric").asString(""))
                            .orElse(plain.headline());
            ObjectNode evidence = JsonNodeFactory.instance.objectNode();
            evidence.put("metric", metric.text()).put("rows", rows.length);
            OptionalDouble value = plain.metrics().value(metric);
            value.ifPresent(v -> evidence.put("value", v));
            ObjectNode results = evidence.putObject("perturbations");
            for (Perturbation each : Perturbation.values()) {
                JsonNode strength = attempt.params().path("perturbations").path(each.text());
                if (strength.isNumber() && !each.concerns(signature)) {
                    results.putNull(each.text());
                } else if (strength.isNumber()) {
                    results.set(
                            each.text(),
                            spoilt(each, strength.doubleValue(), scorer, columns, plain, metric));
                }
            }
            return evidence;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** At most so many rows, from all over the table. */
    private static int[] spread(int[] rows) {
        if (rows.length <= MOST_ROWS) {
            return rows;
        }
        int[] some = new int[MOST_ROWS];
        for (int i = 0; i < MOST_ROWS; i++) {
            some[i] = rows[(int) ((long) i * rows.length / MOST_ROWS)];
        }
        return some;
    }

    private static ObjectNode spoilt(
            Perturbation how,
            double strength,
            Scorer scorer,
            Columns columns,
            Predictions plain,
            Metric metric)
            throws InterruptedException {
        double before = plain.metrics().value(metric).orElse(Double.NaN);
        double value = 0;
        double flips = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped");
            }
            Columns bad = how.of(columns, scorer.signature(), strength, SEED + draw);
            Predictions said = plain.with(scorer.score(bad));
            value += said.metrics().value(metric).orElse(Double.NaN) / DRAWS;
            flips += said.changed(plain) / DRAWS;
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("strength", strength);
        double drop = metric.better() == Better.HIGHER ? before - value : value - before;
        if (Double.isFinite(drop)) {
            json.put("value", value).put("drop", drop);
        }
        return json.put("flips", flips);
    }
}
