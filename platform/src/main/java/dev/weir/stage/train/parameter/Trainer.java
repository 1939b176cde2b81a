package dev.weir.stage.train.parameter;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A built-in trainer. */
public enum Trainer {
    /** Gradient-boosted trees. */
    XGBOOST,
    /** Many trees side by side, each on a sample of rows and columns. */
    FOREST,
    /** A weighted sum of columns and words. */
    LINEAR;

    /** The name in YAML and JSON: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The trainer of this name, as {@link #text} writes it. */
    public static Optional<Trainer> named(String text) {
        return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
    }

    /** All names. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Trainer::text).toList();
    }
}
