package dev.weir.pipeline;

import dev.weir.base.problem.Problem;

import java.util.List;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param steps in the pipeline's order
 * @param results of the steps that are done
 * @param problems why it failed, was rejected or cancelled; empty when it passed
 */
public record RunReport(
        String runId,
        String pipeline,
        RunStatus status,
        List<StepReport> steps,
        Map<String, StepResult> results,
        List<Problem> problems) {
    public RunReport {
        steps = List.copyOf(steps);
        results = Map.copyOf(results);
        problems = List.copyOf(problems);
    }

    /**
     * The result of a step.
     *
     * @throws IllegalArgumentException for one that is not done
     */
    public StepResult result(String step) {
        StepResult result = results.get(step);
        if (result == null) {
            throw new IllegalArgumentException(
                    "step: " + step + " (expected: one of " + results.keySet() + ")");
        }
        return result;
    }
}
