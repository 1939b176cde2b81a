package dev.weir.cli;

import dev.weir.ml.registry.ModelVersion;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The figures of a version that a person asks for first. */
final class Headline {
    private static final List<String> SHOWN =
            List.of("roc_auc", "log_loss", "accuracy", "f1", "f1_macro", "r2", "rmse", "mae");

    private Headline() {}

    /** The first of them that the version has: {@code roc_auc 0.9277}. */
    static String first(ModelVersion version) {
        Optional<String> metric = SHOWN.stream().filter(version.metrics()::containsKey).findFirst();
        return metric.map(name -> figure(version, name)).orElse("");
    }

    /** All of them. */
    static String all(ModelVersion version) {
        return SHOWN.stream()
                .filter(version.metrics()::containsKey)
                .map(name -> figure(version, name))
                .collect(Collectors.joining("  "));
    }

    private static String figure(ModelVersion version, String metric) {
        return metric + " " + String.format(Locale.ROOT, "%.4f", version.metrics().get(metric));
    }
}
