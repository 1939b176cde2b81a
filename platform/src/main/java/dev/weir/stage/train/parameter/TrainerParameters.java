package dev.weir.stage.train.parameter;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The hyper-parameters of a trainer, with defaults filled in: all that decides a model besides the
 * rows. Names, ranges and defaults stand in one table for each trainer ({@link ParameterTables}).
 *
 * @param trainer whose they are
 * @param values every parameter, in the order of the table; whole numbers, numbers, texts, and a
 *     mapping of columns
 */
public record TrainerParameters(Trainer trainer, ObjectNode values) {
    private static final String OBJECTIVE = "objective";

    /** Shares of rows and columns that are drawn where they are below 1. */
    private static final List<String> SAMPLED =
            List.of("subsample", "colsample_bytree", "colsample_bylevel", "colsample_bynode");

    /** What other libraries and old habits call them. */
    private static final Map<String, List<String>> OTHER_NAMES =
            Map.ofEntries(
                    Map.entry("learning_rate", List.of("eta")),
                    Map.entry("n_estimators", List.of("rounds", "trees")),
                    Map.entry("num_round", List.of("rounds")),
                    Map.entry("num_boost_round", List.of("rounds")),
                    Map.entry("num_trees", List.of("trees", "rounds")),
                    Map.entry("min_split_loss", List.of("gamma")),
                    Map.entry("reg_lambda", List.of("lambda", "l2")),
                    Map.entry("reg_alpha", List.of("alpha")),
                    Map.entry("random_state", List.of("seed")),
                    Map.entry("n_jobs", List.of("nthread")),
                    Map.entry("threads", List.of("nthread")),
                    Map.entry("max_iter", List.of("max_iterations")),
                    Map.entry("tol", List.of("tolerance")),
                    Map.entry("penalty", List.of("l2")),
                    Map.entry("C", List.of("l2")),
                    Map.entry("ngram_range", List.of("ngrams")),
                    Map.entry("max_features", List.of("max_words", "colsample_bynode")),
                    Map.entry("min_df", List.of("min_rows_of_word")),
                    Map.entry("monotone_constraints", List.of("monotone")),
                    Map.entry("early_stopping", List.of("early_stopping_rounds")));

    /**
     * Checks what a person wrote, and fills in the rest.
     *
     * @param given a JSON object of names and values, as the configuration file has them
     * @param task null where it is not known yet: what depends on it is then checked as far as it
     *     can be, and not filled in
     * @throws ProblemException (INPUT) with every unknown name, wrong type and value out of range
     */
    public static TrainerParameters of(Trainer trainer, JsonNode given, @Nullable Task task) {
        List<Problem> problems = new ArrayList<>();
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        List<ParameterRow> table = ParameterTables.of(trainer);
        for (ParameterRow row : table) {
            ParameterRow known =
                    row.name().equals(OBJECTIVE) ? ParameterTables.objective(task) : row;
            JsonNode value = given.path(row.name());
            if (!value.isMissingNode()) {
                known.check(value, values, problems);
            } else if (task != null || !row.name().equals(OBJECTIVE)) {
                values.set(row.name(), known.standard());
            }
        }
        List<String> names = table.stream().map(ParameterRow::name).toList();
        given.propertyNames().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> problems.add(unknown(trainer, name, names)));
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new TrainerParameters(trainer, values);
    }

    private static Problem unknown(Trainer trainer, String name, List<String> names) {
        String hint =
                OTHER_NAMES.getOrDefault(name, List.of()).stream()
                        .filter(names::contains)
                        .findFirst()
                        .map(other -> "Did you mean " + other + "?")
                        .orElseGet(() -> DidYouMean.hint(name, names));
        return Problem.input(
                        "train.parameter", name + ": no parameter of the trainer " + trainer.text())
                .hint(hint);
    }

    /** A whole number. */
    public int whole(String name) {
        return values.required(name).intValue();
    }

    /** A number. */
    public double real(String name) {
        return values.required(name).doubleValue();
    }

    /** How many threads the fit uses; a parameter because it may decide the last bits. */
    public int threads() {
        return whole("nthread");
    }

    /**
     * Whether chance has a part in the fit: whether another seed may give another model. It has
     * none where every row and every column is seen each time, and never in {@code linear}.
     */
    public boolean chance() {
        return SAMPLED.stream().anyMatch(name -> values.path(name).doubleValue(1) < 1);
    }

    /** Whether rows weigh as much as their class is rare. */
    public boolean balanced() {
        return values.path("class_weight").stringValue("none").equals("balanced");
    }

    /**
     * After how many rounds without progress on the validation part to stop; 0 for never, and for
     * trainers that do not.
     */
    public int patience() {
        return values.path("early_stopping_rounds").intValue(0);
    }
}
