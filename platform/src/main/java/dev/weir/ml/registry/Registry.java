package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.gate.GateReport;
import dev.weir.ml.gate.Judgement;
import dev.weir.ml.gate.Verdicts;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The registered models of one workspace. Cheap to make; keeps no state of its own. Every method is
 * part of the transaction that it is given.
 */
public final class Registry {
    /** The aliases that only a promotion moves. */
    public static final Set<String> RESERVED =
            Set.of(Stage.STAGING.word(), Stage.PRODUCTION.word());

    private static final Pattern ALIAS = Pattern.compile("(?!v\\d+$)(?!(?i)latest$)[\\w-]{1,255}");

    private final String workspace;
    private final Ledger ledger;
    private final Verdicts verdicts;
    private final Policies policies;
    private final Clock clock;
    private final Moves moves;

    /** A registry where gates that pass are all that staging asks for. */
    public Registry(String workspace, Ledger ledger, Verdicts verdicts, Clock clock, Ids ids) {
        this(workspace, ledger, verdicts, Policies.NOTHING_MORE, clock, ids);
    }

    /**
     * @param policies what is asked of each model's versions
     */
    public Registry(
            String workspace,
            Ledger ledger,
            Verdicts verdicts,
            Policies policies,
            Clock clock,
            Ids ids) {
        this.workspace = workspace;
        this.policies = policies;
        this.ledger = ledger;
        this.verdicts = verdicts;
        this.clock = clock;
        this.moves = new Moves(workspace, ledger, verdicts, clock, ids);
    }

    /**
     * Registers a version, in {@code development}; the model is made where there is none. Where the
     * model has a version of the same definition already ({@link Recipe#definition}), that one is
     * given back and nothing is registered.
     *
     * @throws dev.weir.base.problem.ProblemException where the model's name is not possible
     */
    public Registration register(Transaction tx, Actor actor, NewVersion candidate) {
        RegistryLimits.modelName(candidate.model());
        Digest definition = candidate.recipe().definition(candidate.digest());
        VersionDao versions = new VersionDao(tx, workspace);
        Optional<ModelVersion> known = versions.ofRecipe(candidate.model(), definition);
        if (known.isPresent()) {
            return new Registration(known.get(), false);
        }
        Instant now = clock.instant();
        ModelDao models = new ModelDao(tx, workspace);
        if (models.insertIfMissing(candidate.model(), "", now)) {
            ObjectNode payload = JsonNodeFactory.instance.objectNode();
            payload.put("model", candidate.model());
            append(tx, actor, "model.created", "model:" + candidate.model(), payload);
        }
        long number = models.nextVersion(candidate.model(), now);
        ModelVersion version =
                new ModelVersion(
                        candidate.model(),
                        number,
                        Stage.DEVELOPMENT,
                        candidate.digest(),
                        candidate.recipe(),
                        definition,
                        candidate.runId(),
                        candidate.source(),
                        candidate.description(),
                        new TreeMap<>(candidate.metrics()),
                        candidate.signature(),
                        null,
                        now,
                        now);
        versions.insert(version);
        append(tx, actor, "version.registered", Moves.subject(version), registered(version));
        return new Registration(version(tx, version.ref()), true);
    }

    private static ObjectNode registered(ModelVersion version) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("model", version.model());
        payload.put("version", version.version());
        payload.put("digest", version.digest() == null ? null : version.digest().hex());
        payload.put("recipe", version.recipeDigest() == null ? null : version.recipeDigest().hex());
        payload.put("complete", version.recipe().complete());
        payload.put("run", version.runId());
        return payload;
    }

    /**
     * Keeps the verdicts on a version and moves it: to {@code staging}, with the alias, where all
     * gates let it pass and the policy asks for no more; back to {@code development} where one did
     * not and it was in staging. A version in production stays there.
     *
     * @param actor for whom the gates were judged
     * @param runId the run that asked for it, if one did
     * @param evidence the digest of what was judged on
     * @return the version as it is now
     */
    public ModelVersion judged(
            Transaction tx,
            Actor actor,
            VersionRef ref,
            @Nullable String runId,
            GateReport report,
            Digest evidence) {
        ModelVersion before = version(tx, ref);
        Judgement judgement =
                verdicts.record(tx, actor, runId, Moves.subject(before), report, evidence);
        new VersionDao(tx, workspace).judged(before, judgement.id(), clock.instant());
        ModelVersion version = version(tx, before.ref());
        if (!report.passed()) {
            moves.happened(tx, actor, version, StageEvent.REJECTED);
        } else if (goesToStaging(tx, version)) {
            moves.validated(tx, actor, version);
        }
        moves.refresh(tx, actor, version.model());
        return version(tx, before.ref());
    }

    /**
     * What a version is compared with, to see whether its gates ask for less: its own first
     * judgement, where it was judged before, and then the last one of the newest version before it.
     */
    public List<Judgement> judgedBefore(Transaction tx, ModelVersion version) {
        List<Judgement> before = new ArrayList<>();
        verdicts.first(tx, Moves.subject(version)).ifPresent(before::add);
        new VersionDao(tx, workspace)
                .judgementBefore(version)
                .flatMap(id -> verdicts.judgement(tx, id))
                .ifPresent(before::add);
        return before;
    }

    private boolean goesToStaging(Transaction tx, ModelVersion version) {
        boolean points =
                new ModelDao(tx, workspace)
                        .alias(version.model(), Stage.STAGING.word())
                        .filter(row -> row.version() == version.version())
                        .isPresent();
        return !points
                && policies.of(version.model(), Stage.STAGING).gatesAlone()
                && StageTable.next(version.ref(), version.stage(), StageEvent.VALIDATED)
                        == Stage.STAGING;
    }

    /**
     * Points an alias to a version; only a promotion moves the reserved ones.
     *
     * @throws dev.weir.base.problem.ProblemException where the alias is reserved or not possible
     */
    public void setAlias(Transaction tx, Actor actor, String alias, VersionRef ref) {
        checkAlias(alias);
        ModelVersion version = version(tx, ref);
        new ModelDao(tx, workspace)
                .putAlias(version.model(), alias, version.version(), null, clock.instant());
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("alias", alias);
        payload.put("version", version.version());
        append(tx, actor, "alias.set", "model:" + version.model(), payload);
    }

    /** Takes an alias away; nothing happens where there is none. */
    public void deleteAlias(Transaction tx, Actor actor, String model, String alias) {
        checkAlias(alias);
        model(tx, model);
        if (new ModelDao(tx, workspace).deleteAlias(model, alias)) {
            ObjectNode payload = JsonNodeFactory.instance.objectNode();
            payload.put("alias", alias);
            append(tx, actor, "alias.deleted", "model:" + model, payload);
        }
    }

    private static void checkAlias(String alias) {
        if (RESERVED.contains(alias)) {
            throw Problem.refused(
                            "alias.reserved",
                            "alias: " + alias + " is reserved (expected: another name)")
                    .hint("Only a promotion moves it: weir promote MODEL:VERSION " + alias)
                    .exception();
        }
        if (!ALIAS.matcher(alias).matches()) {
            throw Problem.input(
                            "alias.name",
                            "alias: '"
                                    + alias
                                    + "' (expected: at most 255 letters, digits, _ or -; not"
                                    + " latest, and not v with a number)")
                    .exception();
        }
    }

    /** Changes the description of a version. */
    public void describe(Transaction tx, Actor actor, VersionRef ref, String description) {
        ModelVersion version = version(tx, ref);
        new VersionDao(tx, workspace).describe(version, description, clock.instant());
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("description", Digest.ofText(description).hex());
        append(tx, actor, "version.described", Moves.subject(version), payload);
    }

    /** All models, by name. */
    public List<RegisteredModel> models(Transaction tx) {
        return new ModelDao(tx, workspace).all();
    }

    /** The model of this name, if there is one. */
    public Optional<RegisteredModel> findModel(Transaction tx, String name) {
        return new ModelDao(tx, workspace).named(name);
    }

    /**
     * The model of this name.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none; its hint names the
     *     nearest
     */
    public RegisteredModel model(Transaction tx, String name) {
        return findModel(tx, name).orElseThrow(() -> unknownModel(tx, name));
    }

    /** The versions of a model, the newest first. */
    public List<ModelVersion> versions(Transaction tx, String model) {
        return new VersionDao(tx, workspace).ofModel(model(tx, model).name());
    }

    /** The version of this number, if there is one. */
    public Optional<ModelVersion> findVersion(Transaction tx, String model, long number) {
        return new VersionDao(tx, workspace).ofNumber(model, number);
    }

    /** The versions that a run made first. */
    public List<ModelVersion> versionsOfRun(Transaction tx, String runId) {
        return new VersionDao(tx, workspace).ofRun(runId);
    }

    /** The versions of all workspaces of this home: what its one store must keep. */
    public List<ModelVersion> versionsEverywhere(Transaction tx) {
        return new VersionDao(tx, workspace).everywhere();
    }

    /** The version in production, if there is one. */
    public Optional<ModelVersion> production(Transaction tx, String model) {
        return new ModelDao(tx, workspace)
                .alias(model, Stage.PRODUCTION.word())
                .flatMap(row -> new VersionDao(tx, workspace).ofNumber(model, row.version()));
    }

    /**
     * The version that a reference means.
     *
     * @throws dev.weir.base.problem.ProblemException where there is no such model, number or alias;
     *     its hint names the nearest
     */
    public ModelVersion version(Transaction tx, VersionRef ref) {
        VersionDao versions = new VersionDao(tx, workspace);
        Optional<ModelVersion> found =
                switch (ref.pick()) {
                    case VersionRef.Number(long number) -> versions.ofNumber(ref.model(), number);
                    case VersionRef.Alias(String alias) ->
                            new ModelDao(tx, workspace)
                                    .alias(ref.model(), alias)
                                    .flatMap(row -> versions.ofNumber(ref.model(), row.version()));
                    case VersionRef.Newest ignored -> versions.newest(ref.model());
                };
        return found.orElseThrow(() -> unknownVersion(tx, ref));
    }

    private RuntimeException unknownVersion(Transaction tx, VersionRef ref) {
        RegisteredModel model = model(tx, ref.model());
        return switch (ref.pick()) {
            case VersionRef.Number ignored ->
                    unknown(
                            "version.unknown",
                            "model version: " + ref + " (expected: " + numbers(tx, model) + ")",
                            null);
            case VersionRef.Alias(String alias) when RESERVED.contains(alias) ->
                    unknown(
                            "alias.unknown",
                            "model version: no version of %s is in %s"
                                    .formatted(model.name(), alias),
                            alias.equals(Stage.PRODUCTION.word())
                                    ? "weir promote %s:NUMBER production".formatted(model.name())
                                    : "A version goes there when its gates pass: weir run");
            case VersionRef.Alias(String alias) ->
                    unknown(
                            "alias.unknown",
                            "model version: %s (expected: an alias of %s)"
                                    .formatted(ref, model.name()),
                            model.aliases().isEmpty()
                                    ? model.name() + " has no alias yet."
                                    : DidYouMean.hint(alias, model.aliases().keySet()));
            case VersionRef.Newest ignored ->
                    unknown(
                            "version.unknown",
                            "model version: " + model.name() + " has no version yet",
                            null);
        };
    }

    private String numbers(Transaction tx, RegisteredModel model) {
        List<ModelVersion> versions = new VersionDao(tx, workspace).ofModel(model.name());
        return versions.isEmpty()
                ? "none; it has no version yet"
                : versions.getLast().version() + " to " + versions.getFirst().version();
    }

    private RuntimeException unknownModel(Transaction tx, String name) {
        List<String> known = models(tx).stream().map(RegisteredModel::name).toList();
        return unknown(
                "model.unknown",
                "model: " + name + " (expected: a registered model)",
                known.isEmpty()
                        ? "No model is registered yet: weir run"
                        : DidYouMean.hint(name, known));
    }

    private static RuntimeException unknown(String code, String message, @Nullable String hint) {
        return Problem.input(code, message).hint(hint).exception();
    }

    private void append(
            Transaction tx, Actor actor, String kind, String subject, ObjectNode payload) {
        ledger.append(tx, workspace, actor, kind, subject, payload);
    }
}
