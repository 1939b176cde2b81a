package dev.weir.server.mlflow;

import dev.weir.ml.tracking.ArtifactEntry;
import dev.weir.ml.tracking.ArtifactFile;
import dev.weir.ml.tracking.ArtifactPath;
import dev.weir.ml.tracking.Artifacts;
import dev.weir.store.meta.Transaction;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What clients find at a path: what clients keep there, and the model that a pipeline's run made.
 */
final class Kept {
    private static final Pattern OF_A_RUN = Pattern.compile("[^/]+/([^/]+)/artifacts(?:/.*)?");

    private Kept() {}

    static Optional<ArtifactFile> find(Workspace in, Transaction tx, ArtifactPath path) {
        return in.artifacts()
                .find(tx, path)
                .or(
                        () ->
                                made(in, tx, path).stream()
                                        .filter(file -> file.path().equals(path))
                                        .findFirst());
    }

    static List<ArtifactEntry> list(Workspace in, Transaction tx, ArtifactPath folder) {
        TreeMap<String, ArtifactEntry> entries = new TreeMap<>();
        List<ArtifactFile> made =
                made(in, tx, folder).stream()
                        .filter(file -> file.path().text().startsWith(folder.text() + "/"))
                        .toList();
        Artifacts.entries(made, folder).forEach(entry -> entries.put(entry.name(), entry));
        in.artifacts().list(tx, folder).forEach(entry -> entries.put(entry.name(), entry));
        return List.copyOf(entries.values());
    }

    private static List<ArtifactFile> made(Workspace in, Transaction tx, ArtifactPath path) {
        Matcher ofARun = OF_A_RUN.matcher(path.text());
        return ofARun.matches()
                ? in.tracking()
                        .findRun(tx, ofARun.group(1))
                        .map(run -> in.runModels().files(tx, run))
                        .orElse(List.of())
                : List.of();
    }
}
