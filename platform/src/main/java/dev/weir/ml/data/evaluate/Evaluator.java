package dev.weir.ml.data.evaluate;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.source.TableFile;
import dev.weir.ml.stats.BinaryMetrics;
import dev.weir.ml.stats.Confusion;
import dev.weir.ml.stats.Metric;
import dev.weir.ml.stats.Metrics;
import dev.weir.ml.stats.MulticlassMetrics;
import dev.weir.ml.stats.RegressionMetrics;
import dev.weir.ml.stats.Task;
import dev.weir.ml.stats.fair.Fairness;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads a table of predictions and measures it. */
public final class Evaluator {
    private static final int MOST_CLASSES = 1_000;
    private static final int MOST_GROUPS = 1_000;
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
    public Evaluation evaluate(TableFile table, PredictionColumns columns) {
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
            if (name != null) {
                table.schema().required(name);
            }
        }
        Rows rows = rows(table, columns);
        Task task = columns.task() == null ? guessed(table, columns, rows) : columns.task();
        return switch (task) {
            case BINARY -> binary(table, columns, rows);
            case MULTICLASS -> multiclass(table, columns, rows);
            case REGRESSION -> regression(table, columns, rows);
        };
    }

    /** The rows with a truth. */
    private record Rows(
            int[] kept,
            String[] truth,
            double @Nullable [] weights,
            String @Nullable [] groups,
            long withoutTruth) {
        int size() {
            return kept.length;
        }

        /** What is measured on the rows of each group; nothing where none was asked for. */
        SortedMap<String, Evaluation.Group> byGroup(Function<int[], Metrics> measured) {
            SortedMap<String, List<Integer>> places = new TreeMap<>();
            for (int i = 0; groups != null && i < groups.length; i++) {
                places.computeIfAbsent(groups[i], group -> new ArrayList<>()).add(i);
            }
            if (places.size() > MOST_GROUPS) {
                throw Problem.input(
                                "evaluate.groups",
                                "%,d groups (expected: at most %,d)"
                                        .formatted(places.size(), MOST_GROUPS))
                        .exception();
            }
            SortedMap<String, Evaluation.Group> byGroup = new TreeMap<>();
            places.forEach(
                    (group, rows) -> {
                        int[] at = rows.stream().mapToInt(Integer::intValue).toArray();
                        byGroup.put(group, new Evaluation.Group(at.length, measured.apply(at)));
                    });
            return byGroup;
        }
    }

    private Rows rows(TableFile table, PredictionColumns columns) {
        @Nullable String[] truth = texts(table, columns.truth());
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
        return new Rows(
                rows,
                present(truth, rows, columns.truth()),
                weight == null
                        ? null
                        : within(numbers(table, weight, rows), weight, Double.MAX_VALUE),
                group == null ? null : named(texts(table, group), rows),
                truth.length - size);
    }

    private static Task guessed(TableFile table, PredictionColumns columns, Rows rows) {
        Set<String> distinct = new TreeSet<>(Arrays.asList(rows.truth()));
        if (distinct.size() <= 2) {
            return Task.BINARY;
        }
        Column truth = table.schema().required(columns.truth());
        boolean number = truth.type() != ColumnType.VARCHAR;
        return number && (truth.type() != ColumnType.BIGINT || distinct.size() > FEW_NUMBERS)
                ? Task.REGRESSION
                : Task.MULTICLASS;
    }

    // Binary

    private Evaluation binary(TableFile table, PredictionColumns columns, Rows rows) {
        List<String> classes = twoClasses(columns, rows.truth());
        String positive = classes.getLast();
        boolean[] truth = new boolean[rows.size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = rows.truth()[i].equals(positive);
        }
        double[] scores =
                columns.score() == null
                        ? null
                        : within(numbers(table, columns.score(), rows.kept()), columns.score(), 1);
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
                        : Fairness.of(decision, truth, rows.groups(), threshold, Fairness.FEWEST);
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

    private static Metrics merged(Metrics ofDecisions, @Nullable Metrics ofScores) {
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

    private double[] decisions(TableFile table, String column, List<String> classes, int[] kept) {
        String[] said = present(texts(table, column), kept, column);
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

    // Multiclass

    private Evaluation multiclass(TableFile table, PredictionColumns columns, Rows rows) {
        if (columns.prediction() == null) {
            throw Problem.input("evaluate.multiclass", "a multiclass task without a prediction")
                    .hint("Name the column of decided classes: --prediction c.")
                    .exception();
        }
        if (rows.weights() != null) {
            throw Problem.input("evaluate.weights", "a multiclass task with weights")
                    .hint("Leave out --weight: multiclass metrics count rows alike.")
                    .exception();
        }
        String[] said =
                present(texts(table, columns.prediction()), rows.kept(), columns.prediction());
        Set<String> distinct = new TreeSet<>(Arrays.asList(rows.truth()));
        distinct.addAll(Arrays.asList(said));
        if (distinct.size() > MOST_CLASSES) {
            throw Problem.input(
                            "evaluate.classes",
                            "%s: %,d classes (expected: at most %,d)"
                                    .formatted(columns.truth(), distinct.size(), MOST_CLASSES))
                    .exception();
        }
        List<String> classes = List.copyOf(distinct);
        int[] truth = places(classes, rows.truth());
        int[] decided = places(classes, said);
        return new Evaluation(
                Task.MULTICLASS,
                rows.size(),
                rows.withoutTruth(),
                MulticlassMetrics.ofDecisions(decided, classes.size(), truth, null),
                classes,
                MulticlassMetrics.confusion(decided, classes.size(), truth, null),
                rows.byGroup(
                        at ->
                                MulticlassMetrics.ofDecisions(
                                        pick(decided, at), classes.size(), pick(truth, at), null)),
                null);
    }

    private static int[] places(List<String> classes, String[] values) {
        Map<String, Integer> places = new HashMap<>();
        classes.forEach(each -> places.put(each, places.size()));
        return Arrays.stream(values).mapToInt(value -> places.getOrDefault(value, 0)).toArray();
    }

    // Regression

    private Evaluation regression(TableFile table, PredictionColumns columns, Rows rows) {
        double[] truth = numbers(table, columns.truth(), rows.kept());
        double[] said =
                numbers(
                        table,
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

    // Columns

    private @Nullable String[] texts(TableFile table, String name) {
        return new ColumnFiles(duckDb).texts(table.parquet(), List.of(name)).getFirst().values();
    }

    private double[] numbers(TableFile table, String name, int[] kept) {
        double[] all =
                new ColumnFiles(duckDb).doubles(table.parquet(), List.of(name)).getFirst().values();
        double[] values = new double[kept.length];
        for (int i = 0; i < kept.length; i++) {
            values[i] = all[kept[i]];
            if (!Double.isFinite(values[i])) {
                throw Problem.input(
                                "evaluate.number",
                                "%s: row %d is %s (expected: a finite number)"
                                        .formatted(
                                                name,
                                                kept[i] + 1,
                                                Double.isNaN(values[i]) ? "missing" : values[i]))
                        .exception();
            }
        }
        return values;
    }

    private static double[] within(double[] values, String name, double most) {
        for (double value : values) {
            if (value < 0 || value > most) {
                throw Problem.input(
                                "evaluate.range",
                                "%s: %s (expected: %s)"
                                        .formatted(name, value, most == 1 ? "0 to 1" : "0 or more"))
                        .exception();
            }
        }
        return values;
    }

    private static String[] present(@Nullable String[] all, int[] kept, String name) {
        String[] values = new String[kept.length];
        for (int i = 0; i < kept.length; i++) {
            String value = all[kept[i]];
            if (value == null) {
                throw Problem.input(
                                "evaluate.missing",
                                "%s: row %d is missing (expected: a value)"
                                        .formatted(name, kept[i] + 1))
                        .exception();
            }
            values[i] = value;
        }
        return values;
    }

    private static String[] named(@Nullable String[] all, int[] kept) {
        String[] values = new String[kept.length];
        for (int i = 0; i < kept.length; i++) {
            values[i] = Objects.requireNonNullElse(all[kept[i]], "(missing)");
        }
        return values;
    }

    private static double @Nullable [] pick(double @Nullable [] values, int[] at) {
        return values == null ? null : Arrays.stream(at).mapToDouble(i -> values[i]).toArray();
    }

    private static int[] pick(int[] values, int[] at) {
        return Arrays.stream(at).map(i -> values[i]).toArray();
    }

    private static boolean[] pick(boolean[] values, int[] at) {
        boolean[] picked = new boolean[at.length];
        for (int i = 0; i < at.length; i++) {
            picked[i] = values[at[i]];
        }
        return picked;
    }
}
