package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.ScoreProgram;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.model.Signature;
import dev.weir.store.blob.Trees;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models that are in the store. */
final class Models {
    private Models() {}

    /** The signature of a model's folder. */
    static Signature signature(Home home, Digest folder) throws IOException {
        return Signature.of(bytes(home, folder, ModelFolder.SIGNATURE));
    }

    /** A whole model. */
    static ModelFolder folder(Home home, Digest folder) throws IOException {
        Signature signature = signature(home, folder);
        return holds(home, folder, ModelFolder.SCORER)
                ? new ModelFolder.Program(
                        signature,
                        ScoreProgram.of(bytes(home, folder, ModelFolder.SCORER)),
                        to -> home.trees().checkout(folder, to))
                : new ModelFolder.Onnx(signature, bytes(home, folder, ModelFolder.MODEL));
    }

    private static boolean holds(Home home, Digest folder, String name) {
        try (var files = home.trees().files(folder)) {
            return files.anyMatch(f -> f.path().equals(name));
        }
    }

    /**
     * Opens a model; to be closed.
     *
     * @param scratch a folder for what it needs on disk while it is open
     * @throws dev.weir.base.problem.ProblemException where it is damaged, or cannot be opened
     */
    static Scorer open(Home home, Digest folder, Path scratch) {
        try {
            Files.createDirectories(scratch);
            return Scorer.open(folder(home, folder), scratch);
        } catch (IOException e) {
            throw Problem.step("model.open", "cannot be read: " + e.getMessage()).exception(e);
        }
    }

    private static byte[] bytes(Home home, Digest folder, String name) {
        try (var files = home.trees().files(folder)) {
            Trees.TreeFile file =
                    files.filter(f -> f.path().equals(name))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            Problem.step(
                                                            "model.folder",
                                                            "the model "
                                                                    + folder.brief()
                                                                    + " has no "
                                                                    + name)
                                                    .exception());
            return home.blobs().bytes(file.digest());
        }
    }
}
