package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.registry.Link;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.tracking.Artifacts;
import dev.weir.pipeline.CachedResult;
import dev.weir.store.blob.Artifact;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the store of a home must hold, and for whom: model versions with all that their recipes
 * name, dataset versions with their profiles, and results of steps. All workspaces count, since
 * they share the store.
 */
final class Needed {
    private final Home home;

    Needed(Home home) {
        this.home = home;
    }

    /**
     * A reason to keep an artifact.
     *
     * @param by who needs it, for people: {@code income:3 (data)}
     * @param cached whether only a cached result needs it, which the next run can do without
     */
    record Need(Artifact artifact, String by, boolean cached) {}

    /** What model and dataset versions need, and what clients keep: it is never collected. */
    List<Need> byVersions() {
        return home.database()
                .read(
                        tx ->
                                Stream.of(
                                                home.registry().versionsEverywhere(tx).stream()
                                                        .flatMap(v -> of(v).stream()),
                                                home.datasets().versionsEverywhere(tx).stream()
                                                        .flatMap(v -> of(v).stream()),
                                                Artifacts.everywhere(tx).stream().map(Needed::kept))
                                        .flatMap(needs -> needs)
                                        .toList());
    }

    private static Need kept(Digest file) {
        return new Need(Artifact.file(file), "an artifact of a client", false);
    }

    /** What results of steps need. */
    static List<Need> byResults(List<CachedResult> results) {
        return results.stream()
                .flatMap(
                        cached ->
                                cached.result().outputs().entrySet().stream()
                                        .map(
                                                output ->
                                                        new Need(
                                                                output.getValue(),
                                                                "the result of step %s (%s)"
                                                                        .formatted(
                                                                                cached.step(),
                                                                                output.getKey()),
                                                                true)))
                .toList();
    }

    private static List<Need> of(ModelVersion version) {
        List<Need> needs = new ArrayList<>();
        String ref = version.ref().toString();
        if (version.digest() != null) {
            needs.add(new Need(Artifact.folder(version.digest()), ref, false));
        }
        JsonNode code = link(version, Link.CODE);
        JsonNode data = link(version, Link.DATA);
        folder(needs, code.path("tree"), ref + " (code)");
        code.path("files")
                .properties()
                .forEach(
                        file ->
                                needs.add(
                                        new Need(
                                                Artifact.parse(file.getValue().asString("")),
                                                ref + " (" + file.getKey() + ")",
                                                false)));
        table(needs, data.path("digest"), ref + " (data)");
        table(needs, data.path(UnseenRows.TRAINED_ON), ref + " (table that was trained on)");
        table(needs, data.path("holdout"), ref + " (held-out table)");
        folder(
                needs,
                link(version, Link.ENVIRONMENT).path("libraries"),
                ref + " (the trainer's libraries)");
        return needs;
    }

    private static JsonNode link(ModelVersion version, Link link) {
        return version.recipe().link(link).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private static void folder(List<Need> needs, JsonNode digest, String by) {
        digest.stringValueOpt()
                .ifPresent(d -> needs.add(new Need(Artifact.folder(new Digest(d)), by, false)));
    }

    private static void table(List<Need> needs, JsonNode digest, String by) {
        digest.stringValueOpt()
                .ifPresent(d -> needs.add(new Need(Artifact.file(new Digest(d)), by, false)));
    }

    private static List<Need> of(DatasetVersion version) {
        String ref = "dataset " + version.ref();
        List<Need> needs = new ArrayList<>();
        needs.add(new Need(Artifact.file(version.digest()), ref, false));
        needs.add(new Need(Artifact.file(version.profile()), ref + " (profile)", false));
        Digest baseline = version.baseline();
        if (baseline != null) {
            needs.add(new Need(Artifact.file(baseline), ref + " (baseline)", false));
        }
        return needs;
    }
}
