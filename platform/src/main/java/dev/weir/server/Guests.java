package dev.weir.server;

import io.helidon.http.HeaderNames;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who is let in. */
final class Guests {
    /** Why somebody is not. */
    record Refusal(int status, String why) {}

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Optional<AccessToken> token;

    Guests(Optional<AccessToken> token) {
        this.token = token;
    }

    /** Why this call is not let in; empty where it is. */
    Optional<Refusal> refusal(Call call) {
        if (token.isPresent()) {
            return call.header(HeaderNames.AUTHORIZATION).filter(token.get()::isIn).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            new Refusal(
                                    401,
                                    "No valid token (expected: Authorization: Bearer TOKEN, or"
                                            + " TOKEN as Basic's password)"));
        }
        // Without a token, being on this machine is what lets in; a page of another site is not.
        Optional<String> origin = call.header(HeaderNames.ORIGIN).map(Guests::hostOfOrigin);
        if (origin.isPresent() && !isThisMachine(origin.get())) {
            return Optional.of(new Refusal(403, "A page of another site asks."));
        }
        Optional<String> host = call.header(HeaderNames.HOST).map(Guests::withoutPort);
        return host.isEmpty() || isThisMachine(host.get())
                ? Optional.empty()
                : Optional.of(
                        new Refusal(
                                403,
                                "Host: "
                                        + host.get()
                                        + " (expected: localhost, where there is no token)"));
    }

    private static boolean isThisMachine(String host) {
        return THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
    }

    private static String hostOfOrigin(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host == null ? origin : host;
        } catch (IllegalArgumentException e) {
            return origin;
        }
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
