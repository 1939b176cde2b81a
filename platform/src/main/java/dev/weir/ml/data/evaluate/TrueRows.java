package dev.weir.ml.data.evaluate;

import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.Metrics;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The rows of a table of predictions whose truth is known.
 *
 * @param kept their numbers, from 0
 * @param truth of each
 * @param weights of each; null: they count alike
 * @param groups of each; null: nobody asked
 * @param withoutTruth how many other rows there are
 */
record TrueRows(
        int[] kept,
        String[] truth,
        double @Nullable [] weights,
        String @Nullable [] groups,
        long withoutTruth) {
    private static final int MOST_GROUPS = 1_000;

    int size() {
        return kept.length;
    }

    /** What is measured on the rows of each group; nothing where none was asked for. */
    SortedMap<String, Evaluation.Group> byGroup(Function<int[], Metrics> measured) {
        SortedMap<String, List<Integer>> places = new TreeMap<>();
        for (int i = 0; groups != null && i < groups.length; i++) {
            places.computeIfAbsent(groups[i], group -> new ArrayList<>()).add(i);
        }
        if (places.size() > MOST_GROUPS) {
            throw Problem.input(
                            "evaluate.groups",
                            "%,d groups (expected: at most %,d)"
                                    .formatted(places.size(), MOST_GROUPS))
                    .exception();
        }
        SortedMap<String, Evaluation.Group> byGroup = new TreeMap<>();
        places.forEach(
                (group, rows) -> {
                    int[] at = rows.stream().mapToInt(Integer::intValue).toArray();
                    byGroup.put(group, new Evaluation.Group(at.length, measured.apply(at)));
                });
        return byGroup;
    }
}
