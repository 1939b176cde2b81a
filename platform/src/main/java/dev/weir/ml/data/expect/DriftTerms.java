package dev.weir.ml.data.expect;

import dev.weir.ml.stats.drift.DriftRule;
import dev.weir.ml.stats.drift.MultipleTests;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the drift of all columns of a suite is judged by.
 *
 * @param dataset whose baseline is meant; null: the last accepted version of the table's own
 * @param version the number of the version of that dataset; null: its last accepted one
 * @param correction for asking of many columns at once
 * @param alpha what chance gives with this probability is no drift, above 0 and below 1
 */
public record DriftTerms(
        @Nullable String dataset, @Nullable Long version, MultipleTests correction, double alpha) {
    /** Against the last accepted version, Benjamini and Hochberg at 1 %. */
    public static final DriftTerms STANDARD =
            new DriftTerms(null, null, DriftRule.STANDARD.correction(), DriftRule.STANDARD.alpha());

    /** How the name of a dataset begins, where a file may stand too. */
    public static final String DATASET = "dataset:";

    /** What {@link #of} takes. */
    public static final String EXPECTED = "dataset:NAME or dataset:NAME@v12";

    private static final Pattern NAMED = Pattern.compile(DATASET + "([^/:@]+)(?:@v(\\d{1,18}))?");

    /** Against a dataset that a person names; empty where the name is not of that form. */
    public static Optional<DriftTerms> of(String named) {
        Matcher matcher = NAMED.matcher(named);
        return matcher.matches()
                ? Optional.of(
                        new DriftTerms(
                                matcher.group(1),
                                matcher.group(2) == null ? null : Long.valueOf(matcher.group(2)),
                                STANDARD.correction,
                                STANDARD.alpha))
                : Optional.empty();
    }
}
