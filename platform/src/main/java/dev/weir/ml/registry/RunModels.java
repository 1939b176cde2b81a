package dev.weir.ml.registry;

import dev.weir.base.digest.Digest;
import dev.weir.ml.tracking.ArtifactFile;
import dev.weir.ml.tracking.ArtifactPath;
import dev.weir.ml.tracking.RunInfo;
import dev.weir.store.blob.Trees;
import dev.weir.store.meta.Transaction;

import java.util.List;
import java.util.stream.Stream;

/**
 * The models that runs of pipelines made, as artifacts of these runs: {@code
 * 3/RUN/artifacts/model/model.onnx}. They are kept for the sake of their versions, and only shown
 * here.
 */
public final class RunModels {
    private final Registry registry;
    private final Trees trees;

    public RunModels(Registry registry, Trees trees) {
        this.registry = registry;
        this.trees = trees;
    }

    /** The files of the model that a run made first; none where it made none, or none here. */
    public List<ArtifactFile> files(Transaction tx, RunInfo run) {
        ArtifactPath model =
                new ArtifactPath(run.experimentId() + "/" + run.id() + "/artifacts/model");
        return registry.versionsOfRun(tx, run.id()).stream()
                .flatMap(version -> Stream.ofNullable(version.digest()))
                .distinct()
                .limit(1)
                .flatMap(folder -> files(model, folder).stream())
                .toList();
    }

    private List<ArtifactFile> files(ArtifactPath model, Digest folder) {
        try (Stream<Trees.TreeFile> files = trees.files(folder)) {
            return files.map(
                            file ->
                                    new ArtifactFile(
                                            model.child(file.path()),
                                            file.digest(),
                                            file.sizeBytes()))
                    .toList();
        }
    }
}
