package dev.weir.ml.tracking;

import dev.weir.base.problem.Problem;

import java.util.regex.Pattern;

/** What names and values may be, by MLflow's limits (reference/mlflow-rest.md, section 2.4). */
final class Limits {
    static final int KEY = 250;
    static final int PARAM_VALUE = 6_000;
    static final int TAG_VALUE = 8_000;
    static final int EXPERIMENT_NAME = 500;

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
        boolean path =
                NAME.matcher(key).matches()
                        && Pattern.compile("/")
                                .splitAsStream(key + "/.end")
                                .noneMatch(p -> p.isEmpty() || p.equals(".") || p.equals(".."));
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

    static void length(String what, String text, int most) {
        if (text.length() > most) {
            throw invalid(
                    what.replace(' ', '.'),
                    "%s: %d characters (expected: at most %d)"
                            .formatted(what, text.length(), most));
        }
    }

    static RuntimeException invalid(String code, String message) {
        return Problem.input(code, message).exception();
    }
}
