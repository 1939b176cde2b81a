package dev.weir.server.mlflow;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which endpoint answers which method and path. */
final class Routes {
    /** An endpoint, and what the path says beyond its name. */
    record Found(Function<Asked, Answer> endpoint, String rest) {}

    private final Map<String, Function<Asked, Answer>> exact = new HashMap<>();
    private final Map<String, Function<Asked, Answer>> below = new HashMap<>();

    /** An endpoint at {@code runs/create}. */
    void at(String method, String path, Function<Asked, Answer> endpoint) {
        exact.put(method + " " + path, endpoint);
    }

    /**
     * An endpoint at {@code logged-models/ID}, or, with a suffix, at {@code logged-models/ID/tags}.
     */
    void below(String method, String path, String suffix, Function<Asked, Answer> endpoint) {
        below.put(method + " " + path + "/*" + suffix, endpoint);
    }

    Optional<Found> find(String method, String path) {
        Function<Asked, Answer> known = exact.get(method + " " + path);
        if (known != null) {
            return Optional.of(new Found(known, ""));
        }
        int slash = path.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        String tail = path.substring(slash + 1);
        int second = tail.indexOf('/');
        String id = second < 0 ? tail : tail.substring(0, second);
        String suffix = second < 0 ? "" : tail.substring(second);
        String start = method + " " + path.substring(0, slash) + "/*";
        Function<Asked, Answer> ofId = below.get(start + suffix);
        if (ofId != null) {
            return Optional.of(new Found(ofId, id));
        }
        int third = suffix.indexOf('/', 1);
        Function<Asked, Answer> ofKey =
                third < 0 ? null : below.get(start + suffix.substring(0, third) + "/*");
        return ofKey == null
                ? Optional.empty()
                : Optional.of(new Found(ofKey, id + suffix.substring(third)));
    }
}
