package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From where a model version came, or where a dataset version went.
 *
 * @param datasets of a version those that it was made of; of a dataset version itself
 * @param versions of a version itself; of a dataset version all that were made of it
 */
public record Lineage(List<DatasetVersion> datasets, List<Made> versions) {
    /**
     * A model version, and what points to it.
     *
     * @param aliases the names that point to it now
     */
    public record Made(ModelVersion version, List<String> aliases) {
        public Made {
            aliases = List.copyOf(aliases);
        }

        ObjectNode json() {
            ObjectNode json = version.json();
            aliases.forEach(json.putArray("aliases")::add);
            return json;
        }
    }

    public Lineage {
        datasets = List.copyOf(datasets);
        versions = List.copyOf(versions);
    }

    /** The tables that a version was made of and judged on, by their digests. */
    static List<Digest> tables(ModelVersion version) {
        return version.recipe()
                .link(Link.DATA)
                .map(
                        link ->
                                Stream.of("digest", "holdout")
                                        .flatMap(key -> link.path(key).stringValueOpt().stream())
                                        .map(Digest::new)
                                        .toList())
                .orElse(List.of());
    }

    static Optional<DatasetVersion> named(ModelVersion version, List<DatasetVersion> same) {
        Optional<String> name =
                version.recipe()
                        .link(Link.DATA)
                        .flatMap(link -> link.path("dataset").stringValueOpt());
        return same.stream()
                .filter(each -> name.isPresent() && each.name().startsWith(name.get()))
                .findFirst()
                .or(() -> same.stream().findFirst());
    }

    /** {@code {"datasets":[],"versions":[]}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode tables = json.putArray("datasets");
        for (DatasetVersion dataset : datasets) {
            tables.add(
                    dataset.link()
                            .put("run", dataset.runId())
                            .put("created", dataset.created().toString()));
        }
        ArrayNode made = json.putArray("versions");
        versions.forEach(version -> made.add(version.json()));
        return json;
    }
}
