package dev.weir.stage.train;

import dev.weir.ml.data.matrix.FeatureColumn;
import dev.weir.ml.data.matrix.Matrix;
import dev.weir.ml.model.Input;
import dev.weir.stage.train.TrainingData.LeftOut;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The chosen rows of a table, without columns that hold nothing in these rows, and with categories
 * numbered by what occurs in them.
 *
 * @param values rows x inputs, row by row
 */
record TrainingMatrix(List<Input> inputs, float[] values, List<LeftOut> leftOut) {

    /**
     * A column of the table that stays; {@code codes} translates categories, and is empty of
     * numbers.
     */
    private record Kept(int column, float[] codes) {}

    static TrainingMatrix of(Matrix table, List<FeatureColumn> columns, BitSet rows) {
        List<Input> inputs = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        Seen[] seen = look(table, columns, rows);
        for (int c = 0; c < seen.length; c++) {
            String name = columns.get(c).name();
            if (seen[c].empty()) {
                leftOut.add(new LeftOut(name, "every value is missing in the rows to train on"));
                continue;
            }
            switch (columns.get(c)) {
                case FeatureColumn.Numeric _ -> {
                    inputs.add(new Input.Number(name, seen[c].min, seen[c].max));
                    kept.add(new Kept(c, new float[0]));
                }
                case FeatureColumn.Categorical(String _, List<String> categories) -> {
                    List<String> used = new ArrayList<>();
                    float[] codes = new float[categories.size()];
                    for (int k = 0; k < codes.length; k++) {
                        codes[k] = seen[c].codes.get(k) ? used.size() : Float.NaN;
                        if (seen[c].codes.get(k)) {
                            used.add(categories.get(k));
                        }
                    }
                    if (used.size() > TrainingTable.MOST_CATEGORIES) {
                        leftOut.add(TrainingTable.tooMany(name));
                    } else {
                        inputs.add(new Input.Category(name, used));
                        kept.add(new Kept(c, codes));
                    }
                }
            }
        }
        return new TrainingMatrix(inputs, values(table, kept, rows), leftOut);
    }

    /** What occurs in a column: the range of a number, the codes of a category. */
    private static final class Seen {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        final BitSet codes = new BitSet();

        boolean empty() {
            return min > max && codes.isEmpty();
        }
    }

    /** One pass over the rows, as they lie in memory. */
    private static Seen[] look(Matrix table, List<FeatureColumn> columns, BitSet rows) {
        int width = columns.size();
        Seen[] seen = new Seen[width];
        boolean[] category = new boolean[width];
        for (int c = 0; c < width; c++) {
            seen[c] = new Seen();
            category[c] = columns.get(c) instanceof FeatureColumn.Categorical;
        }
        float[] values = table.values();
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            for (int c = 0, at = row * width; c < width; c++, at++) {
                float value = values[at];
                if (Float.isNaN(value)) {
                    continue;
                }
                if (category[c]) {
                    seen[c].codes.set((int) value);
                } else if (Float.isInfinite(value)) {
                    throw TrainingTable.infinite(columns.get(c).name(), row);
                } else {
                    seen[c].min = Math.min(seen[c].min, value);
                    seen[c].max = Math.max(seen[c].max, value);
                }
            }
        }
        return seen;
    }

    private static float[] values(Matrix table, List<Kept> kept, BitSet rows) {
        float[] all = table.values();
        float[] values = new float[rows.cardinality() * kept.size()];
        int at = 0;
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            int from = row * table.columns();
            for (Kept each : kept) {
                float value = all[from + each.column()];
                values[at++] =
                        each.codes().length == 0 || Float.isNaN(value)
                                ? value
                                : each.codes()[(int) value];
            }
        }
        return values;
    }

    /** The first rows, at most this many. */
    static float[] head(float[] values, int inputs, int rows) {
        return Arrays.copyOf(values, Math.min(values.length, inputs * rows));
    }
}
