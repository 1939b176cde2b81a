package dev.weir.app;

import dev.weir.base.digest.Digest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The folder that Weir runs from. It is never changed in place: other sources make another folder.
 *
 * <pre>
 * lib/*.jar      the class path, in the order of the names; without the native libraries in native/
 * native/        the native libraries of this platform, so that no JVM unpacks its own
 * digests.txt    SHA-256 of each file in both, as sha256sum -c reads it
 * cli-JDK.aot    the AOT cache for that JDK; the launcher makes it on first use
 * </pre>
 *
 * @param root the folder
 */
public record AppDirectory(Path root) {
    /** The file of digests: a line is 64 digits, two spaces, and a path from the root. */
    static final String DIGESTS = "digests.txt";

    private static final int DIGITS = 64;

    /** The one that this process runs from; none in a test or an IDE. */
    public static Optional<AppDirectory> running() {
        return Optional.ofNullable(System.getProperty("weir.app"))
                .map(root -> new AppDirectory(Path.of(root)));
    }

    /**
     * The flags with which a child JVM takes its native libraries from here, as this process does.
     * XGBoost's own loader knows no such flag; its library is found by {@code
     * System.loadLibrary("xgboost4j")}.
     */
    public List<String> nativeFlags() {
        Path natives = root.resolve("native");
        return List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.library.path=" + natives,
                "-Dorg.sqlite.lib.path=" + natives,
                "-Donnxruntime.native.path=" + natives);
    }

    /**
     * The digest of each file by its path from the root, {@code lib/a.jar}, as written down when
     * the folder was made.
     */
    public SortedMap<String, Digest> digests() throws IOException {
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (String line : Files.readAllLines(root.resolve(DIGESTS))) {
            digests.put(line.substring(DIGITS + 2), new Digest(line.substring(0, DIGITS)));
        }
        return digests;
    }

    /** The files that are gone or are not what was written down; empty where all is well. */
    public List<String> damaged() throws IOException {
        SortedMap<String, Digest> found = new TreeMap<>();
        for (String name : digests().keySet()) {
            Path file = root.resolve(name);
            if (Files.isRegularFile(file)) {
                found.put(name, Digest.ofFile(file));
            }
        }
        return digests().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(found.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
