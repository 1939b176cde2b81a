package dev.weir.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.problem.Kind;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class StageTableTest {
    @Test
    void theDiagramInTheDocsIsTheTable() throws IOException {
        Path file = repository().resolve("docs").resolve("lifecycle-version.md");
        String drawn =
                """
                # The lifecycle of a model version

                Drawn from `StageTable` by a test. What is not in the picture is refused, with words. The aliases `staging` and
                `production` move with the stages, in the same transaction: a version that leaves a stage loses its alias.

                ```mermaid
                %s```

                - **validated**, **rejected**: all gates let it pass, or one did not. What is in production stays there: people and
                  monitors decide over it.
                - **promoted**, **superseded**: a version takes the place of another in production.
                - **rolled back**, **restored**: a version is taken back, and the one before it returns.
                - **retired**: somebody puts it out of use.
                - **staged**, **released**, **withdrawn**: somebody moves a version that has no gates, since an MLflow client
                  registered it and not a pipeline.
                """
                        .formatted(StageTable.diagram());
        boolean same = Files.exists(file) && Files.readString(file).equals(drawn);
        if (!same) {
            Files.createDirectories(file.getParent());
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
    void eachStateAndEventHasOneNextStateOrIsRefused() {
        Set<List<Object>> seen = new HashSet<>();
        for (StageTable.Transition row : StageTable.TRANSITIONS) {
            assertThat(seen.add(List.of(row.from(), row.event()))).as("%s", row).isTrue();
        }
        VersionRef version = VersionRef.of("income", 1);
        for (Stage stage : Stage.values()) {
            for (StageEvent event : StageEvent.values()) {
                if (seen.contains(List.<Object>of(stage, event))) {
                    assertThat(StageTable.next(version, stage, event)).isNotNull();
                } else {
                    RegistryTest.refused(
                            () -> StageTable.next(version, stage, event),
                            Kind.REFUSED,
                            "cannot be " + event.words(),
                            null);
                }
            }
        }
    }
}
