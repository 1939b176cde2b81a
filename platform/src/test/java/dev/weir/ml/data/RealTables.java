package dev.weir.ml.data;

import org.junit.jupiter.api.Assumptions;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the real tables that tests read; a test without them is skipped, saying so. */
public final class RealTables {
    private RealTables() {}

    public static Path file(String name) {
        Path found = folder().resolve(name);
        Assumptions.assumeTrue(
                Files.exists(found), () -> "skipped: no " + name + " (set -Dweir.data=FOLDER)");
        return found;
    }

    private static Path folder() {
        String given = System.getProperty("weir.data");
        if (given != null) {
            return Path.of(given);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("../shared/data"))) {
                return at.resolve("../shared/data").normalize();
            }
        }
        return Path.of("../shared/data");
    }
}
