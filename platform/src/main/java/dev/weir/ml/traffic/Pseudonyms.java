package dev.weir.ml.traffic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Puts 32 hexadecimal digits in the place of a value: the first half of its HMAC-SHA-256 (RFC 2104)
 * under a secret of the home. Equal values have equal pseudonyms; without the secret nobody finds a
 * value by trying all there are. Not for several threads at once.
 */
final class Pseudonyms {
    private static final int SECRET_BYTES = 32;

    private final Mac mac;

    Pseudonyms(byte[] secret) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /**
     * With the secret that lies in a folder; the first who asks draws it, and only the owner of the
     * home may read it.
     */
    static Pseudonyms of(Path folder) throws IOException {
        Path secret = folder.resolve("secret");
        if (!Files.exists(secret)) {
            Files.createDirectories(folder);
            Path drawn = Files.createTempFile(folder, "secret", ".new"); // only its owner reads it
            byte[] bytes = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(bytes);
            Files.write(drawn, bytes);
            try {
                Files.createLink(secret, drawn);
            } catch (FileAlreadyExistsException e) {
                return new Pseudonyms(Files.readAllBytes(secret)); // another process was first
            } finally {
                Files.delete(drawn);
            }
        }
        return new Pseudonyms(Files.readAllBytes(secret));
    }

    String of(String value) {
        return of(value.getBytes(StandardCharsets.UTF_8));
    }

    String of(byte[] value) {
        return HexFormat.of().formatHex(Arrays.copyOf(mac.doFinal(value), SECRET_BYTES / 2));
    }
}
