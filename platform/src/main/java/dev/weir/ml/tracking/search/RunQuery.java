package dev.weir.ml.tracking.search;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Which runs are looked for, and in which order.
 *
 * @param experimentIds in these experiments; unknown ones have no runs
 * @param orderBy the first counts most; ties are broken by the start, the newest first, then by the
 *     id
 * @param limit at most so many on a page; 1 or more
 * @param token of the page before; null for the first page
 */
public record RunQuery(
        List<String> experimentIds,
        Filter filter,
        List<OrderBy> orderBy,
        View view,
        int limit,
        @Nullable String token) {
    /** Which of the deleted ones. */
    public enum View {
        ACTIVE_ONLY,
        DELETED_ONLY,
        ALL
    }

    public RunQuery {
        experimentIds = experimentIds.stream().distinct().toList();
        orderBy = List.copyOf(orderBy);
    }

    /** The active runs of some experiments, the newest first, a thousand on a page. */
    public static RunQuery in(List<String> experimentIds) {
        return new RunQuery(
                experimentIds, Filter.EVERYTHING, List.of(), View.ACTIVE_ONLY, 1_000, null);
    }

    /** The same, where the filter of this text matches. */
    public RunQuery where(String text) {
        return new RunQuery(
                experimentIds,
                FilterParser.filter(Vocabulary.RUNS, text),
                orderBy,
                view,
                limit,
                token);
    }

    /** The same in another order. */
    public RunQuery orderBy(String... fields) {
        return new RunQuery(
                experimentIds,
                filter,
                FilterParser.orders(Vocabulary.RUNS, List.of(fields)),
                view,
                limit,
                token);
    }

    /** The same with so many on a page. */
    public RunQuery limit(int most) {
        return new RunQuery(experimentIds, filter, orderBy, view, most, token);
    }

    /** The page that this token gives. */
    public RunQuery from(@Nullable String page) {
        return new RunQuery(experimentIds, filter, orderBy, view, limit, page);
    }

    /** The same with other views of what is deleted. */
    public RunQuery view(View other) {
        return new RunQuery(experimentIds, filter, orderBy, other, limit, token);
    }
}
