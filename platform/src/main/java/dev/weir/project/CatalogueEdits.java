package dev.weir.project;

import dev.weir.base.problem.Problem;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.RegistryEdits;
import dev.weir.ml.registry.VersionDetails;
import dev.weir.ml.registry.VersionRef;
import dev.weir.pipeline.RunStatus;
import dev.weir.store.meta.Transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What people write about models and versions, and what they delete. A version itself never
 * changes: only its description, its tags and its stage do.
 */
public final class CatalogueEdits {
    private static final int LOOKED_AT = 50;

    private final Home home;
    private final RegistryEdits edits;

    public CatalogueEdits(Home home) {
        this.home = home;
        this.edits =
                new RegistryEdits(home.workspace(), home.registry(), home.ledger(), home.clock());
    }

    /** The tags of a version, by key. */
    public SortedMap<String, String> tags(VersionRef version) {
        return home.database().read(tx -> edits.details(tx, version).tags());
    }

    /** The tags of a model, by key. */
    public SortedMap<String, String> tags(String model) {
        return home.database().read(tx -> edits.details(tx, model).tags());
    }

    /**
     * Describes a model, or one version of it.
     *
     * @param ref a model's name alone means the model
     */
    public void describe(VersionRef ref, String text) {
        home.database()
                .writing(
                        tx -> {
                            if (ofModel(ref)) {
                                edits.describe(tx, home.actor(), ref.model(), text);
                            } else {
                                home.registry().describe(tx, home.actor(), ref, text);
                            }
                        });
    }

    /**
     * Sets tags, and takes others away.
     *
     * @param ref a model's name alone means the model
     */
    public void tag(VersionRef ref, Map<String, String> set, List<String> remove) {
        home.database()
                .writing(
                        tx -> {
                            set.forEach((key, value) -> setTag(tx, ref, key, value));
                            remove.forEach(key -> deleteTag(tx, ref, key));
                        });
    }

    private void setTag(Transaction tx, VersionRef ref, String key, String value) {
        if (ofModel(ref)) {
            edits.setTag(tx, home.actor(), ref.model(), key, value);
        } else {
            edits.setTag(tx, home.actor(), ref, key, value);
        }
    }

    private void deleteTag(Transaction tx, VersionRef ref, String key) {
        if (ofModel(ref)) {
            edits.deleteTag(tx, home.actor(), ref.model(), key);
        } else {
            edits.deleteTag(tx, home.actor(), ref, key);
        }
    }

    private static boolean ofModel(VersionRef ref) {
        return ref.pick() instanceof VersionRef.Newest;
    }

    /**
     * Deletes a version that nothing needs; the ledger keeps what happened to it, and its number is
     * not given again.
     *
     * @return what was deleted
     * @throws dev.weir.base.problem.ProblemException {@code version.needed}, where something needs
     *     it: each is named
     */
    public ModelVersion delete(VersionRef ref) {
        List<String> running = running(ref.model());
        return home.database()
                .write(
                        tx -> {
                            VersionDetails details = edits.details(tx, ref);
                            List<String> needs = needs(tx, details);
                            needs.addAll(running);
                            if (!needs.isEmpty()) {
                                throw needed(details.version(), needs);
                            }
                            edits.delete(tx, home.actor(), details.version().ref());
                            return details.version();
                        });
    }

    private List<String> needs(Transaction tx, VersionDetails details) {
        ModelVersion version = details.version();
        List<String> needs = new ArrayList<>();
        details.aliases().stream()
                .filter(alias -> !alias.equals(version.stage().word()))
                .forEach(alias -> needs.add("the alias " + alias + " points to it"));
        needs.addAll(home.promotions().neededBy(tx, version));
        return needs;
    }

    private List<String> running(String model) {
        return new RunHistory(home)
                .newest(model, LOOKED_AT).stream()
                        .filter(run -> run.status() == RunStatus.RUNNING)
                        .map(run -> "run " + run.runId() + " is under way and may need it")
                        .toList();
    }

    private static RuntimeException needed(ModelVersion version, List<String> needs) {
        return Problem.refused(
                        "version.needed",
                        "%s cannot be deleted: %s (expected: a version that nothing needs)"
                                .formatted(version.ref(), String.join("; ", needs)))
                .exception();
    }
}
