package dev.weir.ml.tracking.search;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The order that {@link OrderBy} asks for, over what is asked one by one. */
public final class Ordering {
    private Ordering() {}

    /**
     * Compares by the fields, and what is equal then by {@code ties}. What lacks a field comes
     * last, NaN before it.
     */
    public static <S extends Subject> Comparator<S> of(List<OrderBy> orderBy, Comparator<S> ties) {
        Comparator<S> order = (a, b) -> 0;
        for (OrderBy by : orderBy) {
            order = order.thenComparing((a, b) -> compare(by, a, b));
        }
        return order.thenComparing(ties);
    }

    private static int compare(OrderBy by, Subject a, Subject b) {
        OptionalDouble left = a.number(by.field());
        OptionalDouble right = b.number(by.field());
        if (left.isPresent() || right.isPresent()) {
            int rank = Integer.compare(rank(left), rank(right));
            if (rank != 0 || left.isEmpty() || right.isEmpty()) {
                return rank;
            }
            return directed(by, Double.compare(left.getAsDouble(), right.getAsDouble()));
        }
        Optional<String> first = a.text(by.field());
        Optional<String> second = b.text(by.field());
        if (first.isEmpty() || second.isEmpty()) {
            return Boolean.compare(first.isEmpty(), second.isEmpty());
        }
        return directed(by, first.get().compareTo(second.get()));
    }

    private static int rank(OptionalDouble number) {
        if (number.isEmpty()) {
            return 2;
        }
        return Double.isNaN(number.getAsDouble()) ? 1 : 0;
    }

    private static int directed(OrderBy by, int ascending) {
        return by.ascending() ? ascending : -ascending;
    }
}
