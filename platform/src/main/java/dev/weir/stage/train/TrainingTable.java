package dev.weir.stage.train;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.matrix.DistinctValues;
import dev.weir.ml.data.matrix.Matrix;
import dev.weir.ml.data.matrix.MatrixReader;
import dev.weir.ml.model.Input;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.TrainingData.LeftOut;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the table of a job into {@link TrainingData}: chooses usable columns, finds categories and
 * classes, splits, and refuses what nothing can be learned from.
 */
final class TrainingTable {
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

    /**
     * Which rows of the table are trained on, where what becomes of its columns is another's to
     * decide.
     *
     * @param classes of the target
     * @param labels of the rows to train on, as {@link TargetClasses#column} numbers them
     */
    record Rows(Split split, TargetClasses classes, float[] labels, TrainingData.Counts counts) {}

    /**
     * Splits the table, as {@link #read(TrainJob, DuckDb)} does.
     *
     * @throws ProblemException (INPUT) as that
     */
    static Rows rows(TrainJob job, DuckDb duckDb) {
        TrainingTable table = new TrainingTable(job, duckDb);
        table.checkColumns();
        table.checkHoldoutFile();
        return table.rows();
    }

    private Rows rows() {
        List<String> values =
                job.task() == Task.REGRESSION
                        ? List.of()
                        : new DistinctValues(duckDb)
                                .of(
                                        job.table(),
                                        List.of(job.target()),
                                        TargetClasses.MOST_CLASSES + 1)
                                .getOrDefault(job.target(), List.of());
        TargetClasses classes = TargetClasses.of(job, values);
        Matrix table =
                new MatrixReader(duckDb).read(job.table(), List.of(), classes.column(), key());
        BitSet withoutTarget = withoutTarget(table.target());
        Split split = split(table);
        split.drop(withoutTarget);
        split.check(!(job.holdout() instanceof Holdout.File));
        float[] labels = labels(table.target(), split.trained());
        return new Rows(
                split,
                classes,
                labels,
                new TrainingData.Counts(
                        table.rows(),
                        labels.length,
                        heldOut(split),
                        withoutTarget.cardinality(),
                        split.withoutTime()));
    }

    private List<String> key() {
        return job.holdout() instanceof Holdout.Fraction(double _, List<String> key)
                ? key
                : List.of();
    }

    private TrainingData read() {
        checkColumns();
        checkHoldoutFile();
        Map<String, List<String>> values = distinctValues();
        TargetClasses classes = TargetClasses.of(job, values.getOrDefault(job.target(), List.of()));
        FeatureChoice.Chosen chosen = new FeatureChoice(job, duckDb, schema).choose(values);
        leftOut.addAll(chosen.leftOut());
        if (chosen.columns().isEmpty() && chosen.texts().isEmpty()) {
            throw noFeature();
        }
        Matrix table =
                new MatrixReader(duckDb)
                        .read(job.table(), chosen.columns(), classes.column(), key());
        BitSet withoutTarget = withoutTarget(table.target());
        Split split = split(table);
        split.drop(withoutTarget);
        split.check(!(job.holdout() instanceof Holdout.File));
        BitSet trained = split.trained();
        float[] labels = labels(table.target(), trained);
        TrainingMatrix matrix = TrainingMatrix.of(table, chosen.columns(), trained);
        leftOut.addAll(matrix.leftOut());
        List<Input> inputs = new ArrayList<>(matrix.inputs());
        chosen.texts().forEach(name -> inputs.add(new Input.Text(name)));
        if (inputs.isEmpty()) {
            throw noFeature();
        }
        return new TrainingData(
                classes.signature(inputs, labels),
                matrix.values(),
                texts(chosen.texts(), trained),
                labels,
                RowWeights.of(job, duckDb, trained, labels),
                validation(table.hashes(), trained),
                trained,
                split.heldOut(),
                leftOut,
                new TrainingData.Counts(
                        table.rows(),
                        labels.length,
                        heldOut(split),
                        withoutTarget.cardinality(),
                        split.withoutTime()));
    }

    private List<@Nullable String[]> texts(List<String> names, BitSet rows) {
        List<@Nullable String[]> texts = new ArrayList<>();
        for (ColumnData.Texts column : new ColumnFiles(duckDb).texts(job.table(), names)) {
            @Nullable String[] values = new @Nullable String[rows.cardinality()];
            int at = 0;
            for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                values[at++] = column.values()[row];
            }
            texts.add(values);
        }
        return texts;
    }

    /** Which of the rows to train on only tell when to stop, by other bits of their hashes. */
    private BitSet validation(long[] hashes, BitSet trained) {
        BitSet validation = new BitSet();
        if (job.parameters().patience() == 0) {
            return validation;
        }
        long[] turned = new long[trained.cardinality()];
        int at = 0;
        for (int row = trained.nextSetBit(0); row >= 0; row = trained.nextSetBit(row + 1)) {
            turned[at++] = Long.rotateLeft(hashes[row], 32) * 0x9E3779B97F4A7C15L;
        }
        validation.or(Split.byHash(turned, job.parameters().real("validation_fraction")).heldOut());
        if (validation.isEmpty() || validation.cardinality() > turned.length / 2) {
            throw Problem.input(
                            "train.validation",
                            "early_stopping_rounds: "
                                    + validation.cardinality()
                                    + " of "
                                    + turned.length
                                    + " rows are for validation (expected: some, at most half)")
                    .hint("Bring more rows, or change validation_fraction.")
                    .exception();
        }
        return validation;
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
            } else if (column != null
                    && feature.kind() == Feature.Kind.TEXT
                    && column.type() != ColumnType.VARCHAR) {
                problems.add(
                        Problem.input(
                                "feature.type",
                                feature.name() + ": " + column.declared() + " (expected: text)"));
            }
        }
        job.weight().ifPresent(name -> checkWeight(name, problems));
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

    private void checkWeight(String name, List<Problem> problems) {
        Column column = column(name, "weight", problems);
        if (column != null && !column.type().numeric()) {
            problems.add(
                    Problem.input(
                            "train.weight",
                            "train.weight: "
                                    + name
                                    + " is "
                                    + column.declared()
                                    + " (expected: numbers)"));
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
        DistinctValues distinct = new DistinctValues(duckDb);
        List<String> names = new ArrayList<>();
        for (Feature feature : job.features()) {
            if (feature.kind() == Feature.Kind.CATEGORY && feature.categories().isEmpty()) {
                names.add(feature.name());
            }
        }
        Map<String, List<String>> values =
                new HashMap<>(distinct.of(job.table(), names, FeatureChoice.MOST_CATEGORIES + 2));
        if (job.task() != Task.REGRESSION) {
            values.putAll(
                    distinct.of(
                            job.table(), List.of(job.target()), TargetClasses.MOST_CLASSES + 1));
        }
        return values;
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
                    Split.byTime(duckDb, job.table(), time, moment);
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
}
