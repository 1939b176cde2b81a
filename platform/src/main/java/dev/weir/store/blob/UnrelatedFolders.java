package dev.weir.store.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Folders that have nothing to do with each other though they lie in one. Where a file system keeps
 * what lies together in one place of the disk, and many files come and go, it looks through ever
 * more of that place for each new file: ext4 without a journal goes past each file deleted in the
 * last minutes, which took half of all CPU where steps are small.
 */
public final class UnrelatedFolders {
    private UnrelatedFolders() {}

    /**
     * Makes a folder, where there is none, and tells a file system that listens to spread what is
     * below.
     */
    public static void make(Path folder) throws IOException {
        if (folder.toFile().isDirectory()) {
            return;
        }
        Files.createDirectories(folder);
        try {
            new ProcessBuilder("chattr", "+T", folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return; // no such program here: it is a hint, and all works without
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
