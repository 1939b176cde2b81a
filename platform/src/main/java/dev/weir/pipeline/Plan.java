package dev.weir.pipeline;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * What a run would do.
 *
 * @param steps in the pipeline's order
 */
public record Plan(List<Planned> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }

    /** Whether a step would run. */
    public enum Expectation {
        /** Its result is known. */
        HIT,
        /** It would run. */
        MISS,
        /** What an earlier step gives decides. */
        DEPENDS;

        /** As JSON has it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One step.
     *
     * @param because sentences: which component of the key changed, or what it depends on
     */
    public record Planned(
            String step,
            String stage,
            Expectation expectation,
            @Nullable String key,
            List<String> because) {
        public Planned {
            because = List.copyOf(because);
        }
    }
}
