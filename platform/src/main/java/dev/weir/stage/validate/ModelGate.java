package dev.weir.stage.validate;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Evidence;
import dev.weir.ml.gate.Rule;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One key of a {@code validate:} section: what has to be measured for it, and the rules over what
 * was measured.
 */
public interface ModelGate {
    /** What a step of a gate can take; the name of its input is the constant's. */
    enum Taken {
        /** The candidate: a model's folder. */
        MODEL,
        /** The held-out rows: a Parquet file. */
        ROWS,
        /** What the candidate says of the rows. */
        PREDICTIONS,
        /** The model in production; where there is none, the step is left out. */
        PRODUCTION,
        /** What the model in production says of the rows. */
        PRODUCTION_PREDICTIONS,
        /**
         * Which of the rows the model in production was not trained on; left out where it saw none
         * of them for sure, or where that is not known.
         */
        UNSEEN;

        /** The name of the input. */
        public String input() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A step.
     *
     * @param name of the step
     * @param takes what of the run it sees
     * @param files further inputs: paths in the project, by the name of the input
     * @param ofThisMachine whether another machine would measure something else
     */
    record Measuring(
            String name,
            StepKind kind,
            ObjectNode params,
            Set<Taken> takes,
            Map<String, ConfigNode> files,
            boolean ofThisMachine) {
        public Measuring {
            takes = Set.copyOf(takes);
            files = Map.copyOf(files);
        }

        static Measuring of(String name, StepKind kind, ObjectNode params, Taken... takes) {
            return new Measuring(name, kind, params, Set.of(takes), Map.of(), false);
        }

        Measuring with(String input, ConfigNode file) {
            return new Measuring(name, kind, params, takes, Map.of(input, file), ofThisMachine);
        }

        Measuring onThisMachine() {
            return new Measuring(name, kind, params, takes, files, true);
        }
    }

    /** The step that measures; a program of the team's own is compiled as its other steps are. */
    default Measuring measuring() {
        throw new IllegalStateException(step() + " (expected: a gate that Weir measures itself)");
    }

    /** The name of the step. */
    default String step() {
        return measuring().name();
    }

    /**
     * The rules.
     *
     * @param measured the step's evidence, on which it may depend what rules there are; an empty
     *     object where the step was left out
     */
    List<Rule> rules(JsonNode measured);

    /**
     * What was measured, as items by the names that the rules use.
     *
     * @param production the version in production, for people; empty where there is none
     */
    Map<String, Evidence.Item> items(JsonNode measured, String production);
}
