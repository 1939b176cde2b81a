package dev.weir.app;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;

/**
 * A jar that carries native libraries for several platforms.
 *
 * @param jar how the jar's name begins
 * @param libraries what the names of all its libraries begin with
 * @param ofThisPlatform what the names of this platform's libraries begin with
 * @param strip whether the jar works without them, given the flags of {@link
 *     AppDirectory#nativeFlags}
 */
record NativeBundle(String jar, String libraries, String ofThisPlatform, boolean strip) {
    private static final boolean MAC =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final String ARCH = ARM ? "aarch64" : "x86_64";

    private static final String DUCKDB = "libduckdb_java.so_";
    private static final String ONNX = "ai/onnxruntime/native/";
    private static final String SQLITE = "org/sqlite/native/";
    private static final String XGBOOST = "lib/";

    private static final List<NativeBundle> KNOWN =
            List.of(
                    new NativeBundle(
                            "duckdb_jdbc-",
                            DUCKDB,
                            DUCKDB + (MAC ? "macos_" : "linux_") + (ARM ? "arm64" : "amd64"),
                            true),
                    new NativeBundle(
                            "onnxruntime-",
                            ONNX,
                            ONNX + (MAC ? "osx-" : "linux-") + (ARM ? "aarch64/" : "x64/"),
                            true),
                    new NativeBundle(
                            "sqlite-jdbc-",
                            SQLITE,
                            SQLITE + (MAC ? "Mac/" : "Linux/") + ARCH + "/",
                            true),
                    new NativeBundle(
                            "xgboost4j_",
                            XGBOOST,
                            XGBOOST + (MAC ? "macos/" : "linux/") + ARCH + "/",
                            false));

    /** What is known of a jar of this name. */
    static Optional<NativeBundle> in(String jarName) {
        return KNOWN.stream().filter(known -> jarName.startsWith(known.jar)).findFirst();
    }

    boolean isLibrary(ZipEntry entry) {
        return entry.getName().startsWith(libraries);
    }

    boolean isOfThisPlatform(ZipEntry entry) {
        String name = entry.getName();
        return name.startsWith(ofThisPlatform) && !entry.isDirectory() && !name.contains(".dSYM/");
    }

    /** The name by which the library's loader looks for the file. */
    String fileName(ZipEntry entry) {
        String name = entry.getName();
        return libraries.equals(DUCKDB)
                ? System.mapLibraryName("duckdb_java")
                : name.substring(name.lastIndexOf('/') + 1);
    }
}
