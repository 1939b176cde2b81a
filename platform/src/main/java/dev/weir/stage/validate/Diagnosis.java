package dev.weir.stage.validate;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;
import dev.weir.ml.stats.Better;
import dev.weir.ml.stats.Metric;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Where a model fails, for a person who wants to mend it: the slices and the rows with the greatest
 * loss, and the columns that the model leans on.
 *
 * <p>The loss of a row is -ln of the probability of the truth, or the squared error. Slices are the
 * values of a text and the quarters of a number; they are ranked by how far their mean loss is
 * above that of all rows, in standard errors. The importance of a column is how much the headline
 * metric drops when its values are shuffled among the rows (Breiman 2001, section 10), the mean of
 * three times.
 */
public final class Diagnosis {
    private static final int MOST_ROWS = 5_000;
    private static final int FEWEST_ROWS = 500;
    private static final int MOST_CELLS = 500_000;
    private static final int SHOWN_SLICES = 8;
    private static final int SHOWN_ROWS = 10;
    private static final int SHOWN_COLUMNS = 10;
    private static final int FEWEST = 30;
    private static final int DRAWS = 3;
    private static final int QUARTERS = 4;
    private static final long SEED = 20_260_101;
    private static final String MASKED = "***";

    private final Predictions said;
    private final Columns columns;
    private final int[] numbers;
    private final double[] losses;
    private final Scorer scorer;
    private final Set<String> masked;

    private Diagnosis(
            Predictions said, Columns columns, int[] numbers, Scorer scorer, Set<String> masked) {
        this.said = said;
        this.columns = columns;
        this.numbers = numbers;
        this.losses = IntStream.range(0, said.rows()).mapToDouble(said::loss).toArray();
        this.scorer = scorer;
        this.masked = masked;
    }

    /**
     * Looks into a model, on at most 5,000 of the rows whose truth is known; on fewer where there
     * are more than 100 columns.
     *
     * @param rows the held-out rows: a Parquet file
     * @param predictions of the model on them, as {@link ScoreKind} writes them
     * @param masked columns whose values are not shown
     * @return {@code {"rows","metric","value","loss","slices":[{"column","slice","rows","loss"}],
     *     "worst":[{"row","truth","said","score","inputs":{}}],"importance":[{"column","drop"}]}}
     */
    public static ObjectNode of(
            ModelFolder model, Path rows, Path predictions, Set<String> masked, DuckDb duckDb) {
        ColumnFiles files = new ColumnFiles(duckDb);
        try (Scorer scorer = Scorer.open(model, duckDb.scratch())) {
            Predictions all = Predictions.read(files, predictions, scorer.signature());
            int[] known = all.known();
            int most =
                    Math.clamp(
                            MOST_CELLS / scorer.signature().inputs().size(),
                            FEWEST_ROWS,
                            MOST_ROWS);
            int[] some =
                    known.length <= most
                            ? known
                            : IntStream.range(0, most)
                                    .map(i -> known[(int) ((long) i * known.length / most)])
                                    .toArray();
            Columns columns = Columns.read(files, rows, scorer.signature()).pick(some);
            return new Diagnosis(all.pick(some), columns, some, scorer, masked).json();
        }
    }

    private ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Metric metric = said.headline();
        json.put("rows", said.rows()).put("metric", metric.text());
        said.metrics().value(metric).ifPresent(value -> json.put("value", value));
        if (said.rows() > 0) {
            json.put("loss", Arrays.stream(losses).average().orElse(0));
        }
        json.set("slices", slices());
        json.set("worst", worst());
        json.set("importance", importance(metric));
        return json;
    }

    /** The rows of one slice, and how much worse they are. */
    private record Slice(String column, String name, int rows, double loss, double excess) {}

    private ArrayNode slices() {
        List<Slice> slices = new ArrayList<>();
        double mean = Arrays.stream(losses).average().orElse(0);
        double spread =
                Math.sqrt(
                        Arrays.stream(losses)
                                .map(l -> (l - mean) * (l - mean))
                                .average()
                                .orElse(0));
        for (Input input : scorer.signature().inputs()) {
            groups(input)
                    .forEach(
                            (name, rows) -> {
                                double loss =
                                        rows.stream()
                                                .mapToDouble(row -> losses[row])
                                                .average()
                                                .orElse(0);
                                double excess = (loss - mean) * Math.sqrt(rows.size()) / spread;
                                if (rows.size() >= FEWEST && excess > 0) {
                                    slices.add(
                                            new Slice(
                                                    input.name(), name, rows.size(), loss, excess));
                                }
                            });
        }
        slices.sort(Comparator.comparingDouble(Slice::excess).reversed());
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (Slice slice : slices.subList(0, Math.min(SHOWN_SLICES, slices.size()))) {
            json.addObject()
                    .put("column", slice.column())
                    .put("slice", masked.contains(slice.column()) ? MASKED : slice.name())
                    .put("rows", slice.rows())
                    .put("loss", slice.loss());
        }
        return json;
    }

    private Map<String, List<Integer>> groups(Input input) {
        Map<String, List<Integer>> groups = new TreeMap<>();
        String[] names =
                switch (columns.byName().get(input.name())) {
                    case Columns.Texts texts ->
                            Arrays.stream(texts.values())
                                    .map(
                                            text ->
                                                    text == null || text.isEmpty()
                                                            ? "(missing)"
                                                            : text)
                                    .toArray(String[]::new);
                    case Columns.Numbers(double[] values) -> quarters(values);
                    case null -> throw new IllegalStateException("no column " + input.name());
                };
        for (int row = 0; row < names.length; row++) {
            groups.computeIfAbsent(names[row], name -> new ArrayList<>()).add(row);
        }
        return groups;
    }

    private static String[] quarters(double[] values) {
        double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        double[] edges = new double[QUARTERS + 1];
        for (int q = 0; q <= QUARTERS && sorted.length > 0; q++) {
            edges[q] = sorted[(int) ((long) q * (sorted.length - 1) / QUARTERS)];
        }
        String[] names = new String[values.length];
        for (int row = 0; row < names.length; row++) {
            int quarter = 1;
            while (quarter < QUARTERS && values[row] > edges[quarter]) {
                quarter++;
            }
            names[row] =
                    Double.isNaN(values[row])
                            ? "(missing)"
                            : figure(edges[quarter - 1]) + " to " + figure(edges[quarter]);
        }
        return names;
    }

    private static String figure(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Float.toString((float) value);
    }

    private ArrayNode worst() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, said.rows())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> losses[row]).reversed())
                .limit(SHOWN_ROWS)
                .forEach(row -> json.add(row(row)));
        return json;
    }

    private ObjectNode row(int row) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("row", numbers[row] + 1);
        json.put("truth", said.truthText(row)).put("said", said.saidText(row));
        json.put("score", said.foremost()[row]);
        ObjectNode inputs = json.putObject("inputs");
        for (Input input : scorer.signature().inputs()) {
            if (masked.contains(input.name())) {
                inputs.put(input.name(), MASKED);
                continue;
            }
            switch (columns.byName().get(input.name())) {
                case Columns.Texts texts -> inputs.put(input.name(), texts.values()[row]);
                case Columns.Numbers(double[] values) -> {
                    if (Double.isNaN(values[row])) {
                        inputs.putNull(input.name());
                    } else {
                        inputs.put(input.name(), values[row]);
                    }
                }
                case null -> throw new IllegalStateException("no column " + input.name());
            }
        }
        return json;
    }

    private ArrayNode importance(Metric metric) {
        double before = said.metrics().value(metric).orElse(Double.NaN);
        Map<String, Double> drops = new HashMap<>();
        for (Input input : scorer.signature().inputs()) {
            SplittableRandom random = new SplittableRandom(SEED);
            double drop = 0;
            for (int draw = 0; draw < DRAWS; draw++) {
                double after =
                        said.with(scorer.score(shuffled(input.name(), random)))
                                .metrics()
                                .value(metric)
                                .orElse(Double.NaN);
                drop +=
                        (metric.better() == Better.HIGHER ? before - after : after - before)
                                / DRAWS;
            }
            if (Double.isFinite(drop)) {
                drops.put(input.name(), drop);
            }
        }
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        drops.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(SHOWN_COLUMNS)
                .forEach(e -> json.addObject().put("column", e.getKey()).put("drop", e.getValue()));
        return json;
    }

    private Columns shuffled(String name, SplittableRandom random) {
        int[] from = IntStream.range(0, columns.rows()).toArray();
        for (int i = from.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = from[i];
            from[i] = from[j];
            from[j] = other;
        }
        Map<String, Columns.Column> all = new HashMap<>(columns.byName());
        Map<String, Columns.Column> alone = Map.of(name, Objects.requireNonNull(all.get(name)));
        all.putAll(new Columns(columns.rows(), alone).pick(from).byName());
        return new Columns(columns.rows(), all);
    }
}
