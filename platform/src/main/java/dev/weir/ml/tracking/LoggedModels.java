package dev.weir.ml.tracking;

import dev.weir.base.problem.Problem;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The models that runs of one workspace logged, and which runs used or gave them. Every method is
 * part of the transaction that it is given.
 */
public final class LoggedModels {
    private static final int TAG_VALUE = 100_000;

    private final String workspace;
    private final Clock clock;

    public LoggedModels(String workspace, Clock clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    /**
     * Makes a model, whose files are to come.
     *
     * @param id {@code m-} and 32 hexadecimal digits, not yet taken
     */
    public LoggedModel create(
            Transaction tx,
            String id,
            String experimentId,
            String name,
            String type,
            @Nullable String runId,
            Map<String, String> params,
            Map<String, String> tags) {
        checkName(name);
        checkParams(params);
        checkTags(tags);
        Instant now = clock.instant();
        LoggedModel model =
                new LoggedModel(
                        id,
                        experimentId,
                        name,
                        LoggedModel.Status.PENDING,
                        type,
                        runId,
                        now,
                        now,
                        new TreeMap<>(params),
                        new TreeMap<>(tags));
        LoggedModelDao dao = new LoggedModelDao(tx, workspace);
        dao.insert(model);
        dao.putParams(id, params);
        dao.putTags(id, tags);
        return model;
    }

    /**
     * The model of this id.
     *
     * @throws dev.weir.base.problem.ProblemException {@code logged-model.unknown}
     */
    public LoggedModel model(Transaction tx, String id) {
        return new LoggedModelDao(tx, workspace)
                .ofId(id)
                .orElseThrow(
                        () ->
                                Problem.input(
                                                "logged-model.unknown",
                                                "Logged model with ID '" + id + "' not found.")
                                        .exception());
    }

    /** Tells whether its files are there; returns it as it is now. */
    public LoggedModel finish(Transaction tx, String id, LoggedModel.Status status) {
        model(tx, id);
        new LoggedModelDao(tx, workspace).status(id, status, clock.instant());
        return model(tx, id);
    }

    /** Sets tags. */
    public void setTags(Transaction tx, String id, Map<String, String> tags) {
        checkTags(tags);
        model(tx, id);
        new LoggedModelDao(tx, workspace).putTags(id, tags);
    }

    /**
     * Takes a tag away.
     *
     * @throws dev.weir.base.problem.ProblemException where it has none of this key
     */
    public void deleteTag(Transaction tx, String id, String key) {
        model(tx, id);
        if (!new LoggedModelDao(tx, workspace).deleteTag(id, key)) {
            throw Problem.input(
                            "tag.unknown",
                            "No tag with key '" + key + "' found for model with ID '" + id + "'.")
                    .exception();
        }
    }

    /** Adds parameters; the same value again changes nothing, and another one gives way. */
    public void logParams(Transaction tx, String id, Map<String, String> params) {
        checkParams(params);
        model(tx, id);
        new LoggedModelDao(tx, workspace).putParams(id, params);
    }

    /** Deletes a model. */
    public void delete(Transaction tx, String id) {
        model(tx, id);
        new LoggedModelDao(tx, workspace).delete(id, clock.instant());
    }

    /** The models of some experiments, the newest first. */
    public List<LoggedModel> all(Transaction tx, Collection<String> experimentIds) {
        return new LoggedModelDao(tx, workspace).ofExperiments(List.copyOf(experimentIds));
    }

    /** Records which models a run used or gave; the same again changes nothing. */
    public void use(Transaction tx, String runId, List<ModelUse> uses) {
        new LoggedModelDao(tx, workspace).use(runId, uses);
    }

    /** The models that each of these runs used or gave. */
    public List<List<ModelUse>> uses(Transaction tx, List<String> runIds) {
        return new LoggedModelDao(tx, workspace).uses(runIds);
    }

    private static void checkName(String name) {
        if (name.isBlank() || name.matches(".*[/:.%\"'].*")) {
            throw Limits.invalid(
                    "logged-model.name",
                    "model name: '"
                            + name
                            + "' (expected: a name without / : . % and quotation marks)");
        }
        Limits.length("model name", name, Limits.KEY);
    }

    private static void checkParams(Map<String, String> params) {
        params.forEach(
                (key, value) -> {
                    Limits.key("param", key);
                    Limits.length("value of param " + key, value, Limits.PARAM_VALUE);
                });
    }

    private static void checkTags(Map<String, String> tags) {
        tags.forEach(
                (key, value) -> {
                    Limits.key("tag", key);
                    Limits.length("value of tag " + key, value, TAG_VALUE);
                });
    }
}
