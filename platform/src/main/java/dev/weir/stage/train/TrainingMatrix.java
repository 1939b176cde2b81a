package dev.weir.stage.train;

import dev.weir.ml.data.matrix.FeatureColumn;
import dev.weir.ml.data.matrix.Matrix;
import dev.weir.ml.model.Input;
import dev.weir.stage.train.TrainingData.LeftOut;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The chosen rows of a table, without columns that hold nothing in these rows, and with categories
 * numbered by what occurs in them.
 *
 * @param values rows x inputs, row by row
 */
record TrainingMatrix(List<Input> inputs, float[] values, List<LeftOut> leftOut) {
    private static final float[] NUMBER = {};

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
            int column = c;
            if (columns.get(c) instanceof FeatureColumn.Part) {
                while (c + 1 < seen.length && columns.get(c + 1).name().equals(name)) {
                    c++;
                }
            }
            if (seen[column].empty()) {
                leftOut.add(new LeftOut(name, "every value is missing in the rows to train on"));
                continue;
            }
            switch (columns.get(column)) {
                case FeatureColumn.Numeric _ -> {
                    inputs.add(new Input.Number(name, seen[column].min, seen[column].max));
                    kept.add(new Kept(column, NUMBER));
                }
                case FeatureColumn.Part _ -> {
                    int parts = c - column + 1;
                    inputs.add(new Input.Moment(name, unit(parts)));
                    for (int p = 0; p < parts; p++) {
                        kept.add(new Kept(column + p, NUMBER));
                    }
                }
                case FeatureColumn.Categorical categorical -> {
                    Codes codes = Codes.of(categorical, seen[column].counts);
                    inputs.add(codes.input());
                    kept.add(new Kept(column, codes.places()));
                }
            }
        }
        return new TrainingMatrix(inputs, values(table, kept, rows), leftOut);
    }

    private static Input.Moment.Unit unit(int parts) {
        return parts == Input.Moment.Unit.DAYS.parts().size()
                ? Input.Moment.Unit.DAYS
                : Input.Moment.Unit.SECONDS;
    }

    /**
     * A category as it is after the rows were looked at.
     *
     * @param places where each category of the list, and behind them all others, stands now; NaN
     *     for one that does not occur
     */
    private record Codes(Input.Category input, float[] places) {
        static Codes of(FeatureColumn.Categorical column, int[] counts) {
            List<String> known = column.categories();
            int kept = 0;
            for (int k = 0; k < known.size(); k++) {
                kept += counts[k] > 0 ? 1 : 0;
            }
            boolean other =
                    column.other()
                            && (kept > FeatureChoice.MOST_CATEGORIES || counts[known.size()] > 0);
            boolean[] stays = other ? mostFrequent(counts, known.size()) : occurring(counts);
            float[] places = new float[known.size() + 1];
            Arrays.fill(places, Float.NaN);
            List<String> used = new ArrayList<>();
            for (int k = 0; k < known.size(); k++) {
                if (stays[k]) {
                    places[k] = used.size();
                    used.add(known.get(k));
                }
            }
            if (other) {
                for (int k = 0; k < places.length; k++) {
                    places[k] = Float.isNaN(places[k]) ? used.size() : places[k];
                }
            }
            return new Codes(new Input.Category(column.name(), used, other), places);
        }

        private static boolean[] occurring(int[] counts) {
            boolean[] stays = new boolean[counts.length];
            for (int k = 0; k < counts.length; k++) {
                stays[k] = counts[k] > 0;
            }
            return stays;
        }

        /** The most frequent ones, each in two rows or more; of equals the first. */
        private static boolean[] mostFrequent(int[] counts, int known) {
            boolean[] stays = new boolean[counts.length];
            IntStream.range(0, known)
                    .filter(k -> counts[k] > 1)
                    .boxed()
                    .sorted(Comparator.comparing(k -> -counts[k]))
                    .limit(FeatureChoice.MOST_CATEGORIES - 1)
                    .forEach(k -> stays[k] = true);
            return stays;
        }
    }

    /** What occurs in a column: the range of a number, how often each code of a category. */
    private static final class Seen {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        boolean code;
        final int[] counts;

        Seen(int codes) {
            counts = new int[codes];
        }

        boolean empty() {
            return min > max && !code;
        }
    }

    /** One pass over the rows, as they lie in memory. */
    private static Seen[] look(Matrix table, List<FeatureColumn> columns, BitSet rows) {
        int width = columns.size();
        Seen[] seen = new Seen[width];
        boolean[] category = new boolean[width];
        for (int c = 0; c < width; c++) {
            category[c] = columns.get(c) instanceof FeatureColumn.Categorical;
            seen[c] =
                    new Seen(
                            columns.get(c) instanceof FeatureColumn.Categorical categorical
                                    ? categorical.categories().size() + 1
                                    : 0);
        }
        float[] values = table.values();
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            for (int c = 0, at = row * width; c < width; c++, at++) {
                float value = values[at];
                if (Float.isNaN(value)) {
                    continue;
                }
                if (category[c]) {
                    seen[c].counts[(int) value]++;
                    seen[c].code = true;
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
