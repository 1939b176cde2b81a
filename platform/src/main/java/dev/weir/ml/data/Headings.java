package dev.weir.ml.data;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

    /** Names must differ by more than the case of letters. */
    static void refuseDoubles(List<String> names, Path file) {
        Findings findings = new Findings();
        Map<String, Integer> seen = new HashMap<>();
        for (int c = 0; c < names.size(); c++) {
            Integer before = seen.putIfAbsent(names.get(c).toLowerCase(Locale.ROOT), c);
            if (before != null) {
                findings.add(
                        Problem.input(
                                        "table.duplicate-column",
                                        "columns "
                                                + (before + 1)
                                                + " and "
                                                + (c + 1)
                                                + " are both named "
                                                + names.get(c)
                                                + " (expected: each name once, in any case)")
                                .at(Place.of(file, 1))
                                .hint("Rename one, or give all names with names: [...]."));
            }
        }
        findings.refuse();
    }
}
