package dev.weir.ml.tracking.search;

import dev.weir.ml.tracking.Experiment;
import dev.weir.ml.tracking.Experiments;
import dev.weir.ml.tracking.Lifecycle;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/** Finds experiments. There are few of them: each is asked. */
public final class ExperimentSearch {
    private final Experiments experiments;

    public ExperimentSearch(Experiments experiments) {
        this.experiments = experiments;
    }

    /**
     * Which experiments are looked for.
     *
     * @param orderBy ties, and what has no order, are in the order of their creation, the newest
     *     first
     * @param limit at most so many on a page; 1 or more
     * @param token of the page before; null for the first page
     */
    public record Query(
            Filter filter,
            List<OrderBy> orderBy,
            RunQuery.View view,
            int limit,
            @Nullable String token) {}

    /** One page of the experiments that a query means. */
    public Page<Experiment> search(Transaction tx, Query query) {
        boolean tagged =
                query.filter().clauses().stream()
                        .anyMatch(clause -> clause.field().kind() == Field.Kind.TAG);
        List<Asked> found =
                experiments.all(tx).stream()
                        .filter(experiment -> shows(query.view(), experiment.lifecycle()))
                        .map(
                                experiment ->
                                        new Asked(
                                                experiment,
                                                tagged || !query.orderBy().isEmpty()
                                                        ? experiments.tags(tx, experiment.id())
                                                        : NO_TAGS))
                        .filter(query.filter()::matches)
                        .sorted(Ordering.of(query.orderBy(), NEWEST))
                        .toList();
        return Page.of(found, query.limit(), query.token()).map(Asked::experiment);
    }

    private static final SortedMap<String, String> NO_TAGS = java.util.Collections.emptySortedMap();

    private static final Comparator<Asked> NEWEST =
            Comparator.comparing((Asked a) -> a.experiment().created())
                    .thenComparing(a -> Long.parseLong(a.experiment().id()))
                    .reversed();

    private static boolean shows(RunQuery.View view, Lifecycle lifecycle) {
        return switch (view) {
            case ACTIVE_ONLY -> lifecycle == Lifecycle.ACTIVE;
            case DELETED_ONLY -> lifecycle == Lifecycle.DELETED;
            case ALL -> true;
        };
    }

    private record Asked(Experiment experiment, SortedMap<String, String> tags) implements Subject {
        @Override
        public Optional<String> text(Field field) {
            return switch (field.kind()) {
                case TAG -> Optional.ofNullable(tags.get(field.key()));
                case ATTRIBUTE ->
                        switch (field.key()) {
                            case "name" -> Optional.of(experiment.name());
                            case "experiment_id" -> Optional.of(experiment.id());
                            default -> Optional.empty();
                        };
                case METRIC, PARAM, DATASET -> Optional.empty();
            };
        }

        @Override
        public OptionalDouble number(Field field) {
            return switch (field.key()) {
                case "creation_time" -> OptionalDouble.of(experiment.created().toEpochMilli());
                case "last_update_time" -> OptionalDouble.of(experiment.updated().toEpochMilli());
                default -> OptionalDouble.empty();
            };
        }
    }
}
