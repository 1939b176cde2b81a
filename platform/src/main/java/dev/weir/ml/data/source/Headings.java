package dev.weir.ml.data.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The first line of a file, as names. */
final class Headings {
    private Headings() {}

    /** The values of a row as names; a blank one is named after its place. */
    static List<String> of(TextRows row) {
        List<String> names = new ArrayList<>();
        for (int c = 0; c < row.cells(); c++) {
            String name =
                    new String(
                                    row.bytes(),
                                    row.start(c),
                                    row.end(c) - row.start(c),
                                    StandardCharsets.UTF_8)
                            .strip();
            names.add(name.isEmpty() ? numbered(c) : name);
        }
        return names;
    }

    /** {@code column_1}: the name of a column that has none. */
    static String numbered(int column) {
        return "column_" + (column + 1);
    }
}
