package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

class RunGraphTest {
    private static final int RUNGS = 60;

    private static Step step(String name, Set<String> after) {
        return Step.named(name, "ingest", new CommandKind(List.of("true"))).after(after);
    }

    /** Sixty diamonds in a row have 2^60 ways through them, and 181 nodes. */
    @Test
    @Timeout(30)
    void takesBackALadderOfDiamondsWithoutGoingEveryWay() {
        List<Step> steps = new ArrayList<>(List.of(step("top0", Set.of())));
        for (int i = 0; i < RUNGS; i++) {
            String above = "top" + i;
            steps.add(step("left" + i, Set.of(above)));
            steps.add(step("right" + i, Set.of(above)));
            steps.add(step("top" + (i + 1), Set.of("left" + i, "right" + i)));
        }
        RunGraph graph = new RunGraph(Pipeline.of("ladder", steps), Set.of());
        for (Slot slot = graph.nextFresh(); slot != null; slot = graph.nextFresh()) {
            graph.done(
                    slot,
                    new StepResult(
                            "key", new TreeMap<>(), JsonNodeFactory.instance.objectNode(), "run"));
        }
        assertThat(graph.notStarted()).isEmpty();
        graph.withdraw(graph.slot("top0"));
        assertThat(graph.notStarted()).hasSize(3 * RUNGS + 1);
        assertThat(graph.readySteps()).containsExactly(graph.slot("top0"));
    }
}
