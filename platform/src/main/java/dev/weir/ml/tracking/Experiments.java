package dev.weir.ml.tracking;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.store.meta.Transaction;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The life of the experiments of one workspace: made, renamed, tagged, deleted with their runs, and
 * restored with those that were deleted with them. Every method is part of the transaction that it
 * is given.
 */
public final class Experiments {
    private final String workspace;
    private final Clock clock;

    public Experiments(String workspace, Clock clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    /**
     * Makes an experiment.
     *
     * @param artifactLocation where its runs keep artifacts; empty for the store of this home
     * @throws dev.weir.base.problem.ProblemException where the name is empty, too long, or taken,
     *     be it by a deleted experiment ({@code experiment.exists})
     */
    public Experiment create(
            Transaction tx, String name, String artifactLocation, Map<String, String> tags) {
        checkName(name);
        tags.forEach(Experiments::checkTag);
        ExperimentDao dao = new ExperimentDao(tx, workspace);
        refuseTaken(dao, name);
        dao.insertIfMissing(Tracking.DEFAULT_EXPERIMENT, "Default", "", clock.instant());
        String id = dao.nextId();
        dao.insertIfMissing(id, name, artifactLocation, clock.instant());
        tags.forEach((key, value) -> dao.putTag(id, key, value));
        return dao.ofId(id).orElseThrow();
    }

    /** The experiment of this id, deleted ones included. */
    public Experiment experiment(Transaction tx, String id) {
        ExperimentDao dao = new ExperimentDao(tx, workspace);
        return dao.ofId(id)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "experiment.unknown",
                                                "No Experiment with id=" + id + " exists")
                                        .hint(
                                                DidYouMean.hint(
                                                        id,
                                                        dao.all().stream()
                                                                .map(Experiment::id)
                                                                .toList()))
                                        .exception());
    }

    /** Gives an active experiment another name. */
    public void rename(Transaction tx, String id, String name) {
        checkName(name);
        Experiment experiment = active(tx, id);
        ExperimentDao dao = new ExperimentDao(tx, workspace);
        if (!experiment.name().equals(name)) {
            refuseTaken(dao, name);
            dao.rename(id, name, clock.instant());
        }
    }

    /** Deletes an experiment, and its runs with it. */
    public void delete(Transaction tx, String id) {
        active(tx, id);
        Instant now = clock.instant();
        new ExperimentDao(tx, workspace).lifecycle(id, Lifecycle.DELETED, now);
        new RunDao(tx, workspace).deleteAll(id, now);
    }

    /** Takes back that an experiment was deleted, with the runs that were deleted with it. */
    public void restore(Transaction tx, String id) {
        Experiment experiment = experiment(tx, id);
        if (experiment.lifecycle() != Lifecycle.DELETED) {
            throw Problem.input(
                            "experiment.unknown",
                            "experiment: " + id + " is active (expected: a deleted experiment)")
                    .exception();
        }
        new ExperimentDao(tx, workspace).lifecycle(id, Lifecycle.ACTIVE, clock.instant());
        new RunDao(tx, workspace).restoreAll(id, experiment.updated());
    }

    /** Sets a tag of an active experiment. */
    public void setTag(Transaction tx, String id, String key, String value) {
        checkTag(key, value);
        active(tx, id);
        new ExperimentDao(tx, workspace).putTag(id, key, value);
    }

    /**
     * Takes a tag away.
     *
     * @throws dev.weir.base.problem.ProblemException where the experiment has none of this key
     */
    public void deleteTag(Transaction tx, String id, String key) {
        active(tx, id);
        if (!new ExperimentDao(tx, workspace).deleteTag(id, key)) {
            throw Problem.input(
                            "tag.unknown",
                            "No tag with name: " + key + " in experiment with id " + id)
                    .exception();
        }
    }

    /** Its tags by key. */
    public SortedMap<String, String> tags(Transaction tx, String id) {
        return new ExperimentDao(tx, workspace).tags(id);
    }

    /** All experiments, the newest first, deleted ones included. */
    public List<Experiment> all(Transaction tx) {
        return new ExperimentDao(tx, workspace).all();
    }

    private Experiment active(Transaction tx, String id) {
        Experiment experiment = experiment(tx, id);
        if (experiment.lifecycle() == Lifecycle.DELETED) {
            throw Problem.refused(
                            "experiment.deleted",
                            "experiment: "
                                    + experiment.name()
                                    + " is deleted (expected: an active experiment)")
                    .exception();
        }
        return experiment;
    }

    private static void refuseTaken(ExperimentDao dao, String name) {
        dao.named(name)
                .ifPresent(
                        known -> {
                            throw Problem.refused(
                                            "experiment.exists",
                                            "Experiment(name=%s) already exists.%s"
                                                    .formatted(
                                                            name,
                                                            known.lifecycle() == Lifecycle.DELETED
                                                                    ? " It is deleted: restore it,"
                                                                            + " or forget it (weir"
                                                                            + " purge) to use its"
                                                                            + " name again."
                                                                    : ""))
                                    .exception();
                        });
    }

    static void checkName(String name) {
        if (name.isBlank()) {
            throw Limits.invalid("experiment.name", "experiment name: '' (expected: a name)");
        }
        Limits.length("experiment name", name, Limits.EXPERIMENT_NAME);
    }

    private static void checkTag(String key, String value) {
        Limits.key("experiment tag", key);
        Limits.length("value of tag " + key, value, Limits.EXPERIMENT_TAG_VALUE);
    }
}
