package dev.weir.stage.validate;

import dev.weir.base.problem.Problem;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.fair.Fairness;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures a model on the rows of each value of some columns. Inputs: {@code model}, {@code rows},
 * and the {@code predictions} of {@link ScoreKind} on them, row by row. Parameters: {@code by},
 * columns; {@code min_rows} of a slice that counts. Evidence, by column: {@code
 * {"slices":{"Female":{"rows","metrics"}},"fairness":{}}}; a slice with too few rows has no
 * metrics, and fairness is of two classes only.
 */
public record SliceKind() implements StepKind {
    private static final int THREADS = 2;
    private static final int MOST_SLICES = 100;

    @Override
    public String id() {
        return "slices/1";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) {
        ColumnFiles files = new ColumnFiles(new DuckDb(attempt.directory(), THREADS));
        try {
            Signature signature = ModelFolder.signature(attempt.input("model"));
            Predictions predictions =
                    Predictions.read(files, attempt.input("predictions"), signature);
            int fewest = attempt.params().path("min_rows").intValue();
            ObjectNode evidence = JsonNodeFactory.instance.objectNode();
            for (JsonNode column : attempt.params().path("by")) {
                String name = column.stringValue();
                @Nullable String[] values =
                        files.texts(attempt.input("rows"), List.of(name)).getFirst().values();
                evidence.set(name, column(name, values, predictions, fewest));
            }
            return evidence;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode column(
            String name, @Nullable String[] values, Predictions predictions, int fewest) {
        SortedMap<String, List<Integer>> slices = new TreeMap<>();
        int[] known = predictions.known();
        String[] groups = new String[known.length];
        for (int i = 0; i < known.length; i++) {
            groups[i] = Objects.requireNonNullElse(values[known[i]], "(missing)");
            slices.computeIfAbsent(groups[i], s -> new ArrayList<>()).add(known[i]);
        }
        if (slices.size() > MOST_SLICES) {
            throw Problem.input(
                            "validate.slices",
                            "%s has %,d different values (expected: at most %d, to slice by)"
                                    .formatted(name, slices.size(), MOST_SLICES))
                    .hint("Slice by a column of few categories, or make one in a step of your own.")
                    .exception();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode bySlice = json.putObject("slices");
        slices.forEach(
                (slice, rows) -> {
                    ObjectNode one = bySlice.putObject(slice).put("rows", rows.size());
                    if (rows.size() >= fewest) {
                        int[] those = rows.stream().mapToInt(row -> row).toArray();
                        one.set("metrics", predictions.pick(those).metrics().json());
                    }
                });
        Signature.Classes classes = predictions.signature().classes();
        if (classes != null) {
            Predictions judged = predictions.pick(known);
            Fairness fairness =
                    Fairness.of(
                            judged.scores(),
                            judged.positives(),
                            null,
                            groups,
                            classes.threshold(),
                            fewest);
            json.set("fairness", fairness.gapsJson());
        }
        return json;
    }
}
