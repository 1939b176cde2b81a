package dev.weir.ml.tracking;

import dev.weir.store.meta.Transaction;

import java.time.Instant;
import java.util.List;

/**
 * Forgets for good what was deleted: runs with all that they logged and kept, logged models, and
 * experiments, whose names can be used again then. Their ids are not.
 */
public final class Purge {
    private final String workspace;

    public Purge(String workspace) {
        this.workspace = workspace;
    }

    /** How much was forgotten. */
    public record Purged(int experiments, int runs, int artifacts) {}

    /**
     * Forgets what was deleted before a moment. The bytes of artifacts go with the next {@code weir
     * store gc}.
     */
    public Purged before(Transaction tx, Instant deleted) {
        PurgeDao dao = new PurgeDao(tx, workspace);
        ArtifactDao artifacts = new ArtifactDao(tx, workspace);
        int files = 0;
        List<PurgeDao.Owner> runs = dao.runs(deleted);
        for (PurgeDao.Owner run : runs) {
            files += artifacts.delete(new ArtifactPath(run.experimentId() + "/" + run.id()));
            dao.forgetRun(run.id());
        }
        for (PurgeDao.Owner model : dao.models(deleted)) {
            files +=
                    artifacts.delete(
                            new ArtifactPath(model.experimentId() + "/models/" + model.id()));
            dao.forgetModel(model.id());
        }
        List<String> experiments = dao.experiments(deleted);
        experiments.forEach(dao::forgetExperiment);
        return new Purged(experiments.size(), runs.size(), files);
    }
}
