package dev.weir.ml.model;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model on disk: a folder with {@code model.onnx} and {@code signature.json} (canonical JSON) and
 * nothing else, so that equal models are equal artifacts.
 *
 * @param signature what it takes and gives
 * @param onnx the bytes of model.onnx
 */
public record ModelFolder(Signature signature, byte[] onnx) {
    /** The file that computes. */
    public static final String MODEL = "model.onnx";

    /** The file that says what it takes and gives. */
    public static final String SIGNATURE = "signature.json";

    /**
     * Reads a folder.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where a file is missing or the
     *     signature is malformed
     */
    public static ModelFolder read(Path folder) throws IOException {
        return new ModelFolder(signature(folder), bytes(folder, MODEL));
    }

    /**
     * Reads the signature alone.
     *
     * @throws dev.weir.base.problem.ProblemException (INPUT) where it is missing or malformed
     */
    public static Signature signature(Path folder) throws IOException {
        return Signature.of(bytes(folder, SIGNATURE));
    }

    /** Writes both files into a folder, which is made where it is missing. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(MODEL), onnx);
        Files.write(folder.resolve(SIGNATURE), signature.bytes());
    }

    private static byte[] bytes(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw Problem.input(
                            "model.incomplete",
                            "no "
                                    + name
                                    + " (expected: a folder with "
                                    + MODEL
                                    + " and "
                                    + SIGNATURE
                                    + ")")
                    .at(Place.of(folder))
                    .exception();
        }
        return Files.readAllBytes(file);
    }
}
