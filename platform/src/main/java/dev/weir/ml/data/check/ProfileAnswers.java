package dev.weir.ml.data.check;

import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.expect.Expectation;
import dev.weir.ml.data.expect.Expectation.Bound;
import dev.weir.ml.data.expect.Expectation.Finite;
import dev.weir.ml.data.expect.Expectation.Length;
import dev.weir.ml.data.expect.Expectation.Membership;
import dev.weir.ml.data.expect.Expectation.NotNull;
import dev.weir.ml.data.expect.Expectation.Unique;
import dev.weir.ml.data.profile.Profile;
import dev.weir.ml.data.profile.Profile.ColumnProfile;
import dev.weir.ml.data.profile.Profile.Count;
import dev.weir.ml.data.profile.Profile.Lengths;
import dev.weir.ml.data.profile.Profile.Numbers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks of whole columns that a profile answers without looking at a row. */
final class ProfileAnswers {
    /** What the profile does not know. */
    private static final long UNKNOWN = -1;

    private ProfileAnswers() {}

    /** Whether the profile answers; then the numbers are set. */
    static boolean answer(Profile profile, Counting counting) {
        Expectation expectation = counting.expectation;
        String name =
                expectation.check() instanceof Unique unique && unique.columns().size() == 1
                        ? unique.columns().getFirst()
                        : expectation.column();
        ColumnProfile column = name == null ? null : profile.column(name).orElse(null);
        if (column == null || !counting.where.equals("true")) {
            return false;
        }
        long values = profile.rows() - column.nulls();
        long violations = violations(expectation.check(), column, values);
        if (violations == UNKNOWN) {
            return false;
        }
        counting.violations = violations;
        boolean all = expectation.check() instanceof NotNull;
        counting.evaluatedRows = all ? profile.rows() : values;
        counting.missingRows = all ? 0 : column.nulls();
        return true;
    }

    private static long violations(Expectation.Check check, ColumnProfile column, long values) {
        return switch (check) {
            case NotNull ignored -> column.nulls();
            case Unique ignored -> column.distinctExact() ? values - column.distinct() : UNKNOWN;
            case Bound bound -> within(bound, column) ? 0 : UNKNOWN;
            case Membership set -> outside(set, column);
            case Length length -> within(length, column.lengths()) ? 0 : UNKNOWN;
            case Finite ignored -> notFinite(column);
            default -> UNKNOWN;
        };
    }

    private static boolean within(Bound bound, ColumnProfile column) {
        Numbers numbers = column.numbers();
        String min = column.min();
        String max = column.max();
        if (!bound.value().isNumber()
                || numbers == null
                || numbers.infinite() > 0
                || min == null
                || max == null) {
            return false;
        }
        BigDecimal value = new BigDecimal(bound.value().asString());
        return switch (bound.side()) {
            case MIN -> new BigDecimal(min).compareTo(value) >= 0;
            case EXCLUSIVE_MIN -> new BigDecimal(min).compareTo(value) > 0;
            case MAX -> new BigDecimal(max).compareTo(value) <= 0;
            case EXCLUSIVE_MAX -> new BigDecimal(max).compareTo(value) < 0;
        };
    }

    private static long outside(Membership set, ColumnProfile column) {
        if (column.column().type() != ColumnType.VARCHAR || !column.topIsAll()) {
            return UNKNOWN;
        }
        Set<String> texts =
                set.values().stream().map(JsonNode::asString).collect(Collectors.toSet());
        return column.top().stream()
                .filter(c -> texts.contains(c.value()) != set.inside())
                .mapToLong(Count::rows)
                .sum();
    }

    private static boolean within(Length length, @Nullable Lengths found) {
        Long min = length.min();
        Long max = length.max();
        return found != null
                && (min == null || found.min() >= min)
                && (max == null || found.max() <= max);
    }

    private static long notFinite(ColumnProfile column) {
        Numbers numbers = column.numbers();
        return numbers == null ? UNKNOWN : numbers.nan() + numbers.infinite();
    }
}
