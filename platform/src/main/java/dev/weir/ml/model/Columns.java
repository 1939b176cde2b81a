package dev.weir.ml.model;

import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch of rows, column by column. Columns that a model does not take are ignored.
 *
 * @param rows how many rows every column has
 * @param byName the columns by the name of the input that they feed
 */
public record Columns(int rows, Map<String, Column> byName) {
    public Columns {
        byName = Map.copyOf(byName);
        byName.forEach(
                (name, column) -> {
                    if (column.rows() != rows) {
                        throw new IllegalArgumentException(
                                "column "
                                        + name
                                        + ": "
                                        + column.rows()
                                        + " rows (expected: "
                                        + rows
                                        + ")");
                    }
                });
    }

    /** The same columns of some rows, by their numbers from 0. */
    public Columns pick(int[] numbers) {
        Map<String, Column> picked = new HashMap<>();
        byName.forEach(
                (name, column) ->
                        picked.put(
                                name,
                                switch (column) {
                                    case Numbers(double[] values) ->
                                            new Numbers(
                                                    Arrays.stream(numbers)
                                                            .mapToDouble(row -> values[row])
                                                            .toArray());
                                    case Texts texts -> {
                                        @Nullable String[] values = texts.values();
                                        @Nullable String[] some =
                                                new @Nullable String[numbers.length];
                                        Arrays.setAll(some, i -> values[numbers[i]]);
                                        yield new Texts(some);
                                    }
                                }));
        return new Columns(numbers.length, picked);
    }

    /**
     * The columns that feed the inputs of a model, in the order of the inputs.
     *
     * @throws ProblemException (INPUT) for each that is missing or of the wrong kind
     */
    List<Column> feeds(Signature signature) {
        List<Column> feeds = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Input input : signature.inputs()) {
            Column column = byName.get(input.name());
            if (column == null) {
                problems.add(
                        Problem.input(
                                "input.missing",
                                input.name()
                                        + ": no such column (expected: "
                                        + input.datatype()
                                        + ")"));
                continue;
            }
            boolean numbers = column instanceof Numbers;
            if (numbers != input.datatype().equals("FP64")) {
                problems.add(
                        Problem.input(
                                "input.type",
                                input.name()
                                        + ": "
                                        + (numbers
                                                ? "numbers (expected: text, BYTES)"
                                                : "text (expected: numbers, FP64)")));
            }
            feeds.add(column);
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return feeds;
    }

    /**
     * The columns that a model takes, out of a Parquet file: texts as texts, as a caller of a
     * served model has them.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where one is not there, or is a text
     *     instead of a number
     */
    public static Columns read(ColumnFiles files, Path table, Signature signature) {
        List<String> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Input input : signature.inputs()) {
            (input.datatype().equals("FP64") ? numbers : texts).add(input.name());
        }
        Map<String, Column> columns = new HashMap<>();
        int rows = 0;
        for (ColumnData.Doubles column : files.doubles(table, numbers)) {
            columns.put(column.name(), new Numbers(column.values()));
            rows = column.rows();
        }
        for (ColumnData.Texts column : files.texts(table, texts)) {
            columns.put(column.name(), new Texts(column.values()));
            rows = column.rows();
        }
        return new Columns(rows, columns);
    }

    /** The values of one column. Not copied: the caller leaves them alone while they are scored. */
    public sealed interface Column {
        /** How many values there are. */
        int rows();
    }

    /** Numbers; NaN is missing; booleans are 0 and 1. */
    public record Numbers(double[] values) implements Column {
        @Override
        public int rows() {
            return values.length;
        }
    }

    /** Texts; null and "" are missing. */
    public record Texts(@Nullable String[] values) implements Column {
        @Override
        public int rows() {
            return values.length;
        }
    }
}
