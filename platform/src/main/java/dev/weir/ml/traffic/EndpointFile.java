package dev.weir.ml.traffic;

import dev.weir.ml.model.Signature;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * What an endpoint answers, as its predictions were last logged: whoever brings outcomes is held to
 * it, also when nothing serves.
 */
final class EndpointFile {
    private final Path file;

    EndpointFile(Path folder) {
        this.file = folder.resolve("signature.json");
    }

    /** The signature of its newest variant that is not a shadow; empty before the first. */
    Optional<Signature> signature() {
        try {
            return Files.exists(file)
                    ? Optional.of(Signature.of(Files.readAllBytes(file)))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remember(Origin origin) {
        byte[] bytes = origin.signature().bytes();
        try {
            boolean there = Files.exists(file);
            if (there
                    && (origin.role().equals(Origin.SHADOW)
                            || Arrays.equals(Files.readAllBytes(file), bytes))) {
                return;
            }
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, "signature", ".new");
            Files.write(fresh, bytes);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
