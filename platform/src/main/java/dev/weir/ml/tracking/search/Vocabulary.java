package dev.weir.ml.tracking.search;

import dev.weir.ml.tracking.search.Field.Kind;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields that one sort of thing can be searched by.
 *
 * @param attributes by every name that they have; the field has the first of their names
 * @param kinds which kinds of key it has besides
 */
public record Vocabulary(Map<String, Attribute> attributes, Set<Kind> kinds) {
    /** What a field is compared with. */
    public enum Type {
        NUMBER,
        TEXT,
        /** A text that IN takes too. */
        LISTED
    }

    /**
     * An attribute.
     *
     * @param name its first name
     */
    public record Attribute(String name, Type type) {}

    private static final Attribute STARTED = new Attribute("start_time", Type.NUMBER);
    private static final Attribute RUN_NAME = new Attribute("run_name", Type.TEXT);

    /** Runs. */
    public static final Vocabulary RUNS =
            new Vocabulary(
                    Map.ofEntries(
                            Map.entry("run_id", new Attribute("run_id", Type.LISTED)),
                            Map.entry("run_name", RUN_NAME),
                            Map.entry("run name", RUN_NAME),
                            Map.entry("Run name", RUN_NAME),
                            Map.entry("Run Name", RUN_NAME),
                            Map.entry("status", new Attribute("status", Type.TEXT)),
                            Map.entry("user_id", new Attribute("user_id", Type.TEXT)),
                            Map.entry("artifact_uri", new Attribute("artifact_uri", Type.TEXT)),
                            Map.entry("start_time", STARTED),
                            Map.entry("created", STARTED),
                            Map.entry("Created", STARTED),
                            Map.entry("end_time", new Attribute("end_time", Type.NUMBER))),
                    Set.of(Kind.METRIC, Kind.PARAM, Kind.TAG, Kind.DATASET));

    /** Experiments. */
    public static final Vocabulary EXPERIMENTS =
            of(
                    Map.of(
                            "name", Type.TEXT,
                            "experiment_id", Type.LISTED,
                            "creation_time", Type.NUMBER,
                            "last_update_time", Type.NUMBER),
                    Set.of(Kind.TAG));

    /** What has these attributes, and keys of these kinds. */
    public static Vocabulary of(Map<String, Type> attributes, Set<Kind> kinds) {
        return new Vocabulary(
                attributes.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        e -> new Attribute(e.getKey(), e.getValue()))),
                kinds);
    }

    public Vocabulary {
        attributes = Map.copyOf(attributes);
        kinds = Set.copyOf(kinds);
    }

    /** What a field is compared with; empty where nothing has it. */
    Optional<Type> type(Field field) {
        return switch (field.kind()) {
            case METRIC -> Optional.of(Type.NUMBER);
            case PARAM, TAG -> Optional.of(Type.TEXT);
            case DATASET ->
                    Set.of("name", "digest", "context").contains(field.key())
                            ? Optional.of(Type.LISTED)
                            : Optional.empty();
            case ATTRIBUTE -> Optional.ofNullable(attributes.get(field.key())).map(Attribute::type);
        };
    }
}
