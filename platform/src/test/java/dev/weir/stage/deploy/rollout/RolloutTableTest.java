package dev.weir.stage.deploy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.ProblemException;
import dev.weir.stage.deploy.rollout.plan.Bounds;
import dev.weir.stage.deploy.rollout.plan.Plan;
import dev.weir.stage.deploy.rollout.plan.Step;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class RolloutTableTest {
    @Test
    void theDiagramInTheDocsIsTheTable() throws IOException {
        Path file = repository().resolve("docs").resolve("lifecycle-rollout.md");
        String drawn =
                """
                # The lifecycle of a rollout

                Drawn from `RolloutTable` by a test. What is not in the picture is refused, with words. Which of several states follows is
                the plan's affair: after a step that passed comes the next one. [rollout.md](rollout.md) tells what decides.

                ```mermaid
                %s```

                - **requested**: a promotion to production of a model whose endpoint answers already has all that it needs, approvals included.
                - **step passed**, **step failed**, **not enough evidence**: what the checks of a step say. The last stays where it is, and says
                  what it waits for; so does **traffic stopped**.
                - **paused**: who answers what stays as it is; a check that fails still takes all traffic back.
                - **driven by another process**: the server that drove it is gone, and another carries on where it stood.
                - **promoted**: primary, alias and stage have moved, in one transaction. **promotion refused**: they could not, since the
                  version, its verdicts or production have changed meanwhile.
                - In **aborted**, **rolled back** and **failed** all traffic is on the version that was there before.
                """
                        .formatted(RolloutTable.diagram());
        boolean same = Files.exists(file) && Files.readString(file).equals(drawn);
        if (!same) {
            Files.writeString(file, drawn);
        }
        assertThat(same)
                .as("%s was out of date and is written anew: look at it and commit it", file)
                .isTrue();
    }

    private static Path repository() {
        return Optional.of(Path.of("").toAbsolutePath())
                .map(p -> Files.exists(p.resolve(".ci")) ? p : p.getParent())
                .orElseThrow();
    }

    @Test
    void everyStateTakesItsEventsAndRefusesTheOthersWithWords() {
        Set<RolloutTable.Transition> rows = new HashSet<>(RolloutTable.TRANSITIONS);
        assertThat(rows).hasSameSizeAs(RolloutTable.TRANSITIONS);
        Plan plan =
                new Plan(
                        List.of(new Step.Shadow(Duration.ofMinutes(1), 10, 0.1)),
                        Bounds.NONE,
                        false);
        Rollout beginning = SimulatedCanary.beginning(plan, Instant.EPOCH);
        for (RolloutState from : RolloutState.values()) {
            Rollout rollout = beginning.turned(from, null, Instant.EPOCH);
            for (RolloutEvent event : RolloutEvent.values()) {
                if (rows.stream().anyMatch(r -> r.from() == from && r.event() == event)) {
                    RolloutTable.check(rollout, event);
                } else {
                    assertThatThrownBy(() -> RolloutTable.check(rollout, event))
                            .isInstanceOf(ProblemException.class)
                            .hasMessageContaining(from.words())
                            .hasMessageContaining("cannot be " + event.words());
                }
            }
            assertThat(rows.stream().noneMatch(r -> r.from() == from))
                    .as("nothing follows %s", from)
                    .isEqualTo(from.ended());
        }
    }
}
