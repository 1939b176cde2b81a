package dev.weir.ml.registry;

import dev.weir.ml.tracking.search.Field;
import dev.weir.ml.tracking.search.Filter;
import dev.weir.ml.tracking.search.OrderBy;
import dev.weir.ml.tracking.search.Ordering;
import dev.weir.ml.tracking.search.Page;
import dev.weir.ml.tracking.search.Subject;
import dev.weir.ml.tracking.search.Vocabulary;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;

/**
 * Finds models and versions. There are few of them: each is asked. MLflow's prompts are models too,
 * with a tag; they are found only by a filter that speaks of that tag, and what lacks it is no
 * prompt.
 */
public final class RegistrySearch {
    /** The tag of MLflow's prompts. */
    public static final String IS_PROMPT = "mlflow.prompt.is_prompt";

    /** What models are searched by. */
    public static final Vocabulary MODELS =
            Vocabulary.of(
                    Map.of(
                            "name", Vocabulary.Type.TEXT,
                            "creation_timestamp", Vocabulary.Type.NUMBER,
                            "last_updated_timestamp", Vocabulary.Type.NUMBER,
                            "timestamp", Vocabulary.Type.NUMBER),
                    Set.of(Field.Kind.TAG));

    /** What versions are searched by. */
    public static final Vocabulary VERSIONS =
            Vocabulary.of(
                    Map.of(
                            "name", Vocabulary.Type.TEXT,
                            "version_number", Vocabulary.Type.NUMBER,
                            "run_id", Vocabulary.Type.LISTED,
                            "source_path", Vocabulary.Type.TEXT,
                            "creation_timestamp", Vocabulary.Type.NUMBER,
                            "last_updated_timestamp", Vocabulary.Type.NUMBER),
                    Set.of(Field.Kind.TAG));

    private static final Comparator<Found<ModelDetails>> BY_NAME =
            Comparator.comparing(found -> found.item().model().name());

    private static final Comparator<Found<VersionDetails>> BY_UPDATE =
            Comparator.comparing((Found<VersionDetails> f) -> f.item().version().updated())
                    .reversed()
                    .thenComparing(f -> f.item().version().model())
                    .thenComparing(f -> -f.item().version().version());

    private final Registry registry;
    private final RegistryEdits edits;

    public RegistrySearch(Registry registry, RegistryEdits edits) {
        this.registry = registry;
        this.edits = edits;
    }

    /**
     * One page of models, by name where nothing else is asked for.
     *
     * @param limit at most so many on a page; 1 or more
     * @param token of the page before; null for the first page
     */
    public Page<ModelDetails> models(
            Transaction tx,
            Filter filter,
            List<OrderBy> orderBy,
            int limit,
            @Nullable String token) {
        List<Found<ModelDetails>> found =
                registry.models(tx).stream()
                        .map(model -> edits.details(tx, model.name()))
                        .map(RegistrySearch::found)
                        .filter(one -> shown(filter, one))
                        .sorted(Ordering.of(orderBy, BY_NAME))
                        .toList();
        return Page.of(found, limit, token).map(Found::item);
    }

    /**
     * One page of versions, the last changed first where nothing else is asked for.
     *
     * @param limit at most so many on a page; 1 or more
     * @param token of the page before; null for the first page
     */
    public Page<VersionDetails> versions(
            Transaction tx,
            Filter filter,
            List<OrderBy> orderBy,
            int limit,
            @Nullable String token) {
        List<Found<VersionDetails>> found =
                registry.models(tx).stream()
                        .filter(model -> mayBe(filter, model.name()))
                        .flatMap(model -> edits.versions(tx, model).stream())
                        .map(RegistrySearch::found)
                        .filter(one -> shown(filter, one))
                        .sorted(Ordering.of(orderBy, BY_UPDATE))
                        .toList();
        return Page.of(found, limit, token).map(Found::item);
    }

    /** Whether versions of this name can match at all: clients ask for those of one model. */
    private static boolean mayBe(Filter filter, String name) {
        return switch (filter) {
            case Filter.Clause(Field field, var operator, var value) ->
                    !field.equals(new Field(Field.Kind.ATTRIBUTE, "name"))
                            || filter.matches(new Named(name));
            case Filter.All(List<Filter> parts) ->
                    parts.stream().allMatch(part -> mayBe(part, name));
            case Filter.Any(List<Filter> parts) ->
                    parts.stream().anyMatch(part -> mayBe(part, name));
            case Filter.Not ignored -> true;
        };
    }

    private static boolean shown(Filter filter, Found<?> found) {
        boolean asksForPrompts =
                filter.clauses().stream()
                        .anyMatch(
                                clause ->
                                        clause.field()
                                                .equals(new Field(Field.Kind.TAG, IS_PROMPT)));
        boolean prompt = "true".equals(found.tags().get(IS_PROMPT));
        return (asksForPrompts || !prompt) && filter.matches(found);
    }

    private record Named(String name) implements Subject {
        @Override
        public Optional<String> text(Field field) {
            return Optional.of(name);
        }

        @Override
        public OptionalDouble number(Field field) {
            return OptionalDouble.empty();
        }
    }

    private static Found<ModelDetails> found(ModelDetails details) {
        RegisteredModel model = details.model();
        double updated = model.updated().toEpochMilli();
        return new Found<>(
                details,
                details.tags(),
                Map.of("name", model.name()),
                Map.of(
                        "creation_timestamp",
                        (double) model.created().toEpochMilli(),
                        "last_updated_timestamp",
                        updated,
                        "timestamp",
                        updated));
    }

    private static Found<VersionDetails> found(VersionDetails details) {
        ModelVersion version = details.version();
        return new Found<>(
                details,
                details.tags(),
                Map.of(
                        "name",
                        version.model(),
                        "run_id",
                        version.runId() == null ? "" : version.runId(),
                        "source_path",
                        version.source()),
                Map.of(
                        "version_number",
                        (double) version.version(),
                        "creation_timestamp",
                        (double) version.created().toEpochMilli(),
                        "last_updated_timestamp",
                        (double) version.updated().toEpochMilli()));
    }

    /** Something that was found, with what it is searched by. */
    private record Found<T>(
            T item,
            SortedMap<String, String> tags,
            Map<String, String> texts,
            Map<String, Double> numbers)
            implements Subject {
        @Override
        public Optional<String> text(Field field) {
            if (field.kind() != Field.Kind.TAG) {
                return Optional.ofNullable(texts.get(field.key()));
            }
            String otherwise = field.key().equals(IS_PROMPT) ? "false" : null;
            return Optional.ofNullable(tags.getOrDefault(field.key(), otherwise));
        }

        @Override
        public OptionalDouble number(Field field) {
            Double number = numbers.get(field.key());
            return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
        }
    }
}
