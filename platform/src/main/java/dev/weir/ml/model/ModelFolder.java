package dev.weir.ml.model;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model on disk: a folder with {@code signature.json} (canonical JSON) and what computes. A graph
 * is {@code model.onnx} and nothing else, so that equal models are equal artifacts; a program is
 * {@code scorer.json}, which says how it is asked, and whatever files it needs.
 */
public sealed interface ModelFolder {
    /** The file that computes, of a graph. */
    String MODEL = "model.onnx";

    /** The file that says what it takes and gives. */
    String SIGNATURE = "signature.json";

    /** The file that says how a program is asked. */
    String SCORER = "scorer.json";

    /** What it takes and gives. */
    Signature signature();

    /**
     * A model that is a graph.
     *
     * @param onnx the bytes of model.onnx
     */
    record Onnx(Signature signature, byte[] onnx) implements ModelFolder {
        /** Writes both files into a folder, which is made where it is missing. */
        public void write(Path folder) throws IOException {
            Files.createDirectories(folder);
            Files.write(folder.resolve(MODEL), onnx);
            Files.write(folder.resolve(SIGNATURE), signature.bytes());
        }
    }

    /**
     * A model that is a program.
     *
     * @param scorer how it is asked
     * @param files what it consists of
     */
    record Program(Signature signature, ScoreProgram scorer, Source files) implements ModelFolder {}

    /** Where the files of a program are. */
    @FunctionalInterface
    interface Source {
        /** Copies all of them into a folder, which is not there yet. */
        void copyTo(Path folder) throws IOException;
    }

    /**
     * Reads a folder.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where a file is missing or malformed
     */
    static ModelFolder read(Path folder) throws IOException {
        Signature signature = signature(folder);
        return Files.isRegularFile(folder.resolve(SCORER))
                ? new Program(
                        signature,
                        ScoreProgram.of(Files.readAllBytes(folder.resolve(SCORER))),
                        to -> CopiedFolder.copy(folder, to))
                : new Onnx(signature, bytes(folder, MODEL));
    }

    /**
     * Reads the signature alone.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where it is missing or malformed
     */
    static Signature signature(Path folder) throws IOException {
        return Signature.of(bytes(folder, SIGNATURE));
    }

    private static byte[] bytes(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw Problem.input(
                            "model.incomplete",
                            "no "
                                    + name
                                    + " (expected: a folder with "
                                    + SIGNATURE
                                    + " and "
                                    + MODEL
                                    + " or "
                                    + SCORER
                                    + ")")
                    .at(Place.of(folder))
                    .exception();
        }
        return Files.readAllBytes(file);
    }
}
