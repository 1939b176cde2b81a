package dev.weir.stage.train;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.OnnxScorer;
import dev.weir.ml.model.ScoreCheck;
import dev.weir.ml.model.ScoreProgram;
import dev.weir.ml.model.Signature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a program of the team's own has made, turned into a model's folder, or refused.
 *
 * @param directory of the attempt
 * @param written where the program was to write, relative to it: a file or a folder
 * @param scorer how the model is asked, where it is a program
 * @param scorerFiles files of the project that it needs to answer, where there are any
 */
record OwnModel(
        Path directory, String written, Optional<ScoreProgram> scorer, Optional<Path> scorerFiles) {
    private static final int CHECKED_ROWS = 1_000;

    /**
     * Makes the folder.
     *
     * @param rows a Parquet file of rows that the model must be able to answer for
     * @throws ProblemException (STEP) where the program wrote nothing, or not what it said; (INPUT)
     *     where the file is no model that fits its signature, or the signature does not fit the
     *     table
     */
    Signature collect(Signature derived, Schema table, Path rows, DuckDb duckDb, Path to)
            throws IOException {
        Path made = directory.resolve(written).normalize();
        requireMade(made);
        requireInside(made);
        Path beside =
                Files.isDirectory(made)
                        ? made.resolve(ModelFolder.SIGNATURE)
                        : made.resolveSibling(ModelFolder.SIGNATURE);
        Optional<Signature> own =
                Files.isRegularFile(beside)
                        ? Optional.of(Signature.of(Files.readAllBytes(beside)))
                        : Optional.empty();
        own.ifPresent(signature -> requireFits(signature, derived, table));
        Files.createDirectories(to);
        Signature signature =
                scorer.isPresent()
                        ? program(made, own.orElse(derived), scorer.get(), to)
                        : graph(made, own, derived, to);
        if (scorer.isEmpty()) {
            try (OnnxScorer graph = OnnxScorer.open((ModelFolder.Onnx) ModelFolder.read(to))) {
                Columns columns = Columns.read(new ColumnFiles(duckDb), rows, signature);
                int[] some = new int[Math.min(columns.rows(), CHECKED_ROWS)];
                Arrays.setAll(some, i -> i);
                ScoreCheck.require(signature, graph.score(columns.pick(some)));
            }
        }
        return signature;
    }

    private void requireMade(Path made) throws IOException {
        if (!Files.exists(made) || Files.isDirectory(made) && isEmpty(made)) {
            throw Problem.step(
                            "train.no_model",
                            "the trainer ended well, but wrote no "
                                    + written
                                    + " (expected: as train.trainer.model says)")
                    .hint(
                            "Its path stands in WEIR_MODEL, relative to the directory that it runs"
                                    + " in.")
                    .exception();
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** A link that leads out of the directory would bring in what nobody declared. */
    private void requireInside(Path made) throws IOException {
        Path inside = directory.toRealPath();
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.filter(Files::isSymbolicLink).toList()) {
                if (!file.toRealPath().startsWith(inside)) {
                    throw Problem.step(
                                    "train.outside",
                                    "%s: a link to %s (expected: files inside the directory)"
                                            .formatted(
                                                    directory.relativize(file), file.toRealPath()))
                            .exception();
                }
            }
        }
    }

    private Signature program(Path made, Signature signature, ScoreProgram asked, Path to)
            throws IOException {
        if (scorerFiles.isPresent()) {
            copy(scorerFiles.get(), to);
        }
        copy(made, Files.isDirectory(made) ? to : to.resolve(made.getFileName()));
        Files.write(to.resolve(ModelFolder.SIGNATURE), signature.bytes());
        Files.write(to.resolve(ModelFolder.SCORER), asked.bytes());
        return signature;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static Signature graph(Path made, Optional<Signature> own, Signature derived, Path to)
            throws IOException {
        Path file = Files.isDirectory(made) ? made.resolve(ModelFolder.MODEL) : made;
        if (!Files.isRegularFile(file)) {
            throw Problem.step(
                            "train.no_model",
                            "the trainer wrote no " + ModelFolder.MODEL + " into its folder")
                    .hint("A model that is not ONNX needs train.score: a command that answers.")
                    .exception();
        }
        byte[] onnx = Files.readAllBytes(file);
        Signature signature = own.isPresent() ? own.get() : OnnxScorer.fitted(derived, onnx);
        new ModelFolder.Onnx(signature, onnx).write(to);
        return signature;
    }

    /** The program's own signature must be about this table and this target. */
    private static void requireFits(Signature own, Signature derived, Schema table) {
        List<Problem> problems = new ArrayList<>();
        if (!own.predictsTheSameAs(derived)) {
            problems.add(
                    misfit(
                            "it predicts %s, %s (expected: %s, %s, with the table's classes)"
                                    .formatted(
                                            own.target(),
                                            own.task().text(),
                                            derived.target(),
                                            derived.task().text())));
        }
        Set<String> names = new HashSet<>(table.names());
        for (Input input : own.inputs()) {
            Column column = table.column(input.name()).orElse(null);
            if (column == null) {
                problems.add(
                        misfit("input '" + input.name() + "': no column of the table is called so")
                                .hint(DidYouMean.hint(input.name(), names)));
            } else if (input.datatype().equals("FP64") == (column.type() == ColumnType.VARCHAR)) {
                problems.add(
                        misfit(
                                "input '%s': %s (expected: as the column is, %s)"
                                        .formatted(
                                                input.name(),
                                                input.datatype(),
                                                column.declared())));
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private static Problem misfit(String message) {
        return Problem.input("train.signature", "the trainer's signature.json: " + message);
    }
}
