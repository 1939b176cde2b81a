package dev.weir.stage.validate;

import dev.weir.ml.data.ColumnData;
import dev.weir.ml.data.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows that a model is judged on, as its signature wants them. */
final class HeldOut {
    private HeldOut() {}

    /** The columns that the model takes. */
    static Columns inputs(ColumnFiles files, Path table, Signature signature) {
        List<String> numbers = new ArrayList<>();
        List<String> categories = new ArrayList<>();
        for (Input input : signature.inputs()) {
            switch (input) {
                case Input.Number number -> numbers.add(number.name());
                case Input.Category category -> categories.add(category.name());
            }
        }
        Map<String, Columns.Column> columns = new HashMap<>();
        int rows = 0;
        if (!numbers.isEmpty()) {
            for (ColumnData.Doubles column : files.doubles(table, numbers)) {
                columns.put(column.name(), new Columns.Numbers(column.values()));
                rows = column.rows();
            }
        }
        if (!categories.isEmpty()) {
            for (ColumnData.Texts column : files.texts(table, categories)) {
                columns.put(column.name(), new Columns.Texts(column.values()));
                rows = column.rows();
            }
        }
        return new Columns(rows, columns);
    }

    /** Whether each row is of the positive class. */
    static boolean[] positives(ColumnFiles files, Path table, Signature signature) {
        Signature.Classes classes = signature.classes();
        if (classes == null) {
            throw new IllegalArgumentException("task: " + signature.task() + " (expected: binary)");
        }
        @Nullable String[] texts =
                files.texts(table, List.of(signature.target())).getFirst().values();
        boolean[] positive = new boolean[texts.length];
        for (int i = 0; i < texts.length; i++) {
            positive[i] = classes.positive().equals(texts[i]);
        }
        return positive;
    }

    /** The true values of a regression. */
    static double[] values(ColumnFiles files, Path table, Signature signature) {
        return files.doubles(table, List.of(signature.target())).getFirst().values();
    }
}
