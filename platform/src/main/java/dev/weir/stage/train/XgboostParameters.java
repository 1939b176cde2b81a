package dev.weir.stage.train;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Task;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hyper-parameters of the {@code xgboost} trainer, with defaults filled in: all that decides
 * the trees besides the rows. Names, ranges and defaults stand in one table; the names are
 * XGBoost's, but {@code rounds} (trees, or layers of {@code num_parallel_tree} trees) and {@code
 * objective}, whose default depends on the task.
 *
 * @param values every parameter, in the order of the table; whole numbers, numbers and texts
 */
public record XgboostParameters(ObjectNode values) {
    /** One row of the table. A text has choices; a number has a range, and is whole or not. */
    private record Row(
            String name,
            boolean whole,
            double min,
            double max,
            List<String> choices,
            JsonNode standard) {}

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final double BIG = 1e9;
    private static final double TINY = 1e-6;

    private static final List<Row> TABLE =
            List.of(
                    whole("rounds", 1, 100_000, 200),
                    real("eta", TINY, 1, 0.1),
                    whole("max_depth", 0, 64, 6),
                    whole("max_leaves", 0, 1 << 20, 0),
                    choice("grow_policy", "depthwise", "lossguide"),
                    real("min_child_weight", 0, BIG, 1),
                    real("gamma", 0, BIG, 0),
                    real("max_delta_step", 0, BIG, 0),
                    real("subsample", TINY, 1, 1),
                    real("colsample_bytree", TINY, 1, 1),
                    real("colsample_bylevel", TINY, 1, 1),
                    real("colsample_bynode", TINY, 1, 1),
                    real("lambda", 0, BIG, 1),
                    real("alpha", 0, BIG, 0),
                    whole("max_bin", 2, 65_536, 256),
                    whole("num_parallel_tree", 1, 10_000, 1),
                    real("scale_pos_weight", TINY, BIG, 1),
                    choice("objective", "reg:squarederror", "reg:absoluteerror"),
                    whole("seed", 0, Integer.MAX_VALUE, 7),
                    whole("nthread", 1, 1024, 2));

    /** What other libraries and old habits call them. */
    private static final Map<String, String> OTHER_NAMES =
            Map.ofEntries(
                    Map.entry("learning_rate", "eta"),
                    Map.entry("n_estimators", "rounds"),
                    Map.entry("num_round", "rounds"),
                    Map.entry("num_boost_round", "rounds"),
                    Map.entry("min_split_loss", "gamma"),
                    Map.entry("reg_lambda", "lambda"),
                    Map.entry("reg_alpha", "alpha"),
                    Map.entry("random_state", "seed"),
                    Map.entry("n_jobs", "nthread"),
                    Map.entry("threads", "nthread"));

    private static Row whole(String name, long min, long max, long standard) {
        return new Row(name, true, min, max, List.of(), NODES.numberNode(standard));
    }

    private static Row real(String name, double min, double max, double standard) {
        return new Row(name, false, min, max, List.of(), NODES.numberNode(standard));
    }

    private static Row choice(String name, String... choices) {
        return new Row(name, false, 0, 0, List.of(choices), NODES.stringNode(choices[0]));
    }

    /**
     * Checks what a person wrote, and fills in the rest.
     *
     * @param given a JSON object of names and values, as the configuration file has them
     * @throws ProblemException (INPUT) with every unknown name, wrong type and value out of range
     */
    public static XgboostParameters of(JsonNode given, Task task) {
        List<Problem> problems = new ArrayList<>();
        ObjectNode values = NODES.objectNode();
        for (Row row : TABLE) {
            boolean fixed = row.name().equals("objective") && task == Task.BINARY;
            Row known = fixed ? choice("objective", "binary:logistic") : row;
            JsonNode value = given.path(row.name());
            if (value.isMissingNode()) {
                values.set(row.name(), known.standard());
            } else {
                check(known, value, values, problems);
            }
        }
        List<String> names = TABLE.stream().map(Row::name).toList();
        given.propertyNames().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> problems.add(unknown(name, names)));
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new XgboostParameters(values);
    }

    private static Problem unknown(String name, List<String> names) {
        String other = OTHER_NAMES.get(name);
        return Problem.input("train.parameter", name + ": no parameter of the trainer xgboost")
                .hint(other != null ? "Did you mean " + other + "?" : DidYouMean.hint(name, names));
    }

    private static void check(Row row, JsonNode value, ObjectNode values, List<Problem> problems) {
        boolean right;
        String expected;
        if (!row.choices().isEmpty()) {
            expected = String.join(" or ", row.choices());
            right = value.isString() && row.choices().contains(value.stringValue());
        } else {
            expected = (row.whole() ? "a whole number, " : "a number, ") + range(row);
            right =
                    value.isNumber()
                            && value.doubleValue() >= row.min()
                            && value.doubleValue() <= row.max()
                            && (!row.whole()
                                    || value.doubleValue() == Math.rint(value.doubleValue()));
        }
        if (!right) {
            problems.add(
                    Problem.input(
                            "train.parameter",
                            row.name() + ": " + value + " (expected: " + expected + ")"));
        } else if (!row.choices().isEmpty()) {
            values.put(row.name(), value.stringValue());
        } else if (row.whole()) {
            values.put(row.name(), value.longValue());
        } else {
            values.put(row.name(), value.doubleValue());
        }
    }

    private static String range(Row row) {
        String from = row.min() == TINY ? "above 0" : row.whole() ? "" + (long) row.min() : "0";
        return from + " to " + (row.max() == BIG ? "1e9" : "" + (long) row.max());
    }

    /** How many rounds of boosting. */
    public int rounds() {
        return values.required("rounds").intValue();
    }

    /** How many threads the fit uses; a parameter because it may decide the last bits. */
    public int threads() {
        return values.required("nthread").intValue();
    }

    /** The parameters as the library takes them. */
    Map<String, Object> forLibrary() {
        Map<String, Object> parameters = new HashMap<>();
        values.forEachEntry(
                (name, value) -> {
                    if (!name.equals("rounds")) {
                        parameters.put(name, value.asString());
                    }
                });
        parameters.put("booster", "gbtree");
        parameters.put("tree_method", "hist");
        parameters.put("verbosity", "0");
        return parameters;
    }
}
