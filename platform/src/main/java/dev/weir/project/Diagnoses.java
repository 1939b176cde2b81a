package dev.weir.project;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.base.digest.JsonTree;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.tracking.ArtifactPath;
import dev.weir.ml.tracking.Artifacts;
import dev.weir.stage.validate.Diagnosis;
import dev.weir.store.blob.Artifact;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was found about models that their gates turned down: an artifact {@code diagnosis.json} of
 * the run that judged them.
 */
final class Diagnoses {
    private static final String FILE = "diagnosis.json";

    private final Home home;
    private final Artifacts artifacts;

    Diagnoses(Home home) {
        this.home = home;
        this.artifacts = new Artifacts(home.workspace(), home.clock());
    }

    /**
     * Looks into a model and keeps what was found with the run.
     *
     * @param rows the held-out rows
     * @param predictions of the model on them
     * @param masked columns whose values are not shown
     */
    JsonNode make(
            String runId, Artifact model, Digest rows, Digest predictions, Set<String> masked) {
        Path scratch = null;
        try {
            scratch =
                    Files.createTempDirectory(
                            Files.createDirectories(home.root().resolve("work")), "diagnosis-");
            Path folder = scratch.resolve("model");
            home.trees().checkout(model.digest(), folder);
            JsonNode found =
                    Diagnosis.of(
                            ModelFolder.read(folder),
                            path(rows),
                            path(predictions),
                            masked,
                            new DuckDb(scratch, 1));
            byte[] bytes = CanonicalJson.bytes(found);
            Digest digest = home.blobs().put(bytes);
            home.database()
                    .writing(tx -> artifacts.put(tx, place(tx, runId), digest, bytes.length));
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(scratch);
        }
    }

    /** What was found in a run, if anything was looked for. */
    Optional<JsonNode> of(Transaction tx, String runId) {
        return artifacts
                .find(tx, place(tx, runId))
                .map(file -> JsonTree.read(home.blobs().bytes(file.digest())));
    }

    private ArtifactPath place(Transaction tx, String runId) {
        String experiment = home.tracking().run(tx, runId).info().experimentId();
        return new ArtifactPath(experiment + "/" + runId + "/artifacts/" + FILE);
    }

    private Path path(Digest blob) {
        return home.blobs()
                .localPath(blob)
                .orElseThrow(() -> new IllegalStateException(blob + " is not in this store"));
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
