package dev.weir.stage.train;

import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Task;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Parameters in the words of the library. */
final class XgboostSettings {
    private static final Set<String> OURS =
            Set.of(
                    "rounds",
                    "trees",
                    "class_weight",
                    "monotone",
                    "early_stopping_rounds",
                    "validation_fraction");

    private XgboostSettings() {}

    /**
     * The settings.
     *
     * @throws ProblemException (INPUT) for a direction of what is no number among the features
     */
    static Map<String, Object> of(TrainerParameters parameters, Signature signature) {
        Map<String, Object> settings = new HashMap<>();
        parameters
                .values()
                .forEachEntry(
                        (name, value) -> {
                            if (!OURS.contains(name)) {
                                settings.put(name, value.asString());
                            }
                        });
        settings.put("booster", "gbtree");
        settings.put("tree_method", "hist");
        settings.put("verbosity", "0");
        if (parameters.trainer() == Trainer.FOREST) {
            settings.put("num_parallel_tree", String.valueOf(parameters.whole("trees")));
            settings.put("eta", "1");
        }
        if (signature.task() == Task.MULTICLASS) {
            settings.put("num_class", String.valueOf(signature.width()));
        }
        if (signature.task() != Task.BINARY) {
            settings.remove("scale_pos_weight");
        }
        JsonNode monotone = parameters.values().path("monotone");
        if (!monotone.isEmpty()) {
            settings.put("monotone_constraints", directions(monotone, signature));
        }
        return settings;
    }

    private static String directions(JsonNode monotone, Signature signature) {
        List<Integer> directions = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        for (Input input : signature.inputs()) {
            boolean number = input instanceof Input.Number;
            if (number) {
                numbers.add(input.name());
            }
            for (int part = 0; part < input.width(); part++) {
                directions.add(number ? monotone.path(input.name()).intValue(0) : 0);
            }
        }
        List<Problem> problems =
                monotone.propertyNames().stream()
                        .filter(name -> !numbers.contains(name))
                        .map(
                                name ->
                                        Problem.input(
                                                        "train.parameter",
                                                        "monotone: "
                                                                + name
                                                                + " is no number among the"
                                                                + " features")
                                                .hint(DidYouMean.hint(name, numbers)))
                        .toList();
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return directions.stream().map(String::valueOf).collect(Collectors.joining(",", "(", ")"));
    }
}
