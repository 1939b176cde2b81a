package dev.weir.project;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.base.digest.JsonTree;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Recipe;
import dev.weir.ml.stats.JsonFigures;
import dev.weir.store.blob.Artifact;
import dev.weir.store.blob.Trees;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is another between two versions of a model.
 *
 * @param from the earlier
 * @param to the later
 * @param links by link, what changed in it; a link of which nothing changed is not there. The run
 *     is another with every version, and is left out
 * @param metrics by name, the figures of both; NaN where one has none
 */
public record Differences(
        ModelVersion from,
        ModelVersion to,
        Map<Link, List<Change>> links,
        SortedMap<String, double[]> metrics) {
    private static final String TREE = "tree";

    /**
     * One thing that changed.
     *
     * @param what a path in the link ({@code config.eta}), or a file of the code
     * @param before empty where it was not there
     * @param after empty where it is gone
     */
    public record Change(String what, String before, String after) {}

    public Differences {
        links = Map.copyOf(links);
    }

    /** Compares; files of code that are not in the store any more are told by their tree only. */
    static Differences between(ModelVersion from, ModelVersion to, Trees trees) {
        Map<Link, List<Change>> links = new EnumMap<>(Link.class);
        for (Link link : Link.values()) {
            if (link != Link.RUN) {
                List<Change> changes = changes(link, from.recipe(), to.recipe(), trees);
                if (!changes.isEmpty()) {
                    links.put(link, changes);
                }
            }
        }
        SortedMap<String, double[]> metrics = new TreeMap<>();
        SortedSet<String> names = new TreeSet<>(from.metrics().keySet());
        names.addAll(to.metrics().keySet());
        for (String name : names) {
            metrics.put(
                    name,
                    new double[] {
                        from.metrics().getOrDefault(name, Double.NaN),
                        to.metrics().getOrDefault(name, Double.NaN)
                    });
        }
        return new Differences(from, to, links, metrics);
    }

    private static List<Change> changes(Link link, Recipe from, Recipe to, Trees trees) {
        SortedMap<String, String> before = leaves(from.link(link).orElse(null));
        SortedMap<String, String> after = leaves(to.link(link).orElse(null));
        List<Change> changes = changes(before, after);
        if (link == Link.CODE
                && before.get(TREE) instanceof String old
                && after.get(TREE) instanceof String now
                && holds(trees, old)
                && holds(trees, now)) {
            changes.removeIf(change -> change.what().equals(TREE));
            changes.addAll(changes(files(trees, old), files(trees, now)));
        }
        return changes;
    }

    /** The files that are others in two code trees; none where one is gone from the store. */
    static List<Change> files(Trees trees, String before, String after) {
        return before.equals(after) || !holds(trees, before) || !holds(trees, after)
                ? List.of()
                : changes(files(trees, before), files(trees, after));
    }

    /** The values that are others in two mappings, by their paths; 1 and 1.0 are the same. */
    static List<Change> values(JsonNode before, JsonNode after) {
        return changes(leaves(canonical(before)), leaves(canonical(after)));
    }

    private static JsonNode canonical(JsonNode node) {
        return JsonTree.read(CanonicalJson.bytes(node));
    }

    private static boolean holds(Trees trees, String tree) {
        return trees.holds(Artifact.folder(new Digest(tree)));
    }

    private static SortedMap<String, String> files(Trees trees, String tree) {
        return trees.files(new Digest(tree))
                .collect(
                        Collectors.toMap(
                                Trees.TreeFile::path,
                                file -> file.digest().hex(),
                                (one, other) -> other,
                                TreeMap::new));
    }

    private static List<Change> changes(
            SortedMap<String, String> before, SortedMap<String, String> after) {
        SortedSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<Change> changes = new ArrayList<>();
        for (String name : names) {
            String old = before.getOrDefault(name, "");
            String now = after.getOrDefault(name, "");
            if (!Objects.equals(old, now)) {
                changes.add(new Change(name, old, now));
            }
        }
        return changes;
    }

    /** The values of a link by their path; the members of a list are by their name or place. */
    private static SortedMap<String, String> leaves(@Nullable JsonNode node) {
        SortedMap<String, String> leaves = new TreeMap<>();
        if (node != null) {
            leaves(node, "", leaves);
        }
        return leaves;
    }

    private static void leaves(JsonNode node, String path, SortedMap<String, String> into) {
        if (node.isObject()) {
            node.properties().forEach(e -> leaves(e.getValue(), under(path, e.getKey()), into));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                JsonNode member = node.get(i);
                String name = member.path("name").asString(member.isString() ? "" : "" + i);
                leaves(member, under(path, member.isString() ? member.stringValue() : name), into);
            }
        } else {
            into.put(path, node.asString(""));
        }
    }

    private static String under(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** {@code {"from","to","links":{"config":[{"what","before","after"}]},"metrics":{}}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("from", from.ref().toString()).put("to", to.ref().toString());
        json.put("registered", to.created().toString());
        ObjectNode all = json.putObject("links");
        for (Link link : Link.values()) {
            for (Change change : links.getOrDefault(link, List.of())) {
                all.withArray(link.word())
                        .addObject()
                        .put("what", change.what())
                        .put("before", change.before())
                        .put("after", change.after());
            }
        }
        ObjectNode figures = json.putObject("metrics");
        metrics.forEach(
                (name, both) -> {
                    ObjectNode one = figures.putObject(name);
                    JsonFigures.put(one, "before", both[0]);
                    JsonFigures.put(one, "after", both[1]);
                });
        return json;
    }
}
