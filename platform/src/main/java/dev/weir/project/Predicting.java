package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.source.SourceFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.ModelTable;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.registry.ModelVersion;
import dev.weir.ml.registry.VersionRef;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a person does with a version that is registered: score a table with it, take it elsewhere.
 */
public final class Predicting {
    private final Home home;

    public Predicting(Home home) {
        this.home = home;
    }

    /**
     * What was scored.
     *
     * @param version that scored
     * @param rows that it scored
     * @param guesses one sentence for each thing about the file that was guessed
     */
    public record Scored(ModelVersion version, long rows, List<String> guesses) {
        public Scored {
            guesses = List.copyOf(guesses);
        }
    }

    /**
     * Scores a table.
     *
     * @param here the folder that names of files start from
     * @param file or a glob of them
     * @param source keys of a {@code source} mapping that a person gave; the others are guessed
     * @param scratch where temporary files go
     * @param to CSV where its name ends so, else Parquet; it is replaced when all is done
     * @throws dev.weir.base.problem.ProblemException where the version, the file or a column that
     *     the model takes is not there
     */
    public Scored score(
            VersionRef ref, Path here, String file, ObjectNode source, DuckDb scratch, Path to)
            throws IOException {
        ModelVersion version = home.database().read(tx -> home.registry().version(tx, ref));
        List<Path> files = SourceFiles.of(here, file);
        ObjectNode written = source.deepCopy().put("file", files.getFirst().toString());
        try (Scorer scorer =
                Scorer.open(Models.folder(home, version.content()), scratch.scratch())) {
            ModelTable table =
                    ModelTable.read(
                            scratch,
                            files,
                            written,
                            scorer.signature(),
                            Set.of(),
                            scratch.scratch().resolve("rows.parquet"));
            Path beside = to.resolveSibling("." + to.getFileName() + ".part" + ending(to));
            try {
                table.predict(scorer, scratch, beside);
                Files.move(beside, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
            return new Scored(version, table.rows(), table.guesses());
        }
    }

    private static String ending(Path file) {
        return file.toString().endsWith(".csv") ? ".csv" : ".parquet";
    }

    /**
     * Writes the folder of a version: the model, its signature, what a server must know of it, and
     * a card for people.
     *
     * @param to not there, or empty
     * @return the files, by their names
     */
    public List<String> export(VersionRef ref, Path to) throws IOException {
        ModelVersion version = home.database().read(tx -> home.registry().version(tx, ref));
        Digest content = version.content();
        if (Files.exists(to) && !isEmpty(to)) {
            throw Problem.refused(
                            "export.folder", to + ": not empty (expected: no such folder yet)")
                    .hint("Name another folder with --out.")
                    .exception();
        }
        Files.createDirectories(to);
        home.trees().checkout(content, to);
        Files.writeString(
                to.resolve("README.md"),
                ModelCard.text(version, Files.exists(to.resolve(ModelFolder.SCORER))));
        Files.writeString(to.resolve("serving.json"), served(version));
        try (var files = Files.list(to)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String served(ModelVersion version) {
        return ServingSheet.of(version, new Catalogue(home).page(version.ref()).judgement())
                        .toPrettyString()
                + "\n";
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
