package dev.weir.project;

import dev.weir.ml.data.Datasets;
import dev.weir.ml.gate.Verdicts;
import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.Registry;
import dev.weir.ml.tracking.Tracking;
import dev.weir.pipeline.Engine;
import dev.weir.pipeline.ProcessIdentity;
import dev.weir.pipeline.Resources;
import dev.weir.pipeline.RunListener;
import dev.weir.stage.deploy.rollout.Endpoints;
import dev.weir.stage.deploy.rollout.Rollouts;
import dev.weir.store.blob.BlobStore;
import dev.weir.store.blob.Trees;
import dev.weir.store.ledger.Actor;
import dev.weir.store.ledger.Ledger;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.FileDigests;
import dev.weir.store.meta.Ids;

import java.nio.file.Path;
import java.time.Clock;

/**
 * One store and one database, opened, and the services over them for one workspace. Made in one
 * place, the composition root.
 *
 * @param root the folder of the embedded home
 * @param actor who acts
 * @param machine what runs may use together
 */
public record Home(
        Path root,
        String workspace,
        Actor actor,
        Database database,
        BlobStore blobs,
        Trees trees,
        FileDigests fileDigests,
        Ledger ledger,
        Tracking tracking,
        Verdicts verdicts,
        Datasets datasets,
        Registry registry,
        Promotions promotions,
        Endpoints endpoints,
        Rollouts rollouts,
        Resources machine,
        ProcessIdentity process,
        Clock clock,
        Ids ids)
        implements AutoCloseable {

    /** The same home, where other names count: nothing that is known here is known there. */
    Home inWorkspace(String other) {
        return new Home(
                root,
                other,
                actor,
                database,
                blobs,
                trees,
                fileDigests,
                ledger,
                tracking,
                verdicts,
                datasets,
                registry,
                promotions,
                endpoints,
                rollouts,
                machine,
                process,
                clock,
                ids);
    }

    /** An engine in this home. */
    public Engine engine(RunListener listener) {
        return new Engine(
                database,
                blobs,
                trees,
                root.resolve("work"),
                root.resolve("logs"),
                machine,
                process,
                clock,
                ids,
                listener);
    }

    @Override
    public void close() {
        database.close();
    }
}
