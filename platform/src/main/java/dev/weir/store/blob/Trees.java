package dev.weir.store.blob;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Folders in a store. A folder's name is the digest of its manifest, which names its files and
 * folders by theirs, so that a change of one file gives new names only to the folders above it.
 *
 * <p>Names, bytes and the owner's executable bit are kept, and empty folders; times, owners and
 * other permissions are not. Symbolic links and special files are refused.
 */
public final class Trees {
    private final BlobStore blobs;

    public Trees(BlobStore blobs) {
        this.blobs = blobs;
    }

    /**
     * A file of a tree.
     *
     * @param path from the top of the tree, with {@code /} between names
     * @param digest of its bytes
     * @param sizeBytes its size
     * @param executable whether its owner may execute it
     */
    public record TreeFile(String path, Digest digest, long sizeBytes, boolean executable) {}

    /** Gives the digest of a file's bytes, from memory where that is known to be right. */
    @FunctionalInterface
    public interface FileHasher {
        Digest of(Path file) throws IOException;
    }

    /** Where files and manifests go on the way to a tree's digest. */
    private interface Destination {
        BlobStore.Put file(Path file, long sizeBytes) throws IOException;

        Digest manifest(byte[] json);
    }

    /**
     * Puts a folder with all that is in it.
     *
     * @param include asked for each file and folder, by its path from {@code folder}; what is below
     *     a folder that is not included is not looked at. A folder all of whose files are left out
     *     is left out itself
     * @return the digest of its manifest
     */
    public Digest putFolder(Path folder, Predicate<Path> include) {
        try (BlobStore.Upload upload = blobs.upload()) {
            Digest digest =
                    top(
                            folder,
                            include,
                            new Destination() {
                                @Override
                                public BlobStore.Put file(Path file, long sizeBytes) {
                                    return upload.put(file);
                                }

                                @Override
                                public Digest manifest(byte[] json) {
                                    return upload.put(json).digest();
                                }
                            });
            upload.publish();
            return digest;
        }
    }

    /** The digest that {@link #putFolder} would give; nothing is stored. */
    public static Digest digest(Path folder, Predicate<Path> include, FileHasher hasher) {
        return top(
                folder,
                include,
                new Destination() {
                    @Override
                    public BlobStore.Put file(Path file, long sizeBytes) throws IOException {
                        return new BlobStore.Put(hasher.of(file), sizeBytes);
                    }

                    @Override
                    public Digest manifest(byte[] json) {
                        return Digest.of(json);
                    }
                });
    }

    /** The digest that {@link #putFolder} would give, all files being read. */
    public static Digest digest(Path folder, Predicate<Path> include) {
        return digest(folder, include, Digest::ofFile);
    }

    private static Digest top(Path folder, Predicate<Path> include, Destination to) {
        try {
            return to.manifest(manifest(folder, folder, include, to).json());
        } catch (IOException e) {
            throw Faults.source(folder.toString(), e);
        }
    }

    private static Manifest manifest(Path top, Path folder, Predicate<Path> include, Destination to)
            throws IOException {
        List<Manifest.Entry> entries = new ArrayList<>();
        for (Path file : listed(folder)) {
            if (include.test(top.relativize(file))) {
                PosixFileAttributes is =
                        Files.readAttributes(
                                file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (is.isDirectory()) {
                    Manifest below = manifest(top, file, include, to);
                    if (!below.entries().isEmpty() || listed(file).isEmpty()) {
                        entries.add(
                                Manifest.Entry.folder(
                                        name(file), to.manifest(below.json()), below.sizeBytes()));
                    }
                } else {
                    entries.add(entry(file, is, to));
                }
            }
        }
        return new Manifest(entries);
    }

    private static Manifest.Entry entry(Path file, PosixFileAttributes is, Destination to)
            throws IOException {
        if (!is.isRegularFile()) {
            throw Problem.input(
                            "tree.not-a-file",
                            file
                                    + ": "
                                    + (is.isSymbolicLink() ? "a symbolic link" : "a special file")
                                    + " (expected: a file or a folder)")
                    .hint("Put the file itself there, or leave it out.")
                    .exception();
        }
        BlobStore.Put put = to.file(file, is.size());
        boolean executable = is.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
        return Manifest.Entry.file(name(file), put.digest(), put.sizeBytes(), executable);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /**
     * Writes a tree to a folder that is empty or not there. Each file is a copy of its own, and
     * verified. After a failure, what has been written stays; the caller removes the folder.
     */
    public void checkout(Digest tree, Path target) {
        try {
            if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) && !listed(target).isEmpty()) {
                throw Problem.refused(
                                "tree.target", target + ": not empty (expected: an empty folder)")
                        .exception();
            }
            Files.createDirectories(target);
            write(tree, target);
        } catch (IOException e) {
            throw Faults.writing(target, -1, e);
        }
    }

    private void write(Digest tree, Path folder) throws IOException {
        for (Manifest.Entry entry : manifest(tree).entries()) {
            Path target = folder.resolve(entry.name());
            switch (entry.kind()) {
                case FILE -> {
                    blobs.copyTo(entry.digest(), target);
                    if (entry.executable()) {
                        executable(target);
                    }
                }
                case FOLDER -> {
                    Files.createDirectory(target);
                    write(entry.digest(), target);
                }
            }
        }
    }

    private static void executable(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        permissions.add(PosixFilePermission.OWNER_EXECUTE);
        if (permissions.contains(PosixFilePermission.GROUP_READ)) {
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
        }
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        Files.setPosixFilePermissions(file, permissions);
    }

    /** All files of a tree, in the order of their paths, folder by folder. */
    public Stream<TreeFile> files(Digest tree) {
        return files(tree, "");
    }

    private Stream<TreeFile> files(Digest tree, String above) {
        return manifest(tree).entries().stream()
                .flatMap(
                        entry -> {
                            String path = above + entry.name();
                            return switch (entry.kind()) {
                                case FILE ->
                                        Stream.of(
                                                new TreeFile(
                                                        path,
                                                        entry.digest(),
                                                        entry.sizeBytes(),
                                                        entry.executable()));
                                case FOLDER -> files(entry.digest(), path + "/");
                            };
                        });
    }

    /** All blobs that a tree needs, its manifests among them. */
    public Set<Digest> reachable(Digest tree) {
        Set<Digest> found = new LinkedHashSet<>();
        reach(Artifact.folder(tree), found);
        return found;
    }

    /** Whether every blob that an artifact needs is there; whether it is sound is not looked at. */
    public boolean holds(Artifact artifact) {
        if (!blobs.has(artifact.digest())) {
            return false;
        }
        return switch (artifact.kind()) {
            case FILE -> true;
            case FOLDER -> {
                try {
                    yield manifest(artifact.digest()).entries().stream()
                            .allMatch(e -> holds(new Artifact(e.kind(), e.digest())));
                } catch (ProblemException e) {
                    yield false; // its manifest is corrupt: what it needs cannot be told
                }
            }
        };
    }

    /** Adds what an artifact needs to what has been found; what was found is not followed again. */
    void reach(Artifact artifact, Set<Digest> found) {
        if (found.add(artifact.digest()) && artifact.kind() == Artifact.Kind.FOLDER) {
            for (Manifest.Entry entry : manifest(artifact.digest()).entries()) {
                reach(new Artifact(entry.kind(), entry.digest()), found);
            }
        }
    }

    Manifest manifest(Digest tree) {
        return Manifest.parse(tree, blobs.bytes(tree));
    }
}
