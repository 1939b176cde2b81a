package dev.weir.ml.tracking;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.store.meta.Transaction;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that clients keep in one workspace, by their paths; their bytes are in the store. Every
 * method is part of the transaction that it is given.
 */
public final class Artifacts {
    private final String workspace;
    private final Clock clock;

    public Artifacts(String workspace, Clock clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    /**
     * Keeps a file at a path; one that is there gives way.
     *
     * @throws dev.weir.base.problem.ProblemException where the path is a folder's, or a part of it
     *     a file's
     */
    public void put(Transaction tx, ArtifactPath path, Digest digest, long sizeBytes) {
        ArtifactDao dao = new ArtifactDao(tx, workspace);
        if (path.text().isEmpty() || dao.hasBelow(path)) {
            throw Problem.input(
                            "artifact.folder",
                            "Invalid path: '" + path.text() + "' is a folder (expected: a file)")
                    .exception();
        }
        for (ArtifactPath up = path.parent(); !up.text().isEmpty(); up = up.parent()) {
            if (dao.find(up).isPresent()) {
                throw Problem.input(
                                "artifact.file",
                                "Invalid path: '" + up.text() + "' is a file (expected: a folder)")
                        .exception();
            }
        }
        dao.put(new ArtifactFile(path, digest, sizeBytes), clock.instant());
    }

    /** The file at a path, if there is one. */
    public Optional<ArtifactFile> find(Transaction tx, ArtifactPath path) {
        return new ArtifactDao(tx, workspace).find(path);
    }

    /** What is in a folder, by name; empty where there is no such folder. */
    public List<ArtifactEntry> list(Transaction tx, ArtifactPath folder) {
        return entries(new ArtifactDao(tx, workspace).below(folder), folder);
    }

    /** What a folder shows of files that are all in it or in folders below it, in their order. */
    public static List<ArtifactEntry> entries(List<ArtifactFile> files, ArtifactPath folder) {
        Map<String, ArtifactEntry> entries = new LinkedHashMap<>();
        int skip = folder.text().isEmpty() ? 0 : folder.text().length() + 1;
        for (ArtifactFile file : files) {
            String below = file.path().text().substring(skip);
            int slash = below.indexOf('/');
            if (slash < 0) {
                entries.put(below, new ArtifactEntry(below, false, file.sizeBytes()));
            } else {
                String name = below.substring(0, slash);
                entries.putIfAbsent(name, new ArtifactEntry(name, true, 0));
            }
        }
        return List.copyOf(entries.values());
    }

    /**
     * Removes a file, or a folder with all in it.
     *
     * @return how many files
     */
    public int delete(Transaction tx, ArtifactPath path) {
        return new ArtifactDao(tx, workspace).delete(path);
    }

    /** The digests of what all workspaces keep. */
    public static List<Digest> everywhere(Transaction tx) {
        return ArtifactDao.everywhere(tx);
    }
}
