package dev.weir.stage.train;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.matrix.DistinctValues;
import dev.weir.ml.data.matrix.FeatureColumn;
import dev.weir.ml.data.matrix.Matrix;
import dev.weir.ml.data.matrix.MatrixReader;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.TrainingData.LeftOut;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Turns the table of a job into {@link TrainingData}: chooses usable columns, finds categories and
 * classes, splits, and refuses what nothing can be learned from.
 */
final class TrainingTable {
    /** A category of more values than this is rather a text or a key. */
    static final int MOST_CATEGORIES = 255;

    /**
     * How many values are looked for, so that a column that has few in the training part is kept.
     */
    private static final int LOOKED_FOR = 4 * MOST_CATEGORIES;

    private final TrainJob job;
    private final DuckDb duckDb;
    private final Schema schema;
    private final List<LeftOut> leftOut = new ArrayList<>();

    private TrainingTable(TrainJob job, DuckDb duckDb) {
        this.job = job;
        this.duckDb = duckDb;
        this.schema = new ParquetFiles(duckDb).schema(job.table());
    }

    /**
     * Reads the table.
     *
     * @throws ProblemException (INPUT) where columns are missing or of the wrong type, the target
     *     has no two classes, a feature is infinite, or there are too few rows
     */
    static TrainingData read(TrainJob job, DuckDb duckDb) {
        return new TrainingTable(job, duckDb).read();
    }

    private TrainingData read() {
        checkColumns();
        checkHoldoutFile();
        Map<String, List<String>> values = distinctValues();
        Signature.Classes classes =
                job.task() == Task.BINARY
                        ? TargetValues.classes(
                                job.target(),
                                values.getOrDefault(job.target(), List.of()),
                                job.positive())
                        : null;
        List<FeatureColumn> columns = usable(values);
        FeatureColumn target =
                classes == null
                        ? new FeatureColumn.Numeric(job.target())
                        : new FeatureColumn.Categorical(
                                job.target(), List.of(classes.negative(), classes.positive()));
        List<String> key =
                job.holdout() instanceof Holdout.Fraction(double _, List<String> k) ? k : List.of();
        Matrix table = new MatrixReader(duckDb).read(job.table(), columns, target, key);
        BitSet withoutTarget = withoutTarget(table.target());
        Split split = split(table);
        split.drop(withoutTarget);
        split.check(!(job.holdout() instanceof Holdout.File));
        float[] labels = labels(table.target(), split.trained());
        if (classes != null) {
            checkBothClasses(labels, classes);
        }
        TrainingMatrix matrix = TrainingMatrix.of(table, columns, split.trained());
        leftOut.addAll(matrix.leftOut());
        if (matrix.inputs().isEmpty()) {
            throw noFeature();
        }
        return new TrainingData(
                signature(matrix.inputs(), classes),
                matrix.values(),
                labels,
                split.heldOut(),
                leftOut,
                new TrainingData.Counts(
                        table.rows(),
                        labels.length,
                        heldOut(split),
                        withoutTarget.cardinality(),
                        split.withoutTime()));
    }

    private Signature signature(List<Input> inputs, Signature.@Nullable Classes classes) {
        return classes == null
                ? Signature.regression(job.target(), inputs)
                : Signature.binary(job.target(), inputs, classes);
    }

    private void checkColumns() {
        List<Problem> problems = new ArrayList<>();
        Column target = column(job.target(), "target", problems);
        if (target != null && job.task() == Task.REGRESSION && !target.type().numeric()) {
            problems.add(
                    Problem.input(
                                    "target.type",
                                    job.target()
                                            + ": "
                                            + target.declared()
                                            + " (expected: numbers, for regression)")
                            .hint("To predict one of two values, say task: binary."));
        }
        for (Feature feature : job.features()) {
            Column column = column(feature.name(), "feature", problems);
            if (feature.name().equals(job.target())) {
                problems.add(
                        Problem.input(
                                "feature.target",
                                feature.name() + ": the target cannot be a feature"));
            } else if (column != null
                    && feature.kind() == Feature.Kind.NUMBER
                    && column.type() == ColumnType.VARCHAR) {
                problems.add(
                        Problem.input(
                                "feature.type", feature.name() + ": text (expected: numbers)"));
            }
        }
        switch (job.holdout()) {
            case Holdout.Fraction(double _, List<String> key) ->
                    key.forEach(name -> column(name, "key", problems));
            case Holdout.After(String time, String moment) -> {
                Split.seconds(moment);
                Column column = column(time, "time", problems);
                if (column != null && !column.type().temporal()) {
                    problems.add(
                            Problem.input(
                                    "holdout.time",
                                    time
                                            + ": "
                                            + column.declared()
                                            + " (expected: days or times, to split by)"));
                }
            }
            case Holdout.File _ -> {}
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private @Nullable Column column(String name, String role, List<Problem> problems) {
        Column column = schema.column(name).orElse(null);
        if (column == null) {
            problems.add(
                    Problem.input(
                                    role + ".missing",
                                    name + ": no such column (expected: the " + role + ")")
                            .hint(DidYouMean.hint(name, schema.names())));
        }
        return column;
    }

    private void checkHoldoutFile() {
        if (!(job.holdout() instanceof Holdout.File(var parquet))) {
            return;
        }
        Schema other = new ParquetFiles(duckDb).schema(parquet);
        List<Problem> problems = new ArrayList<>();
        List<String> needed = new ArrayList<>(job.features().stream().map(Feature::name).toList());
        needed.add(job.target());
        for (String name : needed) {
            Column mine = schema.column(name).orElseThrow();
            Column theirs = other.column(name).orElse(null);
            if (theirs == null || theirs.type() != mine.type()) {
                problems.add(
                        Problem.input(
                                "holdout.columns",
                                "holdout file: "
                                        + (theirs == null
                                                ? "no column " + name
                                                : name + ": " + theirs.declared())
                                        + " (expected: "
                                        + mine.declared()
                                        + ", as in the table)"));
            }
        }
        if (new ParquetFiles(duckDb).rows(parquet) == 0) {
            problems.add(
                    Problem.input(
                            "holdout.empty", "holdout file: no rows (expected: at least one)"));
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private int heldOut(Split split) {
        return job.holdout() instanceof Holdout.File(var parquet)
                ? Math.toIntExact(new ParquetFiles(duckDb).rows(parquet))
                : split.heldOut().cardinality();
    }

    private Map<String, List<String>> distinctValues() {
        List<String> names = new ArrayList<>();
        for (Feature feature : job.features()) {
            if (feature.kind() == Feature.Kind.CATEGORY && feature.categories().isEmpty()) {
                names.add(feature.name());
            }
        }
        if (job.task() == Task.BINARY) {
            names.add(job.target());
        }
        return new DistinctValues(duckDb).of(job.table(), names, LOOKED_FOR);
    }

    /** The columns that can be features, numbers first, each kind in the order of the job. */
    private List<FeatureColumn> usable(Map<String, List<String>> values) {
        List<FeatureColumn> numbers = new ArrayList<>();
        List<FeatureColumn> categories = new ArrayList<>();
        for (Feature feature : job.features()) {
            String name = feature.name();
            if (schema.column(name).orElseThrow().type().temporal()) {
                leftOut.add(new LeftOut(name, "days and times are no features yet"));
            } else if (feature.kind() == Feature.Kind.NUMBER) {
                numbers.add(new FeatureColumn.Numeric(name));
            } else {
                List<String> known =
                        feature.categories()
                                .orElseGet(() -> known(values.getOrDefault(name, List.of())));
                if (known.size() < LOOKED_FOR) {
                    categories.add(new FeatureColumn.Categorical(name, known));
                } else {
                    leftOut.add(tooMany(name));
                }
            }
        }
        numbers.addAll(categories);
        if (numbers.isEmpty()) {
            throw noFeature();
        }
        return numbers;
    }

    static LeftOut tooMany(String name) {
        return new LeftOut(name, "text with more than " + MOST_CATEGORIES + " different values");
    }

    private static List<String> known(List<String> values) {
        return values.stream()
                .filter(each -> !each.isEmpty())
                .sorted(Input.Category.BY_UTF8)
                .toList();
    }

    private RuntimeException noFeature() {
        StringBuilder why = new StringBuilder();
        leftOut.forEach(
                each -> why.append("; ").append(each.column()).append(": ").append(each.reason()));
        return Problem.input(
                        "feature.none",
                        "no column can be a feature" + why + " (expected: at least one)")
                .exception();
    }

    private BitSet withoutTarget(double[] target) {
        BitSet missing = new BitSet();
        for (int i = 0; i < target.length; i++) {
            if (Double.isNaN(target[i])) {
                missing.set(i);
            } else if (Double.isInfinite((float) target[i])) {
                throw infinite(job.target(), i);
            }
        }
        if (missing.cardinality() == target.length) {
            throw TargetValues.allNull(job.target());
        }
        return missing;
    }

    static RuntimeException infinite(String column, int row) {
        return Problem.input(
                        "table.infinite",
                        column
                                + ": row "
                                + (row + 1)
                                + " is infinite, or beyond 3.4e38 (expected: finite numbers)")
                .exception();
    }

    private Split split(Matrix table) {
        return switch (job.holdout()) {
            case Holdout.Fraction(double fraction, List<String> _) ->
                    Split.byHash(table.hashes(), fraction);
            case Holdout.After(String time, String moment) ->
                    Split.byTime(
                            new MatrixReader(duckDb)
                                    .read(
                                            job.table(),
                                            List.of(),
                                            new FeatureColumn.Numeric(time),
                                            List.of(time))
                                    .target(),
                            Split.seconds(moment)
                                    * (schema.column(time).orElseThrow().type() == ColumnType.DATE
                                            ? 1.0 / 86_400
                                            : 1));
            case Holdout.File _ -> Split.none(table.rows());
        };
    }

    private static float[] labels(double[] target, BitSet trained) {
        float[] labels = new float[trained.cardinality()];
        int at = 0;
        for (int row = trained.nextSetBit(0); row >= 0; row = trained.nextSetBit(row + 1)) {
            labels[at++] = (float) target[row];
        }
        return labels;
    }

    private void checkBothClasses(float[] labels, Signature.Classes classes) {
        int positives = 0;
        for (float label : labels) {
            positives += label > 0 ? 1 : 0;
        }
        if (positives == 0 || positives == labels.length) {
            String missing = positives == 0 ? classes.positive() : classes.negative();
            throw Problem.input(
                            "target.one_class",
                            job.target()
                                    + ": no row to train on has the value '"
                                    + missing
                                    + "' (expected: rows of both classes)")
                    .hint("All its rows are held out, or lack a time: see train.holdout.")
                    .exception();
        }
    }
}
