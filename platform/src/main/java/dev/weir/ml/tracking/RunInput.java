package dev.weir.ml.tracking;

import java.util.Map;

/**
 * A dataset that a run used.
 *
 * @param name the dataset's
 * @param digest of its content, as short as the client makes it
 * @param sourceType {@code local}, {@code weir}, {@code s3} …
 * @param source where it came from, as JSON or a path
 * @param schema as JSON; empty where it is not known
 * @param profile as JSON; empty where it is not known
 * @param tags of this use; {@code mlflow.data.context} says what for: {@code training}
 */
public record RunInput(
        String name,
        String digest,
        String sourceType,
        String source,
        String schema,
        String profile,
        Map<String, String> tags) {
    /** The tag that says what a dataset is used for. */
    public static final String CONTEXT = "mlflow.data.context";

    public RunInput {
        tags = Map.copyOf(tags);
    }

    /** What it is used for: {@code training}, {@code holdout}; empty where nothing says so. */
    public String context() {
        return tags.getOrDefault(CONTEXT, "");
    }
}
