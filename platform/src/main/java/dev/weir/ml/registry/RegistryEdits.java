package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What people and clients change of models and versions besides their stage: models made, named,
 * described, tagged and deleted, and versions that clients register. Every method is part of the
 * transaction that it is given, and appends its event to the ledger.
 */
public final class RegistryEdits {
    private final String workspace;
    private final Registry registry;
    private final Ledger ledger;
    private final Clock clock;

    public RegistryEdits(String workspace, Registry registry, Ledger ledger, Clock clock) {
        this.workspace = workspace;
        this.registry = registry;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Makes a model without versions.
     *
     * @throws dev.weir.base.problem.ProblemException {@code model.exists}, where the name is taken
     */
    public void create(
            Transaction tx,
            Actor actor,
            String name,
            String description,
            Map<String, String> tags) {
        RegistryLimits.modelName(name);
        RegistryLimits.description(description);
        tags.forEach(RegistryLimits::tag);
        if (!new ModelDao(tx, workspace).insertIfMissing(name, description, clock.instant())) {
            throw taken(name);
        }
        TagDao dao = new TagDao(tx, workspace);
        tags.forEach((key, value) -> dao.put(name, key, value));
        append(tx, actor, "model.created", subject(name), told("model", name));
    }

    private static RuntimeException taken(String name) {
        return Problem.refused(
                        "model.exists", "Registered Model (name=" + name + ") already exists.")
                .exception();
    }

    /** Gives a model, and so its versions, another name. */
    public void rename(Transaction tx, Actor actor, String name, String to) {
        RegistryLimits.modelName(to);
        registry.model(tx, name);
        if (registry.findModel(tx, to).isPresent()) {
            throw taken(to);
        }
        new ModelDao(tx, workspace).rename(name, to, clock.instant());
        append(tx, actor, "model.renamed", subject(to), told("from", name));
    }

    /** Changes the description of a model. */
    public void describe(Transaction tx, Actor actor, String name, String description) {
        RegistryLimits.description(description);
        registry.model(tx, name);
        new ModelDao(tx, workspace).describe(name, description, clock.instant());
        append(
                tx,
                actor,
                "model.described",
                subject(name),
                told("description", Digest.ofText(description).hex()));
    }

    /** Deletes a model with its versions; the ledger keeps what happened to them. */
    public void delete(Transaction tx, Actor actor, String name) {
        registry.versions(tx, name).forEach(version -> delete(tx, actor, version.ref()));
        new ModelDao(tx, workspace).delete(name);
        append(tx, actor, "model.deleted", subject(name), told("model", name));
    }

    /** Sets a tag of a model. */
    public void setTag(Transaction tx, Actor actor, String name, String key, String value) {
        RegistryLimits.tag(key, value);
        registry.model(tx, name);
        new TagDao(tx, workspace).put(name, key, value);
        append(tx, actor, "model.tagged", subject(name), tag(key, value));
    }

    /** Takes a tag of a model away; nothing happens where there is none. */
    public void deleteTag(Transaction tx, Actor actor, String name, String key) {
        registry.model(tx, name);
        if (new TagDao(tx, workspace).delete(name, key)) {
            append(tx, actor, "model.untagged", subject(name), told("tag", key));
        }
    }

    /** Registers a version that a client keeps elsewhere, in {@code development}. */
    public ModelVersion register(Transaction tx, Actor actor, ClientVersion candidate) {
        RegistryLimits.description(candidate.description());
        candidate.tags().forEach(RegistryLimits::tag);
        String model = registry.model(tx, candidate.model()).name();
        Instant now = clock.instant();
        ModelVersion version =
                new ModelVersion(
                        model,
                        new ModelDao(tx, workspace).nextVersion(model, now),
                        Stage.DEVELOPMENT,
                        null,
                        candidate.recipe(),
                        null,
                        candidate.runId(),
                        candidate.source(),
                        candidate.description(),
                        new TreeMap<>(),
                        JsonNodeFactory.instance.objectNode(),
                        null,
                        now,
                        now);
        VersionDao versions = new VersionDao(tx, workspace);
        versions.insert(version);
        versions.elsewhere(version, candidate.runLink(), candidate.location());
        TagDao tags = new TagDao(tx, workspace);
        candidate.tags().forEach((k, v) -> tags.put(model, version.version(), k, v));
        ObjectNode payload = told("source", candidate.source());
        payload.put("run", candidate.runId());
        append(tx, actor, "version.registered", Moves.subject(version), payload);
        return registry.version(tx, version.ref());
    }

    /** Deletes a version, whatever its stage; the ledger keeps what happened to it. */
    public void delete(Transaction tx, Actor actor, VersionRef ref) {
        ModelVersion version = registry.version(tx, ref);
        ModelDao models = new ModelDao(tx, workspace);
        models.deleteAliases(version.model(), version.version());
        new PromotionDao(tx, workspace).delete(version.model(), version.version());
        new VersionDao(tx, workspace).delete(version);
        models.touch(version.model(), clock.instant());
        append(
                tx,
                actor,
                "version.deleted",
                Moves.subject(version),
                told("stage", version.stage().word()));
    }

    /** Sets a tag of a version. */
    public void setTag(Transaction tx, Actor actor, VersionRef ref, String key, String value) {
        RegistryLimits.tag(key, value);
        ModelVersion version = registry.version(tx, ref);
        new TagDao(tx, workspace).put(version.model(), version.version(), key, value);
        append(tx, actor, "version.tagged", Moves.subject(version), tag(key, value));
    }

    /** Takes a tag of a version away; nothing happens where there is none. */
    public void deleteTag(Transaction tx, Actor actor, VersionRef ref, String key) {
        ModelVersion version = registry.version(tx, ref);
        if (new TagDao(tx, workspace).delete(version.model(), version.version(), key)) {
            append(tx, actor, "version.untagged", Moves.subject(version), told("tag", key));
        }
    }

    /** A model with its tags, and the newest version of each stage. */
    public ModelDetails details(Transaction tx, String name) {
        RegisteredModel model = registry.model(tx, name);
        Map<Stage, VersionDetails> latest = new EnumMap<>(Stage.class);
        for (VersionDetails version : versions(tx, model)) {
            latest.putIfAbsent(version.version().stage(), version);
        }
        return new ModelDetails(
                model, new TagDao(tx, workspace).of(name), List.copyOf(latest.values()));
    }

    /** The versions of a model with their tags and aliases, the newest first. */
    public List<VersionDetails> versions(Transaction tx, RegisteredModel model) {
        return with(tx, model, registry.versions(tx, model.name()));
    }

    /** A version with its tags and aliases. */
    public VersionDetails details(Transaction tx, VersionRef ref) {
        ModelVersion version = registry.version(tx, ref);
        return with(tx, registry.model(tx, version.model()), List.of(version)).getFirst();
    }

    private List<VersionDetails> with(
            Transaction tx, RegisteredModel model, List<ModelVersion> versions) {
        TagDao dao = new TagDao(tx, workspace);
        Map<Long, SortedMap<String, String>> tags = dao.ofVersions(model.name());
        Map<Long, TagDao.Elsewhere> elsewhere = dao.elsewhere(model.name());
        return versions.stream()
                .map(
                        version -> {
                            TagDao.Elsewhere told =
                                    Optional.ofNullable(elsewhere.get(version.version()))
                                            .orElseThrow();
                            return new VersionDetails(
                                    version,
                                    tags.getOrDefault(version.version(), new TreeMap<>()),
                                    aliases(model, version),
                                    told.runLink(),
                                    told.location().isEmpty() ? version.source() : told.location());
                        })
                .toList();
    }

    private static List<String> aliases(RegisteredModel model, ModelVersion version) {
        return model.aliases().entrySet().stream()
                .filter(alias -> alias.getValue() == version.version())
                .map(Map.Entry::getKey)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private static String subject(String model) {
        return "model:" + model;
    }

    private static ObjectNode told(String key, String value) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put(key, value);
        return payload;
    }

    private static ObjectNode tag(String key, String value) {
        return told("tag", key).put("value", Digest.ofText(value).hex());
    }

    private void append(
            Transaction tx, Actor actor, String kind, String subject, ObjectNode payload) {
        ledger.append(tx, workspace, actor, kind, subject, payload);
    }
}
