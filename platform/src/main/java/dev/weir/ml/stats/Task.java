package dev.weir.ml.stats;

import java.util.Locale;
import java.util.Optional;

/** What a model predicts. */
public enum Task {
    /** One of two classes, as the probability of the positive one. */
    BINARY,
    /** One of three or more classes, as a probability for each. */
    MULTICLASS,
    /** A number. */
    REGRESSION;

    /** The name in YAML and JSON: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The task of this name, as {@link #text} writes it. */
    public static Optional<Task> named(String text) {
        for (Task task : values()) {
            if (task.text().equals(text)) {
                return Optional.of(task);
            }
        }
        return Optional.empty();
    }
}
