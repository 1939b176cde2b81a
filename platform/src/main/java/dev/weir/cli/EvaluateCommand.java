package dev.weir.cli;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.evaluate.Evaluation;
import dev.weir.ml.data.evaluate.Evaluator;
import dev.weir.ml.data.evaluate.PredictionColumns;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** {@code weir evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Measures a table of predictions, whatever made them.",
            "Exit code: 0 it was measured, 2 the table cannot be read or a column is not there."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  weir evaluate predictions.csv --truth y --score p",
            "  weir evaluate predictions.csv --truth y --score p --threshold 0.3 --group sex"
                    + " --json",
            "  weir evaluate intents.csv --truth intent --score 'p_*'",
            "  weir evaluate rents.parquet --truth rent --score predicted --task regression"
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final List<Metric> SHOWN_OF_GROUPS =
            List.of(
                    Metric.ROC_AUC,
                    Metric.ACCURACY,
                    Metric.PRECISION,
                    Metric.RECALL,
                    Metric.F1_MACRO,
                    Metric.RMSE,
                    Metric.MAE,
                    Metric.R2);

    private final Services services;
    private final Screen screen;

    @Mixin Common common = new Common();
    @Mixin SourceOptions source = new SourceOptions();

    @Parameters(paramLabel = "FILE", description = "CSV, Parquet or JSON lines.")
    String file = "";

    @Option(
            names = "--truth",
            required = true,
            paramLabel = "COLUMN",
            description = "What was true.")
    String truth = "";

    @Option(
            names = "--score",
            paramLabel = "COLUMN",
            description = {
                "The probability of the positive class, or the predicted number; of many classes",
                "one column for each, the class in the place of the star: 'p_*'."
            })
    @Nullable String score;

    @Option(
            names = "--prediction",
            paramLabel = "COLUMN",
            description = "The decision: a class, or the predicted number.")
    @Nullable String prediction;

    @Option(names = "--weight", paramLabel = "COLUMN", description = "The weight of a row.")
    @Nullable String weight;

    @Option(
            names = "--group",
            paramLabel = "COLUMN",
            description = "Also measures the rows of each value, and the gaps between them.")
    @Nullable String group;

    @Option(
            names = "--threshold",
            paramLabel = "T",
            description = "A score of at least this much is a yes (default: 0.5).")
    double threshold = 0.5;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "binary, multiclass or regression (default: by the truth's values).")
    @Nullable String task;

    @Option(
            names = "--positive",
            paramLabel = "VALUE",
            description = "The class that scores are of (default: 1, true or yes).")
    @Nullable String positive;

    EvaluateCommand(Services services, Screen screen) {
        this.services = services;
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        if (Double.isNaN(threshold)) {
            throw Problem.input("evaluate.threshold", "--threshold NaN (expected: a number)")
                    .exception();
        }
        PredictionColumns columns =
                new PredictionColumns(
                        truth, score, prediction, weight, group, threshold, task(), positive);
        Evaluation evaluation;
        try (Scratch scratch = Scratch.make(services)) {
            DuckDb duckDb = scratch.duckDb();
            TableFile table =
                    TableFile.open(
                            duckDb,
                            services.folder(),
                            file,
                            source.json(),
                            duckDb.scratch().resolve("predictions.parquet"));
            evaluation = new Evaluator(duckDb).evaluate(table, columns);
        }
        if (common.json) {
            screen.json(evaluation.json());
        } else {
            show(evaluation);
        }
        return 0;
    }

    private @Nullable Task task() {
        if (task == null) {
            return null;
        }
        return Task.named(task)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "evaluate.task",
                                                "--task "
                                                        + task
                                                        + " (expected: binary, multiclass or"
                                                        + " regression)")
                                        .exception());
    }

    private void show(Evaluation evaluation) {
        screen.say(
                screen.bold(file)
                        + ": %s, %,d rows".formatted(evaluation.task().text(), evaluation.rows())
                        + (evaluation.withoutTruth() == 0
                                ? ""
                                : ", %,d more without a truth"
                                        .formatted(evaluation.withoutTruth())));
        screen.say("");
        screen.table(
                List.of("metric", "value"),
                Metric.of(evaluation.task()).stream()
                        .map(
                                metric ->
                                        List.of(
                                                metric.text(),
                                                evaluation.metrics().value(metric).stream()
                                                        .mapToObj(EvaluateCommand::figure)
                                                        .findFirst()
                                                        .orElse("undefined")))
                        .toList());
        if (!evaluation.classes().isEmpty()) {
            screen.say("");
            confusion(evaluation);
        }
        if (!evaluation.groups().isEmpty()) {
            screen.say("");
            groups(evaluation);
        }
    }

    private void confusion(Evaluation evaluation) {
        List<String> heads =
                Stream.concat(Stream.of("true \\ predicted"), evaluation.classes().stream())
                        .toList();
        List<List<String>> rows = new ArrayList<>();
        for (int k = 0; k < evaluation.classes().size(); k++) {
            rows.add(
                    Stream.concat(
                                    Stream.of(evaluation.classes().get(k)),
                                    DoubleStream.of(evaluation.confusion()[k])
                                            .mapToObj(EvaluateCommand::figure))
                            .toList());
        }
        screen.table(heads, rows);
    }

    private void groups(Evaluation evaluation) {
        List<Metric> shown =
                SHOWN_OF_GROUPS.stream().filter(m -> m.measures(evaluation.task())).toList();
        List<String> heads = new ArrayList<>(List.of(String.valueOf(group), "rows"));
        shown.forEach(metric -> heads.add(metric.text()));
        boolean binary = evaluation.fairness() != null;
        if (binary) {
            heads.add("selected");
        }
        List<List<String>> rows = new ArrayList<>();
        evaluation
                .groups()
                .forEach(
                        (name, one) -> {
                            List<String> row = new ArrayList<>();
                            row.add(name);
                            row.add("%,d".formatted(one.rows()));
                            for (Metric metric : shown) {
                                row.add(
                                        one.metrics().value(metric).stream()
                                                .mapToObj(EvaluateCommand::figure)
                                                .findFirst()
                                                .orElse("undefined"));
                            }
                            if (evaluation.fairness() != null) {
                                row.add(figure(evaluation.fairness().rates(name).selectionRate()));
                            }
                            rows.add(row);
                        });
        screen.table(heads, rows);
        if (evaluation.fairness() != null) {
            screen.say("");
            screen.say(
                    "gaps: selection %s, recall %s, equalized odds %s"
                            .formatted(
                                    figure(evaluation.fairness().demographicParity().difference()),
                                    figure(evaluation.fairness().equalOpportunity().difference()),
                                    figure(evaluation.fairness().equalizedOdds().difference())));
            if (!evaluation.fairness().skipped().isEmpty()) {
                screen.say(
                        screen.dim(
                                "not in the gaps, for fewer than 30 rows: "
                                        + String.join(", ", evaluation.fairness().skipped())));
            }
        }
    }

    private static String figure(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? "%,d".formatted((long) value)
                : Double.isNaN(value) ? "undefined" : String.format(Locale.ROOT, "%.6g", value);
    }
}
