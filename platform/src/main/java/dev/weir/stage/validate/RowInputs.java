package dev.weir.stage.validate;

import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows as the inputs of a model, with texts as texts: as a caller of a served model has them. */
final class RowInputs {
    private RowInputs() {}

    /** The columns that a model takes, out of a Parquet file. */
    static Columns read(ColumnFiles files, Path table, Signature signature) {
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
}
