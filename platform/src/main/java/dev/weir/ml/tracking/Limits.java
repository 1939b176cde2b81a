package dev.weir.ml.tracking;

import dev.weir.base.problem.Problem;

import java.util.regex.Pattern;

/** What names and values may be, by MLflow's limits (reference/mlflow-rest.md, section 2.4). */
final class Limits {
    static final int KEY = 250;
    static final int PARAM_VALUE = 6_000;
    static final int TAG_VALUE = 8_000;
    static final int EXPERIMENT_NAME = 500;
    static final int EXPERIMENT_TAG_VALUE = 5_000;

    private static final Pattern RUN_ID = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,255}");
    private static final Pattern NAME =
            Pattern.compile("[/\\w.\\- :]+", Pattern.UNICODE_CHARACTER_CLASS);

    private Limits() {}

    static void runId(String id) {
        if (!RUN_ID.matcher(id).matches()) {
            throw invalid(
                    "run.id",
                    "run id: "
                            + id
                            + " (expected: a letter or digit, then at most 255 letters, digits, _"
                            + " or -)");
        }
    }

    /** A key of a metric, parameter or tag; its parts are those of a path that stays inside. */
    static void key(String what, String key) {
        length(what + " name", key, KEY);
        boolean path = isPathThatStaysInside(key);
        if (!path) {
            throw invalid(
                    what + ".name",
                    what
                            + " name: '"
                            + key
                            + "' (expected: letters, digits, _ - . : spaces, and / between"
                            + " non-empty parts)");
        }
    }

    /** Names of plain letters are told without a pattern: they are checked for every point. */
    private static boolean isPathThatStaysInside(String key) {
        int from = 0;
        boolean plain = true;
        for (int i = 0; i <= key.length(); i++) {
            if (i == key.length() || key.charAt(i) == '/') {
                String part = key.substring(from, i);
                if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                    return false;
                }
                from = i + 1;
            } else if (!isPlain(key.charAt(i))) {
                plain = false;
            }
        }
        return plain || NAME.matcher(key).matches();
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    static void length(String what, String text, int most) {
        if (text.length() > most) {
            throw invalid(
                    what.replace(' ', '.'),
                    "'%s' exceeds the maximum length of %d characters"
                            .formatted(
                                    Character.toUpperCase(what.charAt(0)) + what.substring(1),
                                    most));
        }
    }

    static RuntimeException invalid(String code, String message) {
        return Problem.input(code, message).exception();
    }
}
