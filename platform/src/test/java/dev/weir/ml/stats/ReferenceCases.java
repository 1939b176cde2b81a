package dev.weir.ml.stats;

import dev.weir.base.digest.JsonTree;

import org.junit.jupiter.api.Assumptions;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Values of other libraries; a test without them is skipped, saying so. */
public final class ReferenceCases {
    private ReferenceCases() {}

    /** The one case of metrics_reference.json that is of this kind. */
    public static JsonNode metrics(String kind) throws IOException {
        for (JsonNode each : file("metrics_reference.json").path("cases")) {
            if (each.path("kind").stringValue().equals(kind)) {
                return each;
            }
        }
        throw new IllegalArgumentException(kind);
    }

    /** A file of them. */
    public static JsonNode file(String name) throws IOException {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("shared/reference").resolve(name);
            if (Files.isRegularFile(file)) {
                return JsonTree.read(Files.readAllBytes(file));
            }
        }
        Assumptions.abort("skipped: no shared/reference/" + name);
        throw new IllegalStateException();
    }

    /** A list of numbers. */
    public static double[] numbers(JsonNode list) {
        double[] values = new double[list.size()];
        java.util.Arrays.setAll(values, i -> list.get(i).doubleValue());
        return values;
    }

    /** A list of zeros and ones. */
    public static boolean[] flags(JsonNode list) {
        boolean[] values = new boolean[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).intValue() == 1;
        }
        return values;
    }
}
