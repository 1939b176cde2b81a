package dev.weir.ml.data.check;

import dev.weir.base.problem.Problem;
import dev.weir.ml.gate.Verdict;
import dev.weir.ml.stats.drift.Baseline;

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
 * @param against the baseline that columns are compared with
 */
public record Comparison(
        @Nullable Instant now,
        @Nullable Path accepted,
        Map<String, Path> datasets,
        Against against) {
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

    /** With nothing to compare the columns with. */
    public Comparison(@Nullable Instant now, @Nullable Path accepted, Map<String, Path> datasets) {
        this(now, accepted, datasets, Against.nothing("no baseline at hand to compare with"));
    }

    /**
     * A baseline, or why there is none.
     *
     * @param baseline null where there is none
     * @param own the baseline of the table itself, where it is known: a table that is the accepted
     *     one needs no look at its rows
     * @param told what it is of, or why there is none
     * @param verdict of rules on drift, where there is none
     */
    public record Against(
            @Nullable Baseline baseline, @Nullable Baseline own, String told, Verdict verdict) {
        /** A baseline. */
        public static Against of(Baseline baseline, @Nullable Baseline own, String told) {
            return new Against(baseline, own, told, Verdict.SKIPPED);
        }

        /** None yet, and that is as it should be: rules are skipped. */
        public static Against nothing(String why) {
            return new Against(null, null, why, Verdict.SKIPPED);
        }

        /** None, though there should be one: rules are errors. */
        public static Against missing(String why) {
            return new Against(null, null, why, Verdict.ERROR);
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
