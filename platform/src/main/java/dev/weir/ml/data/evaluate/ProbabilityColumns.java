package dev.weir.ml.data.evaluate;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Schema;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The columns with the probabilities of many classes: {@code p_*} are all that begin with {@code
 * p_}, and what stands in the star's place is the class.
 */
final class ProbabilityColumns {
    static final String ANY = "*";

    private ProbabilityColumns() {}

    /** The columns by class, in the order of the classes. */
    static SortedMap<String, String> of(Schema schema, String pattern) {
        int star = pattern.indexOf(ANY);
        String before = pattern.substring(0, star);
        String after = pattern.substring(star + 1);
        SortedMap<String, String> columns = new TreeMap<>();
        for (String name : schema.names()) {
            if (name.length() > before.length() + after.length()
                    && name.startsWith(before)
                    && name.endsWith(after)) {
                columns.put(name.substring(before.length(), name.length() - after.length()), name);
            }
        }
        if (columns.size() < 2) {
            throw Problem.input(
                            "evaluate.classes",
                            "--score %s: %d columns are called so (expected: one for each class)"
                                    .formatted(pattern, columns.size()))
                    .hint("The table has: " + String.join(", ", schema.names()))
                    .exception();
        }
        return columns;
    }
}
