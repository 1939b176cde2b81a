package dev.weir.ml.data.evaluate;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.data.source.TableFile;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * The columns of a table of predictions; what is missing or not as it must be is told with its row.
 */
record PredictionTable(DuckDb duckDb, TableFile file) {
    @Nullable String[] texts(String name) {
        return new ColumnFiles(duckDb).texts(file.parquet(), List.of(name)).getFirst().values();
    }

    /** Finite numbers of some rows. */
    double[] numbers(String name, int[] kept) {
        double[] all =
                new ColumnFiles(duckDb).doubles(file.parquet(), List.of(name)).getFirst().values();
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

    /** Numbers from 0 to a maximum. */
    double[] within(String name, int[] kept, double most) {
        double[] values = numbers(name, kept);
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] > most) {
                throw Problem.input(
                                "evaluate.range",
                                "%s: row %d is %s (expected: %s)"
                                        .formatted(
                                                name,
                                                kept[i] + 1,
                                                values[i],
                                                most == 1 ? "0 to 1" : "0 or more"))
                        .exception();
            }
        }
        return values;
    }

    /** Texts of some rows, none of them missing. */
    String[] present(String name, int[] kept) {
        @Nullable String[] all = texts(name);
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

    /** Texts of some rows, with a word for what is missing. */
    String[] named(String name, int[] kept) {
        @Nullable String[] all = texts(name);
        String[] values = new String[kept.length];
        for (int i = 0; i < kept.length; i++) {
            values[i] = Objects.requireNonNullElse(all[kept[i]], "(missing)");
        }
        return values;
    }
}
