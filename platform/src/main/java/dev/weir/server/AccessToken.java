package dev.weir.server;

import dev.weir.base.problem.Problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;

/**
 * The secret that lets a client in: as {@code Authorization: Bearer TOKEN}, or as the password of
 * Basic with any user name.
 */
public final class AccessToken {
    private static final int SHORTEST = 16;

    private final byte[] secret;

    private AccessToken(byte[] secret) {
        this.secret = secret;
    }

    /**
     * Reads the token: the text of a file, without the white space around it.
     *
     * @throws dev.weir.base.problem.ProblemException where the file cannot be read, or holds less
     *     than 16 characters
     */
    public static AccessToken read(Path file) {
        try {
            return of(Files.readString(file).strip());
        } catch (IOException e) {
            throw Problem.input("token.file", "token file " + file + ": cannot be read")
                    .exception(e);
        }
    }

    /** The token of this text. */
    public static AccessToken of(String token) {
        if (token.length() < SHORTEST) {
            throw Problem.input(
                            "token.short",
                            "token: %d characters (expected: at least %d)"
                                    .formatted(token.length(), SHORTEST))
                    .hint("Make one: openssl rand -hex 32 > token")
                    .exception();
        }
        return new AccessToken(token.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether an {@code Authorization} header carries it; takes as long whether it does or not. */
    boolean isIn(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return false;
        }
        String scheme = authorization.substring(0, space).toLowerCase(Locale.ROOT);
        String rest = authorization.substring(space + 1).strip();
        return switch (scheme) {
            case "bearer" -> same(rest.getBytes(StandardCharsets.UTF_8));
            case "basic" -> same(password(rest));
            default -> false;
        };
    }

    private static byte[] password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // no Base64: no password
        }
    }

    private boolean same(byte[] offered) {
        return MessageDigest.isEqual(secret, offered);
    }
}
