package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.data.matrix.ColumnFiles;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The slices of held-out rows that a pipeline judges by themselves.
 *
 * @param by columns
 * @param fewest rows of a slice that counts
 */
record SlicesOfRows(List<String> by, int fewest) {
    private static final int FEWEST = 30;

    /**
     * A slice.
     *
     * @param name {@code sex = Female}
     * @param rows their places among the rows whose truth is known
     */
    record Slice(String name, int[] rows) {}

    /** Those that {@code validate.slices} names; none where it names none. */
    static SlicesOfRows of(PipelineFile file) {
        return new SlicesOfRows(
                file.validate()
                        .flatMap(section -> section.at("slices", "by"))
                        .map(ConfigNode::texts)
                        .orElse(List.of()),
                file.validate()
                        .flatMap(section -> section.at("slices", "min_rows"))
                        .map(node -> (int) node.whole())
                        .orElse(FEWEST));
    }

    /**
     * The slices of a table.
     *
     * @param truth row by row; NaN where it is not known, and the row does not count
     */
    List<Slice> of(ColumnFiles files, Path table, double[] truth) {
        List<Slice> slices = new ArrayList<>();
        for (String column : by) {
            @Nullable String[] values = files.texts(table, List.of(column)).getFirst().values();
            SortedMap<String, List<Integer>> rows = new TreeMap<>();
            int known = 0;
            for (int row = 0; row < truth.length; row++) {
                if (!Double.isNaN(truth[row])) {
                    String value = values[row] == null ? "(missing)" : values[row];
                    rows.computeIfAbsent(value, v -> new ArrayList<>()).add(known++);
                }
            }
            rows.forEach(
                    (value, places) -> {
                        if (places.size() >= fewest) {
                            slices.add(
                                    new Slice(
                                            column + " = " + value,
                                            places.stream().mapToInt(place -> place).toArray()));
                        }
                    });
        }
        return slices;
    }
}
