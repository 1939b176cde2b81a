package dev.weir.stage.train.parameter;

import static dev.weir.stage.train.parameter.ParameterRow.BIG;
import static dev.weir.stage.train.parameter.ParameterRow.TINY;
import static dev.weir.stage.train.parameter.ParameterRow.choice;
import static dev.weir.stage.train.parameter.ParameterRow.directions;
import static dev.weir.stage.train.parameter.ParameterRow.real;
import static dev.weir.stage.train.parameter.ParameterRow.whole;

import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The hyper-parameters of each trainer. Those of trees are XGBoost's, but {@code rounds} (trees, or
 * layers of {@code num_parallel_tree} trees), {@code trees} of a forest, {@code class_weight},
 * {@code monotone}, {@code early_stopping_rounds} with {@code validation_fraction}, and {@code
 * objective}, whose default depends on the task.
 */
final class ParameterTables {
    private static final int MOST_THREADS = 1024;

    private static final List<ParameterRow> XGBOOST =
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
                    choice("class_weight", "none", "balanced"),
                    directions("monotone"),
                    whole("early_stopping_rounds", 0, 100_000, 0),
                    real("validation_fraction", 0.01, 0.5, 0.1),
                    choice("objective", "reg:squarederror", "reg:absoluteerror"),
                    whole("seed", 0, Integer.MAX_VALUE, 7),
                    whole("nthread", 1, MOST_THREADS, 2));

    private static final List<ParameterRow> FOREST =
            List.of(
                    whole("trees", 1, 10_000, 200),
                    whole("max_depth", 0, 64, 12),
                    whole("max_leaves", 0, 1 << 20, 0),
                    real("min_child_weight", 0, BIG, 1),
                    real("gamma", 0, BIG, 0),
                    real("subsample", TINY, 1, 0.63),
                    real("colsample_bytree", TINY, 1, 1),
                    real("colsample_bynode", TINY, 1, 0.5),
                    real("lambda", 0, BIG, 0.1),
                    whole("max_bin", 2, 65_536, 256),
                    real("scale_pos_weight", TINY, BIG, 1),
                    choice("class_weight", "none", "balanced"),
                    directions("monotone"),
                    choice("objective", "reg:squarederror", "reg:absoluteerror"),
                    whole("seed", 0, Integer.MAX_VALUE, 7),
                    whole("nthread", 1, MOST_THREADS, 2));

    private static final List<ParameterRow> LINEAR =
            List.of(
                    real("l2", 0, BIG, 1),
                    whole("max_iterations", 1, 100_000, 300),
                    real("tolerance", 0, 1, 1e-4),
                    choice("class_weight", "none", "balanced"),
                    whole("early_stopping_rounds", 0, 100_000, 0),
                    real("validation_fraction", 0.01, 0.5, 0.1),
                    whole("ngrams", 1, 3, 2),
                    whole("min_rows_of_word", 1, 1_000_000, 2),
                    whole("max_words", 1, 1_000_000, 20_000),
                    whole("seed", 0, Integer.MAX_VALUE, 7),
                    whole("nthread", 1, MOST_THREADS, 2));

    private ParameterTables() {}

    static List<ParameterRow> of(Trainer trainer) {
        return switch (trainer) {
            case XGBOOST -> XGBOOST;
            case FOREST -> FOREST;
            case LINEAR -> LINEAR;
        };
    }

    /** What is minimised, by task; where the task is not known, what any task allows. */
    static ParameterRow objective(@Nullable Task task) {
        String binary = "binary:logistic";
        String many = "multi:softprob";
        String squared = "reg:squarederror";
        String absolute = "reg:absoluteerror";
        return switch (task) {
            case BINARY -> choice("objective", binary);
            case MULTICLASS -> choice("objective", many);
            case REGRESSION -> choice("objective", squared, absolute);
            case null -> choice("objective", squared, absolute, binary, many);
        };
    }
}
