package dev.weir.app;

import dev.weir.base.digest.Digest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Makes an {@link AppDirectory} from the jars of a build; the launcher calls it. */
final class AppAssembly {
    /** How long a folder that a newer build replaced stays: a process may still run from it. */
    private static final Duration KEPT = Duration.ofDays(2);

    /** All jar entries bear one time, so that equal sources give equal jars. */
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    private AppAssembly() {}

    /** {@code AppAssembly ROOT JAR…}: makes ROOT, and clears away old folders beside it. */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]).toAbsolutePath();
        List<Path> classPath = Stream.of(args).skip(1).map(Path::of).toList();
        make(root, classPath);
        clear(root, Instant.now().minus(KEPT));
    }

    /**
     * Makes an application directory, beside its place and then by rename, so that two that make
     * the same one do not meet. A file that a sibling has already is linked and not stored again.
     *
     * @param root its place; if something stands there already, that stays as it is
     * @param classPath jars; a folder of classes becomes a jar of its name
     */
    static AppDirectory make(Path root, List<Path> classPath) throws IOException {
        Path folder = Files.createDirectories(folderOf(root));
        Path draft = folder.resolve(".draft-" + ProcessHandle.current().pid());
        delete(draft);
        Files.createDirectory(draft);
        try {
            fill(draft, classPath, filesOfSiblings(root));
            Files.move(draft, root, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(root)) {
                throw e;
            }
        } finally {
            delete(draft);
        }
        return new AppDirectory(root);
    }

    private static void fill(Path root, List<Path> classPath, Map<Digest, Path> stored)
            throws IOException {
        Path lib = Files.createDirectory(root.resolve("lib"));
        Path natives = Files.createDirectory(root.resolve("native"));
        for (Path part : classPath) {
            String name = part.getFileName().toString();
            if (Files.isDirectory(part)) {
                pack(part.toRealPath(), lib.resolve(name + ".jar"));
                continue;
            }
            Optional<NativeBundle> bundle = NativeBundle.in(name);
            if (bundle.isEmpty() || !unpack(part, bundle.get(), lib.resolve(name), natives)) {
                Files.copy(part, lib.resolve(name));
            }
        }
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (Path folder : List.of(lib, natives)) {
            for (Path file : list(folder)) {
                Digest digest = Digest.ofFile(file);
                digests.put(root.relativize(file).toString(), digest);
                Path same = stored.get(digest);
                if (same != null) {
                    link(same, file);
                }
            }
        }
        StringBuilder text = new StringBuilder();
        digests.forEach(
                (name, digest) -> text.append(digest).append("  ").append(name).append('\n'));
        Files.writeString(root.resolve(AppDirectory.DIGESTS), text);
    }

    /** Takes a jar's native libraries apart from it; false if it has none for this platform. */
    private static boolean unpack(Path jar, NativeBundle bundle, Path toJar, Path natives)
            throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> mine = zip.stream().filter(bundle::isOfThisPlatform).toList();
            if (mine.isEmpty()) {
                return false;
            }
            for (ZipEntry entry : mine) {
                try (var in = zip.getInputStream(entry)) {
                    Files.copy(in, natives.resolve(bundle.fileName(entry)));
                }
            }
            if (!bundle.strip()) {
                return false;
            }
            try (var out = new ZipOutputStream(Files.newOutputStream(toJar))) {
                Enumeration<? extends ZipEntry> entries = zip.entries();
                while (entries.hasMoreElements()) {
                    ZipEntry entry = entries.nextElement();
                    if (!bundle.isLibrary(entry)) {
                        put(out, entry.getName());
                        try (var in = zip.getInputStream(entry)) {
                            in.transferTo(out);
                        }
                    }
                }
            }
        }
        return true;
    }

    /** Folders are entries too: Flyway looks for its migrations by their folder's name. */
    private static void pack(Path folder, Path toJar) throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(toJar));
                var files = Files.walk(folder)) {
            for (Path file : files.filter(f -> !f.equals(folder)).sorted().toList()) {
                String name = folder.relativize(file).toString();
                if (Files.isDirectory(file)) {
                    put(out, name + "/");
                } else {
                    put(out, name);
                    Files.copy(file, out);
                }
            }
        }
    }

    private static void put(ZipOutputStream out, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(ENTRY_TIME);
        out.putNextEntry(entry);
    }

    private static Map<Digest, Path> filesOfSiblings(Path root) throws IOException {
        Map<Digest, Path> files = new HashMap<>();
        for (Path sibling : list(folderOf(root))) {
            if (Files.exists(sibling.resolve(AppDirectory.DIGESTS))) {
                new AppDirectory(sibling)
                        .digests()
                        .forEach((name, digest) -> files.put(digest, sibling.resolve(name)));
            }
        }
        return files;
    }

    private static void link(Path existing, Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".link");
        try {
            Files.createLink(beside, existing);
        } catch (FileSystemException | UnsupportedOperationException e) {
            return; // a file system without links, or a sibling just cleared away: the copy is kept
        }
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Deletes the application directories beside {@code root} that are older than {@code limit}.
     */
    static void clear(Path root, Instant limit) throws IOException {
        for (Path sibling : list(folderOf(root))) {
            if (!sibling.equals(root)
                    && Files.isDirectory(sibling)
                    && Files.getLastModifiedTime(sibling).toInstant().isBefore(limit)) {
                delete(sibling);
            }
        }
    }

    private static Path folderOf(Path root) {
        return Objects.requireNonNull(root.toAbsolutePath().getParent(), "the root of all files");
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
