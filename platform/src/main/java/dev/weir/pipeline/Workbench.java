package dev.weir.pipeline;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.store.blob.Artifact;
import dev.weir.store.blob.BlobStore;
import dev.weir.store.blob.Trees;
import dev.weir.store.blob.UnrelatedFolders;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Lays out the directory of an attempt, and takes its outputs into the store. */
final class Workbench {
    private static final Pattern ATTEMPT_ID = Pattern.compile("[0-9a-f]{32}");

    private final BlobStore blobs;
    private final Trees trees;
    private final Path work;
    private final Path logs;

    /** An input whose bytes are not those that its name says. */
    static final class CorruptInput extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final String input;
        final Problem problem;

        CorruptInput(String input, ProblemException cause) {
            super(cause.getMessage(), cause);
            this.input = input;
            this.problem = cause.problems().getFirst();
        }
    }

    Workbench(BlobStore blobs, Trees trees, Path work, Path logs) {
        this.blobs = blobs;
        this.trees = trees;
        this.work = work;
        this.logs = logs;
    }

    Path logs() {
        return logs;
    }

    /** An attempt with its paths; nothing is on disk yet. */
    Attempt attempt(String id, String runId, Step step, int number, Map<String, Artifact> inputs) {
        Path directory = work.resolve(id);
        Path log = logs.resolve(runId).resolve(step.name() + "." + number + ".log");
        Map<String, Path> paths = new HashMap<>();
        step.inputs()
                .forEach(
                        (name, input) ->
                                paths.put(
                                        name,
                                        input instanceof Input.InPlace there
                                                ? there.file()
                                                : inStore(step, inputs.get(name))
                                                        .orElse(directory.resolve(input.path()))));
        return new Attempt(id, step, directory, log, paths);
    }

    private Optional<Path> inStore(Step step, @Nullable Artifact artifact) {
        return step.kind().readsStore() && artifact != null && artifact.kind() == Artifact.Kind.FILE
                ? blobs.localPath(artifact.digest())
                : Optional.empty();
    }

    /**
     * Makes the directory: inputs, code and nothing else.
     *
     * @throws CorruptInput when an input in the store is not what its name says
     */
    void layOut(Attempt attempt, Step step, Map<String, Artifact> inputs) throws IOException {
        UnrelatedFolders.make(work);
        UnrelatedFolders.make(logs);
        makeFolder(attempt.log().getParent());
        Files.createDirectory(attempt.directory());
        if (step.code() != null) {
            trees.checkout(step.code(), attempt.directory());
        }
        for (Map.Entry<String, Input> entry : step.inputs().entrySet()) {
            if (entry.getValue() instanceof Input.InPlace there) {
                there.requireUnchanged();
                continue;
            }
            Artifact artifact = inputs.get(entry.getKey());
            if (artifact == null) {
                throw new IllegalStateException("no artifact for input " + entry.getKey());
            }
            try {
                place(artifact, attempt.directory(), attempt.input(entry.getKey()));
            } catch (ProblemException e) {
                String code = e.problems().getFirst().code();
                if (code.equals("store.corrupt") || code.equals("store.missing")) {
                    throw new CorruptInput(entry.getKey(), e);
                }
                throw e;
            }
        }
        for (String path : step.outputs().values()) {
            makeFolderOf(attempt.directory().resolve(path), attempt.directory());
        }
    }

    private static void makeFolderOf(Path file, Path directory) throws IOException {
        Path folder = file.getParent();
        if (!directory.equals(folder)) {
            makeFolder(folder);
        }
    }

    /** Asks before it makes: most are there, and to be refused costs more than to ask. */
    private static void makeFolder(@Nullable Path folder) throws IOException {
        if (folder != null && !folder.toFile().isDirectory()) {
            Files.createDirectories(folder);
        }
    }

    private void place(Artifact artifact, Path directory, Path target) throws IOException {
        if (!target.startsWith(directory)) {
            requireSound(artifact.digest());
            return;
        }
        makeFolderOf(target, directory);
        switch (artifact.kind()) {
            case FILE -> blobs.copyTo(artifact.digest(), target);
            case FOLDER -> trees.checkout(artifact.digest(), target);
        }
    }

    private void requireSound(Digest digest) {
        switch (blobs.verify(digest)) {
            case SOUND -> {}
            case CORRUPT ->
                    throw Problem.step("store.corrupt", "blob " + digest + " is corrupt")
                            .exception();
            case MISSING ->
                    throw Problem.step("store.missing", "blob " + digest + " is gone").exception();
        }
    }

    /** Deletes the blobs of an artifact that are not what their names say. */
    void discardCorrupt(@Nullable Artifact artifact) {
        if (artifact == null) {
            return;
        }
        Set<Digest> suspects = new LinkedHashSet<>(Set.of(artifact.digest()));
        if (artifact.kind() == Artifact.Kind.FOLDER
                && blobs.verify(artifact.digest()) == BlobStore.Condition.SOUND) {
            suspects.addAll(reachable(artifact.digest()));
        }
        for (Digest suspect : suspects) {
            if (blobs.verify(suspect) == BlobStore.Condition.CORRUPT) {
                blobs.delete(suspect);
            }
        }
    }

    private Set<Digest> reachable(Digest tree) {
        try {
            return trees.reachable(tree);
        } catch (ProblemException e) {
            return Set.of(tree); // a manifest below is broken; put again with the rest
        }
    }

    /** Takes every declared output into the store. */
    SortedMap<String, Artifact> collect(Attempt attempt, Step step) throws IOException {
        for (Input input : step.inputs().values()) {
            if (input instanceof Input.InPlace there) {
                there.requireUnchanged();
            }
        }
        SortedMap<String, Artifact> outputs = new TreeMap<>();
        for (Map.Entry<String, String> output : step.outputs().entrySet()) {
            Path path = attempt.directory().resolve(output.getValue());
            if (!Files.exists(path)) {
                throw Problem.step(
                                "step.output",
                                "%s: wrote no %s (declared as out.%s)"
                                        .formatted(step.name(), output.getValue(), output.getKey()))
                        .hint("Its log: " + attempt.log())
                        .exception();
            }
            outputs.put(output.getKey(), store(path));
        }
        return outputs;
    }

    private Artifact store(Path path) {
        return Files.isDirectory(path)
                ? Artifact.folder(trees.putFolder(path, file -> true))
                : Artifact.file(blobs.put(path));
    }

    /** Whether every output of a result is in the store. */
    boolean holds(StepResult result) {
        return result.outputs().values().stream().allMatch(trees::holds);
    }

    /** The attempts that have a directory. What others keep in the same place is left alone. */
    Set<String> directories() {
        String[] ids = work.toFile().list((folder, name) -> ATTEMPT_ID.matcher(name).matches());
        return ids == null ? Set.of() : Set.of(ids);
    }

    /** The folder that attempts of one key hand on to each other until one succeeds. */
    Path kept(String workspace, StepKey key) {
        return work.resolveSibling("checkpoints").resolve(workspace + "-" + key.hex());
    }

    /** Deletes what attempts have handed on. */
    void forget(Path kept) throws IOException {
        delete(kept.toFile());
    }

    /** Deletes an attempt's directory, if it has one. */
    void clear(String attemptId) throws IOException {
        delete(work.resolve(attemptId).toFile());
    }

    /**
     * Tries before it looks: a file or an empty folder goes at once, and a link is not followed.
     */
    private static void delete(File file) throws IOException {
        if (file.delete()) {
            return;
        }
        File[] inside = Files.isSymbolicLink(file.toPath()) ? null : file.listFiles();
        if (inside != null) {
            for (File each : inside) {
                delete(each);
            }
        }
        Files.deleteIfExists(file.toPath());
    }
}
