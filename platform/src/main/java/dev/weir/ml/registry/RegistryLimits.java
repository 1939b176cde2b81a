package dev.weir.ml.registry;

import dev.weir.base.problem.Problem;

import java.util.regex.Pattern;

/** What names and tags of models may be (reference: MLflow's limits). */
final class RegistryLimits {
    private static final Pattern MODEL_NAME = Pattern.compile("[^/:@\\p{Cntrl}]{1,256}");
    private static final int TAG_KEY = 250;
    private static final int TAG_VALUE = 100_000;
    private static final int DESCRIPTION = 100_000;

    private RegistryLimits() {}

    static void modelName(String name) {
        if (!MODEL_NAME.matcher(name).matches() || name.isBlank()) {
            throw Problem.input(
                            "model.name",
                            "model: '" + name + "' (expected: 1 to 256 characters, none of / : @)")
                    .exception();
        }
    }

    static void tag(String key, String value) {
        if (key.isBlank()) {
            throw Problem.input("tag.name", "tag name: '' (expected: a name)").exception();
        }
        most("Tag name", key, TAG_KEY);
        most("Tag value", value, TAG_VALUE);
    }

    static void description(String text) {
        most("Description", text, DESCRIPTION);
    }

    private static void most(String what, String text, int most) {
        if (text.length() > most) {
            throw Problem.input(
                            "registry.length",
                            "'%s' exceeds the maximum length of %d characters"
                                    .formatted(what, most))
                    .exception();
        }
    }
}
