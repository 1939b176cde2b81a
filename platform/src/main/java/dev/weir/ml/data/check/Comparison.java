package dev.weir.ml.data.check;

import dev.weir.base.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * What a table is compared with besides its suite.
 *
 * @param now the moment of the check; null where there is no clock at hand: then what depends on it
 *     is skipped
 * @param accepted the Parquet file of the last accepted version; null where there is none
 * @param datasets Parquet files of other datasets, by the names that rules use
 */
public record Comparison(
        @Nullable Instant now, @Nullable Path accepted, Map<String, Path> datasets) {
    public Comparison {
        datasets = Map.copyOf(datasets);
        for (String name : datasets.keySet()) {
            String low = name.toLowerCase(Locale.ROOT);
            if (low.isEmpty() || low.equals("dataset") || low.equals(Figures.ACCEPTED)) {
                throw Problem.input(
                                "expectations.dataset", "\"" + name + "\" (expected: another name)")
                        .hint("In rules, dataset means the table that is checked.")
                        .exception();
            }
        }
    }

    /** Nothing: rules that need something are skipped and say so. */
    public static Comparison none() {
        return new Comparison(null, null, Map.of());
    }

    /** Only the clock. */
    public static Comparison at(Instant now) {
        return new Comparison(now, null, Map.of());
    }
}
