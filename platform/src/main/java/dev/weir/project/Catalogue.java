package dev.weir.project;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.gate.Judgement;
import dev.weir.ml.gate.Verdicts;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.Move;
import dev.weir.ml.registry.Promotion;
import dev.weir.ml.registry.PromotionRequest;
import dev.weir.ml.registry.RegisteredModel;
import dev.weir.ml.registry.RequestedPromotion;
import dev.weir.ml.registry.RollbackRequest;
import dev.weir.ml.registry.Stage;
import dev.weir.ml.registry.Tenure;
import dev.weir.ml.registry.VersionRef;
import dev.weir.store.meta.Transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The registered models of a workspace, as a person looks at them and moves them. */
public final class Catalogue {
    private final Home home;

    public Catalogue(Home home) {
        this.home = home;
    }

    /**
     * A model with its versions.
     *
     * @param versions the newest first
     */
    public record Entry(RegisteredModel model, List<ModelVersion> versions) {
        public Entry {
            versions = List.copyOf(versions);
        }

        /** The aliases that point to a version, sorted. */
        public List<String> aliases(ModelVersion version) {
            return model.aliases().entrySet().stream()
                    .filter(alias -> alias.getValue() == version.version())
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    /**
     * A version with what was decided about it.
     *
     * @param aliases that point to it, sorted
     * @param judgement the last of its gates, if they were judged
     * @param promotions of this version, the newest first
     * @param moves every change of its stage, the newest first
     */
    public record Page(
            ModelVersion version,
            List<String> aliases,
            Optional<Judgement> judgement,
            List<Promotion> promotions,
            List<Move> moves) {
        public Page {
            aliases = List.copyOf(aliases);
            moves = List.copyOf(moves);
            promotions = List.copyOf(promotions);
        }
    }

    /** All models, by name. */
    public List<Entry> models() {
        return home.database()
                .read(
                        tx ->
                                home.registry().models(tx).stream()
                                        .map(model -> entry(tx, model))
                                        .toList());
    }

    /**
     * One model.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none of this name
     */
    public Entry model(String name) {
        return home.database().read(tx -> entry(tx, home.registry().model(tx, name)));
    }

    private Entry entry(Transaction tx, RegisteredModel model) {
        return new Entry(model, home.registry().versions(tx, model.name()));
    }

    /**
     * One version.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none
     */
    public Page page(VersionRef ref) {
        return home.database()
                .read(
                        tx -> {
                            ModelVersion version = home.registry().version(tx, ref);
                            return new Page(
                                    version,
                                    entry(tx, home.registry().model(tx, version.model()))
                                            .aliases(version),
                                    Optional.ofNullable(version.judgementId())
                                            .flatMap(id -> home.verdicts().judgement(tx, id)),
                                    home.promotions().history(tx, version.model()).stream()
                                            .filter(p -> p.version() == version.version())
                                            .toList(),
                                    home.promotions().moves(tx, version));
                        });
    }

    /**
     * How a model's versions stood before their gates, in the order of time.
     *
     * @param about a metric or a part of a gate's name: {@code roc_auc}
     * @throws dev.weir.base.problem.ProblemException where there is no such model, or no gate ever
     *     looked at this
     */
    public List<Verdicts.Past> gates(String model, String about) {
        List<Verdicts.Past> all =
                home.database()
                        .read(
                                tx ->
                                        home.verdicts()
                                                .history(
                                                        tx,
                                                        "version:"
                                                                + home.registry()
                                                                        .model(tx, model)
                                                                        .name()
                                                                + ":"));
        List<Verdicts.Past> told =
                all.stream().filter(past -> concerns(past.ruling().gate(), about)).toList();
        if (told.isEmpty()) {
            List<String> gates =
                    all.stream().map(past -> past.ruling().gate()).distinct().sorted().toList();
            throw Problem.input("gates.unknown", "no gate of " + model + " looked at " + about)
                    .hint(
                            gates.isEmpty()
                                    ? "No version of it was judged yet: weir run"
                                    : DidYouMean.hint("validate." + about, gates))
                    .exception();
        }
        return told;
    }

    /** Whether a gate's name has these as whole parts. */
    private static boolean concerns(String gate, String about) {
        return ("." + gate + ".").contains("." + about + ".");
    }

    /**
     * When which version of a model was in production, the newest first.
     *
     * @throws dev.weir.base.problem.ProblemException where there is no such model
     */
    public List<Tenure> tenures(String model) {
        return home.database().read(tx -> home.promotions().tenures(tx, model));
    }

    /** From where a version came. */
    public Lineage lineage(VersionRef ref) {
        return home.database()
                .read(
                        tx -> {
                            ModelVersion version = home.registry().version(tx, ref);
                            List<DatasetVersion> tables =
                                    Lineage.tables(version).stream()
                                            .flatMap(
                                                    digest ->
                                                            Lineage.named(
                                                                    version,
                                                                    home.datasets()
                                                                            .ofDigest(tx, digest))
                                                                    .stream())
                                            .toList();
                            return new Lineage(tables, List.of(made(tx, version)));
                        });
    }

    /**
     * Where a dataset version went: every model version that was made of it or judged on it.
     *
     * @throws dev.weir.base.problem.ProblemException where there is no such dataset or version
     */
    public Lineage lineage(String dataset, long number) {
        return home.database()
                .read(
                        tx -> {
                            DatasetVersion table = home.datasets().version(tx, dataset, number);
                            List<Lineage.Made> versions =
                                    home.registry().models(tx).stream()
                                            .flatMap(
                                                    model ->
                                                            home
                                                                    .registry()
                                                                    .versions(tx, model.name())
                                                                    .stream())
                                            .filter(
                                                    version ->
                                                            Lineage.tables(version)
                                                                    .contains(table.digest()))
                                            .map(version -> made(tx, version))
                                            .toList();
                            return new Lineage(List.of(table), versions);
                        });
    }

    private Lineage.Made made(Transaction tx, ModelVersion version) {
        return new Lineage.Made(
                version, entry(tx, home.registry().model(tx, version.model())).aliases(version));
    }

    /** What is another between two versions. */
    public Differences differences(VersionRef from, VersionRef to) {
        return home.database()
                .read(
                        tx ->
                                Differences.between(
                                        home.registry().version(tx, from),
                                        home.registry().version(tx, to),
                                        home.trees()));
    }

    /**
     * What each version that was registered in a span of time changed, the first first. The oldest
     * version of all changed nothing, and is left out.
     *
     * @param since inclusive
     * @param until exclusive
     */
    public List<Differences> differences(String model, Instant since, Instant until) {
        List<ModelVersion> versions = model(model).versions().reversed();
        List<Differences> changes = new ArrayList<>();
        for (int i = 1; i < versions.size(); i++) {
            Instant registered = versions.get(i).created();
            if (!registered.isBefore(since) && registered.isBefore(until)) {
                changes.add(
                        Differences.between(versions.get(i - 1), versions.get(i), home.trees()));
            }
        }
        return changes;
    }

    /**
     * Asks for a version to be moved to a stage: it is, or waits for an approval, or its rollout
     * begins.
     *
     * @param stage its word, as a person wrote it
     * @throws dev.weir.base.problem.ProblemException of kind {@code INPUT} where there is no such
     *     stage or version, of kind {@code REFUSED} where it may not go there
     */
    public RequestedPromotion promote(VersionRef ref, String stage, String reason) {
        PromotionRequest request = PromotionRequest.to(ref, stage(stage)).because(reason);
        return home.database().write(tx -> home.promotions().promote(tx, home.actor(), request));
    }

    /** The promotions that wait or are under way, or all, the newest first. */
    public List<RequestedPromotion> promotions(boolean all) {
        return home.database()
                .read(tx -> all ? home.promotions().all(tx) : home.promotions().open(tx));
    }

    /**
     * One promotion.
     *
     * @param idOrVersion its id, the beginning of it, or a version of which one is open
     * @throws dev.weir.base.problem.ProblemException where there is none
     */
    public RequestedPromotion promotion(String idOrVersion) {
        return home.database().read(tx -> home.promotions().find(tx, idOrVersion));
    }

    /**
     * Says yes to a promotion; see {@link dev.weir.ml.registry.Promotions#approve}.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none, or it is refused
     */
    public RequestedPromotion approve(String idOrVersion, String note) {
        return home.database()
                .write(tx -> home.promotions().approve(tx, home.actor(), idOrVersion, note));
    }

    /**
     * Says no to a promotion.
     *
     * @throws dev.weir.base.problem.ProblemException where there is none, or it is refused
     */
    public RequestedPromotion reject(String idOrVersion, String reason) {
        return home.database()
                .write(tx -> home.promotions().reject(tx, home.actor(), idOrVersion, reason));
    }

    /**
     * Returns a model to the version that was in production before.
     *
     * @throws dev.weir.base.problem.ProblemException where there is no such model, or nothing to go
     *     back to
     */
    public Promotion rollback(String model, String reason) {
        RollbackRequest any = RollbackRequest.of(model);
        RollbackRequest request = new RollbackRequest(any.model(), any.expected(), reason);
        return home.database().write(tx -> home.promotions().rollback(tx, home.actor(), request));
    }

    private static Stage stage(String word) {
        List<String> words = Arrays.stream(Stage.values()).map(Stage::word).toList();
        if (!words.contains(word.toLowerCase(Locale.ROOT))) {
            throw Problem.input(
                            "stage.unknown",
                            "stage: " + word + " (expected: staging, production or archived)")
                    .hint(
                            DidYouMean.closest(word, words)
                                    .map(w -> "Did you mean " + w + "?")
                                    .orElse(null))
                    .exception();
        }
        return Stage.of(word);
    }
}
