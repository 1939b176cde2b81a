package dev.weir.stage.train;

import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.matrix.DistinctValues;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.stage.train.TrainingData.LeftOut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tables that a program of the team's own trains on and is judged on, and what they say of the
 * model that it may make of them.
 *
 * @param signature what a model of all usable columns takes and gives: of a number the range that
 *     the rows to train on have, of a text of at most 255 values these, of any other text nothing
 * @param leftOut columns in which nothing stands
 */
record OwnTable(TrainJob job, TrainingTable.Rows rows, Signature signature, List<LeftOut> leftOut) {

    /**
     * Splits the table of a job and writes both parts.
     *
     * @param columns that the program may see
     * @param format {@code parquet} or {@code csv}
     * @param into a folder: {@code train.FORMAT} and {@code holdout.FORMAT} in it
     */
    static OwnTable write(
            TrainJob job, List<String> columns, DuckDb duckDb, String format, Path into)
            throws IOException {
        TrainingTable.Rows rows = TrainingTable.rows(job, duckDb);
        ParquetFiles files = new ParquetFiles(duckDb);
        BitSet trained = rows.split().trained();
        Path train = into.resolve("train.parquet");
        files.copyRows(job.table(), trained, columns, train);
        Path holdout = into.resolve("holdout." + format);
        switch (job.holdout()) {
            case Holdout.File(Path other) -> {
                Schema theirs = files.schema(other);
                BitSet all = new BitSet();
                all.set(0, Math.toIntExact(files.rows(other)));
                files.copyRows(
                        other,
                        all,
                        columns.stream().filter(c -> theirs.column(c).isPresent()).toList(),
                        holdout);
            }
            case Holdout.Fraction _, Holdout.After _ ->
                    files.copyRows(job.table(), rows.split().heldOut(), columns, holdout);
        }
        List<LeftOut> leftOut = new ArrayList<>();
        List<Input> inputs = inputs(job, train, duckDb, leftOut);
        Signature signature = rows.classes().signature(inputs, rows.labels());
        if (format.equals("csv")) {
            files.copyRows(job.table(), trained, columns, into.resolve("train.csv"));
            Files.delete(train);
        }
        return new OwnTable(job, rows, signature, leftOut);
    }

    /** The held-out rows with all of their columns, as every gate reads them. */
    void writeHoldout(DuckDb duckDb, Path to) throws IOException {
        switch (job.holdout()) {
            case Holdout.File(Path other) -> Files.copy(other, to);
            case Holdout.Fraction _, Holdout.After _ ->
                    new ParquetFiles(duckDb).copyRows(job.table(), rows.split().heldOut(), to);
        }
    }

    private static List<Input> inputs(
            TrainJob job, Path train, DuckDb duckDb, List<LeftOut> leftOut) {
        Schema schema = new ParquetFiles(duckDb).schema(train);
        List<String> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Feature feature : job.features()) {
            Column column = schema.required(feature.name());
            if (!column.type().temporal()) {
                (feature.kind() == Feature.Kind.NUMBER ? numbers : texts).add(feature.name());
            }
        }
        Map<String, Input> found = new HashMap<>();
        for (ColumnData.Doubles column : new ColumnFiles(duckDb).doubles(train, numbers)) {
            number(column)
                    .ifPresentOrElse(
                            input -> found.put(input.name(), input),
                            () -> leftOut.add(new LeftOut(column.name(), "no value in any row")));
        }
        new DistinctValues(duckDb)
                .of(train, texts, FeatureChoice.MOST_CATEGORIES + 2)
                .forEach((name, values) -> text(name, values, found, leftOut));
        List<Input> inputs = new ArrayList<>();
        for (Feature feature : job.features()) {
            ColumnType type = schema.required(feature.name()).type();
            Input input =
                    type.temporal()
                            ? new Input.Moment(feature.name(), FeatureChoice.unit(type))
                            : found.get(feature.name());
            if (input != null) {
                inputs.add(
                        feature.kind() == Feature.Kind.TEXT
                                ? new Input.Text(feature.name())
                                : input);
            }
        }
        return inputs;
    }

    private static Optional<Input> number(ColumnData.Doubles column) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : column.values()) {
            if (Double.isFinite(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        return min <= max
                ? Optional.of(new Input.Number(column.name(), min, max))
                : Optional.empty();
    }

    private static void text(
            String name, List<String> values, Map<String, Input> found, List<LeftOut> leftOut) {
        List<String> known =
                values.stream()
                        .filter(each -> !each.isEmpty())
                        .sorted(Input.Category.BY_UTF8)
                        .toList();
        if (known.isEmpty()) {
            leftOut.add(new LeftOut(name, "no value in any row"));
        } else {
            found.put(
                    name,
                    known.size() <= FeatureChoice.MOST_CATEGORIES
                            ? new Input.Category(name, known, true)
                            : new Input.Text(name));
        }
    }

    /** All columns of a table but those that the model does not see. */
    static List<String> visible(Schema schema, Set<String> excluded) {
        return schema.names().stream().filter(name -> !excluded.contains(name)).toList();
    }
}
