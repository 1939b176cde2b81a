package dev.weir.ml.data.evaluate;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Confusion;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.ml.stats.Task;
import dev.weir.ml.stats.fair.Fairness;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** Reads a table of predictions and measures it. */
public final class Evaluator {
    private static final int FEW_NUMBERS = 20;
    private static final Set<String> YES = Set.of("1", "1.0", "true", "yes", "y", "t", "positive");

    /** What needs probabilities, and is not defined of bare decisions. */
    private static final Set<Metric> OF_PROBABILITIES =
            Set.of(
                    Metric.ROC_AUC,
                    Metric.AVERAGE_PRECISION,
                    Metric.PR_AUC,
                    Metric.LOG_LOSS,
                    Metric.BRIER,
                    Metric.ECE,
                    Metric.KS,
                    Metric.ROC_AUC_OVR,
                    Metric.ROC_AUC_OVO,
                    Metric.TOP2_ACCURACY);

    private final DuckDb duckDb;

    public Evaluator(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * Measures.
     *
     * @throws ProblemException (INPUT) where a column is missing or of the wrong type, a score or a
     *     decision is missing, or there is no row with a truth
     */
    public Evaluation evaluate(TableFile file, PredictionColumns columns) {
        PredictionTable table = new PredictionTable(duckDb, file);
        String said = columns.score() == null ? columns.prediction() : columns.score();
        if (said == null) {
            throw Problem.input("evaluate.columns", "neither a score nor a prediction is named")
                    .hint("Name one: --score p or --prediction c.")
                    .exception();
        }
        for (String name :
                Arrays.asList(
                        columns.truth(),
                        columns.score(),
                        columns.prediction(),
                        columns.weight(),
                        columns.group())) {
            if (name != null && !name.contains(ProbabilityColumns.ANY)) {
                file.schema().required(name);
            }
        }
        TrueRows rows = rows(table, columns);
        Task task = columns.task() == null ? guessed(table, columns, rows) : columns.task();
        return switch (task) {
            case BINARY -> binary(table, columns, rows);
            case MULTICLASS -> MulticlassTable.evaluation(table, columns, rows);
            case REGRESSION -> regression(table, columns, rows);
        };
    }

    private TrueRows rows(PredictionTable table, PredictionColumns columns) {
        @Nullable String[] truth = table.texts(columns.truth());
        int[] kept = new int[truth.length];
        int size = 0;
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] != null) {
                kept[size++] = i;
            }
        }
        int[] rows = Arrays.copyOf(kept, size);
        if (size == 0) {
            throw Problem.input(
                            "evaluate.truth",
                            columns.truth() + ": no row has a truth (expected: at least one)")
                    .exception();
        }
        String group = columns.group();
        String weight = columns.weight();
        return new TrueRows(
                rows,
                table.present(columns.truth(), rows),
                weight == null ? null : table.within(weight, rows, Double.MAX_VALUE),
                group == null ? null : table.named(group, rows),
                truth.length - size);
    }

    private static Task guessed(PredictionTable table, PredictionColumns columns, TrueRows rows) {
        if (columns.score() != null && columns.score().contains(ProbabilityColumns.ANY)) {
            return Task.MULTICLASS;
        }
        Set<String> distinct = new TreeSet<>(Arrays.asList(rows.truth()));
        if (distinct.size() <= 2) {
            return Task.BINARY;
        }
        Column truth = table.file().schema().required(columns.truth());
        boolean number = truth.type() != ColumnType.VARCHAR;
        return number && (truth.type() != ColumnType.BIGINT || distinct.size() > FEW_NUMBERS)
                ? Task.REGRESSION
                : Task.MULTICLASS;
    }

    // Binary

    private Evaluation binary(PredictionTable table, PredictionColumns columns, TrueRows rows) {
        List<String> classes = twoClasses(columns, rows.truth());
        String positive = classes.getLast();
        boolean[] truth = new boolean[rows.size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = rows.truth()[i].equals(positive);
        }
        double[] scores =
                columns.score() == null ? null : table.within(columns.score(), rows.kept(), 1);
        double[] decided =
                columns.prediction() == null
                        ? null
                        : decisions(table, columns.prediction(), classes, rows.kept());
        double[] decision = decided == null ? Objects.requireNonNull(scores) : decided;
        double threshold = decided == null ? columns.threshold() : 0.5;
        Confusion confusion = Confusion.of(decision, truth, rows.weights(), threshold);
        Fairness fairness =
                rows.groups() == null
                        ? null
                        : Fairness.of(
                                decision,
                                truth,
                                rows.weights(),
                                rows.groups(),
                                threshold,
                                Fairness.FEWEST);
        return new Evaluation(
                Task.BINARY,
                rows.size(),
                rows.withoutTruth(),
                binary(scores, decided, truth, rows.weights(), columns.threshold()),
                classes,
                new double[][] {
                    {confusion.trueNegatives(), confusion.falsePositives()},
                    {confusion.falseNegatives(), confusion.truePositives()}
                },
                rows.byGroup(
                        at ->
                                binary(
                                        pick(scores, at),
                                        pick(decided, at),
                                        pick(truth, at),
                                        pick(rows.weights(), at),
                                        columns.threshold())),
                fairness);
    }

    /** Scores give all metrics; decisions, where they are there, those of decisions. */
    private static Metrics binary(
            double @Nullable [] scores,
            double @Nullable [] decided,
            boolean[] truth,
            double @Nullable [] weights,
            double threshold) {
        if (decided == null) {
            return BinaryMetrics.of(Objects.requireNonNull(scores), truth, weights, threshold);
        }
        Metrics ofDecisions = BinaryMetrics.of(decided, truth, weights, 0.5);
        Metrics ofScores =
                scores == null ? null : BinaryMetrics.of(scores, truth, weights, threshold);
        return merged(ofDecisions, ofScores);
    }

    static Metrics merged(Metrics ofDecisions, @Nullable Metrics ofScores) {
        Map<Metric, OptionalDouble> values = new HashMap<>(ofDecisions.values());
        for (Metric metric : OF_PROBABILITIES) {
            if (values.containsKey(metric)) {
                values.put(
                        metric, ofScores == null ? OptionalDouble.empty() : ofScores.value(metric));
            }
        }
        return new Metrics(values);
    }

    private static List<String> twoClasses(PredictionColumns columns, String[] truth) {
        List<String> distinct = List.copyOf(new TreeSet<>(Arrays.asList(truth)));
        if (distinct.size() > 2) {
            throw Problem.input(
                            "evaluate.classes",
                            "%s: %d different values (expected: two, of a binary task)"
                                    .formatted(columns.truth(), distinct.size()))
                    .hint("Say --task multiclass or --task regression.")
                    .exception();
        }
        String positive = columns.positive();
        if (positive == null) {
            List<String> yes =
                    distinct.stream()
                            .filter(each -> YES.contains(each.toLowerCase(Locale.ROOT)))
                            .toList();
            boolean zero =
                    distinct.size() == 1
                            && Set.of("0", "0.0", "false")
                                    .contains(distinct.getFirst().toLowerCase(Locale.ROOT));
            if (yes.size() != 1 && !zero) {
                throw Problem.input(
                                "evaluate.positive",
                                "%s: %s (expected: one of them to be 1, true or yes)"
                                        .formatted(columns.truth(), String.join(", ", distinct)))
                        .hint("Say which one the score is of: --positive " + distinct.getLast())
                        .exception();
            }
            positive = zero ? "1" : yes.getFirst();
        } else if (distinct.size() == 2 && !distinct.contains(positive)) {
            throw Problem.input(
                            "evaluate.positive",
                            "--positive %s (expected: %s, the values of %s)"
                                    .formatted(
                                            positive,
                                            String.join(" or ", distinct),
                                            columns.truth()))
                    .exception();
        }
        String wanted = positive;
        String negative =
                distinct.stream().filter(each -> !each.equals(wanted)).findFirst().orElse("0");
        return List.of(negative, positive);
    }

    private double[] decisions(
            PredictionTable table, String column, List<String> classes, int[] kept) {
        String[] said = table.present(column, kept);
        double[] decisions = new double[said.length];
        for (int i = 0; i < said.length; i++) {
            if (!classes.contains(said[i])) {
                throw Problem.input(
                                "evaluate.prediction",
                                "%s: row %d is %s (expected: %s)"
                                        .formatted(
                                                column,
                                                kept[i] + 1,
                                                said[i],
                                                String.join(" or ", classes)))
                        .exception();
            }
            decisions[i] = said[i].equals(classes.getLast()) ? 1 : 0;
        }
        return decisions;
    }

    // Regression

    private Evaluation regression(PredictionTable table, PredictionColumns columns, TrueRows rows) {
        double[] truth = table.numbers(columns.truth(), rows.kept());
        double[] said =
                table.numbers(
                        columns.prediction() == null
                                ? Objects.requireNonNull(columns.score())
                                : columns.prediction(),
                        rows.kept());
        return new Evaluation(
                Task.REGRESSION,
                rows.size(),
                rows.withoutTruth(),
                RegressionMetrics.of(said, truth, rows.weights()),
                List.of(),
                new double[0][],
                rows.byGroup(
                        at ->
                                RegressionMetrics.of(
                                        Objects.requireNonNull(pick(said, at)),
                                        Objects.requireNonNull(pick(truth, at)),
                                        pick(rows.weights(), at))),
                null);
    }

    private static double @Nullable [] pick(double @Nullable [] values, int[] at) {
        return values == null ? null : Arrays.stream(at).mapToDouble(i -> values[i]).toArray();
    }

    private static boolean[] pick(boolean[] values, int[] at) {
        boolean[] picked = new boolean[at.length];
        for (int i = 0; i < at.length; i++) {
            picked[i] = values[at[i]];
        }
        return picked;
    }
}
