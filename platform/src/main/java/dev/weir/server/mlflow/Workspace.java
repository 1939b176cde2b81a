package dev.weir.server.mlflow;

import dev.weir.ml.registry.Promotions;
import dev.weir.ml.registry.Registry;
import dev.weir.ml.registry.RegistryEdits;
import dev.weir.ml.registry.RunModels;
import dev.weir.ml.tracking.Artifacts;
import dev.weir.ml.tracking.Experiments;
import dev.weir.ml.tracking.LoggedModels;
import dev.weir.ml.tracking.MetricIntake;
import dev.weir.ml.tracking.Tracking;
import dev.weir.store.blob.BlobStore;
import dev.weir.store.ledger.Actor;
import dev.weir.store.meta.Database;
import dev.weir.store.meta.GroupCommit;
import dev.weir.store.meta.Ids;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The services that answer for one workspace.
 *
 * @param writers through which all that clients log is written
 * @param metrics through which metrics are logged, where the database has such a way
 * @param actor for whom clients act
 */
public record Workspace(
        String name,
        Database database,
        GroupCommit writers,
        Tracking tracking,
        Optional<MetricIntake> metrics,
        Experiments experiments,
        Artifacts artifacts,
        LoggedModels loggedModels,
        Registry registry,
        RegistryEdits edits,
        RunModels runModels,
        Promotions promotions,
        BlobStore blobs,
        Actor actor,
        Clock clock,
        Ids ids) {
    <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return database.read(work);
    }

    /** Carries out a change that has nothing to tell. */
    Answer change(Consumer<Transaction> work) {
        writers.<Boolean>write(
                tx -> {
                    work.accept(tx);
                    return true;
                });
        return Answer.EMPTY;
    }

    <T extends @Nullable Object> T write(Function<Transaction, T> work) {
        return writers.write(work);
    }
}
