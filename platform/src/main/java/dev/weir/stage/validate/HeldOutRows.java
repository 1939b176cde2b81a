package dev.weir.stage.validate;

import dev.weir.ml.data.ColumnData;
import dev.weir.ml.data.ColumnFiles;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows that a model is judged on, as its signature wants them.
 *
 * @param inputs the columns that the model takes
 * @param truth the true value of each row; of two classes, 1 for the positive one and 0 else
 */
public record HeldOutRows(Columns inputs, double[] truth) {
    private static final int THREADS = 2;

    /**
     * Reads them.
     *
     * @param table a Parquet file with the target
     * @param scratch a folder for temporary files
     */
    public static HeldOutRows read(Path table, Path scratch, Signature signature) {
        ColumnFiles files = new ColumnFiles(new DuckDb(scratch, THREADS));
        return new HeldOutRows(inputs(files, table, signature), truth(files, table, signature));
    }

    /** The scores of all rows, in their order. */
    public static double[] scores(Scorer scorer, HeldOutRows rows) {
        float[] scores = scorer.score(rows.inputs);
        double[] wide = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            wide[i] = scores[i];
        }
        return wide;
    }

    /** Whether each row is of the positive class. */
    boolean[] positives() {
        boolean[] positive = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            positive[i] = truth[i] == 1;
        }
        return positive;
    }

    private static Columns inputs(ColumnFiles files, Path table, Signature signature) {
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

    private static double[] truth(ColumnFiles files, Path table, Signature signature) {
        List<String> target = List.of(signature.target());
        Signature.Classes classes = signature.classes();
        if (classes == null) {
            return files.doubles(table, target).getFirst().values();
        }
        @Nullable String[] texts = files.texts(table, target).getFirst().values();
        double[] truth = new double[texts.length];
        for (int i = 0; i < texts.length; i++) {
            truth[i] = classes.positive().equals(texts[i]) ? 1 : 0;
        }
        return truth;
    }
}
