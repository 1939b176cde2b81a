package dev.weir.project;

import dev.weir.pipeline.Input;
import dev.weir.pipeline.Step;
import dev.weir.stage.train.parameter.Trainer;
import dev.weir.stage.train.parameter.TrainerParameters;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The same training with further seeds, and what each model is worth on the held-out rows: the
 * steps of {@code validate.seeds}, and those that a reproduction takes the spread from. The model's
 * own seed is the first; the others are the numbers behind it. There are none where chance has no
 * part in the training.
 *
 * @param seeds in all, the model's own too; 0 or 1 for none more
 * @param rows the held-out rows
 */
record SeedSteps(Compiler compiler, int seeds, Input rows) {
    private static final String SEED = "seed";
    private static final String NAME = Names.GATE_STEP + "seed-";
    private static final String SCORE = "-score";

    /** Whether a step of this name trains with another seed. */
    static boolean trains(String name) {
        return name.startsWith(NAME) && !name.endsWith(SCORE);
    }

    /** The names of the steps that score, in the order of the seeds. */
    List<String> scores() {
        return others().stream().map(SeedSteps::score).toList();
    }

    /** The names of the steps that train, in the order of the seeds. */
    List<String> others() {
        return chance()
                ? IntStream.rangeClosed(2, seeds).mapToObj(number -> NAME + number).toList()
                : List.of();
    }

    private static String score(String name) {
        return name + SCORE;
    }

    /** Whether another seed may give another model. */
    boolean chance() {
        ObjectNode params = compiler.config();
        return Trainer.named(params.path("trainer").asString(""))
                .map(
                        trainer ->
                                new TrainerParameters(
                                                trainer, (ObjectNode) params.required("config"))
                                        .chance())
                .orElseGet(() -> params.path("config").has(SEED));
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        Step training = compiler.train();
        int more = 1;
        for (String name : others()) {
            ObjectNode params = training.params().deepCopy();
            ObjectNode config = (ObjectNode) params.required("config");
            config.put(SEED, config.path(SEED).intValue() + more++);
            steps.add(training.as(name, "validate").params(params));
            steps.add(
                    compiler.score(
                            score(name), new Input.FromStep(name, "model", "in/model"), rows));
        }
        return steps;
    }
}
