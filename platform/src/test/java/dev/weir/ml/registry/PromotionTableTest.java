package dev.weir.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class PromotionTableTest {
    @Test
    void theDiagramInTheDocsIsTheTable() throws IOException {
        Path file = repository().resolve("docs").resolve("lifecycle-promotion.md");
        String drawn =
                """
                # The lifecycle of a promotion

                Drawn from `PromotionTable` by a test. What is not in the picture is refused, with words. What a promotion needs, and
                who may say yes, is on [the page of promotions](promotion.md).

                ```mermaid
                %s```

                - **approved**: the last yes that it needs was said, by another person than the one who asked.
                - **rejected**: somebody who may approve it said no, or who asked took it back.
                - **changed**: the version, its verdicts, its stage or what is in production is another than when it was asked for.
                  An approval counts for what was there, and for nothing else: ask again.
                - **started**: the model has an endpoint, and a rollout moves its traffic. The version stays in staging.
                - **finished**: the version is in its stage, with the alias, in one transaction.
                - **failed**: the rollout was aborted, or the gates, the policy or the stages of the moment refused the move.
                """
                        .formatted(PromotionTable.diagram());
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
    void whatIsOverIsOverAndEachStateAndEventHasOneNextState() {
        Set<List<Object>> seen = new HashSet<>();
        for (PromotionTable.Transition row : PromotionTable.TRANSITIONS) {
            assertThat(seen.add(List.of(row.from(), row.event()))).as("%s", row).isTrue();
            assertThat(row.from().open()).as("%s", row).isTrue();
        }
        for (PromotionState state : PromotionState.values()) {
            assertThat(seen.stream().anyMatch(pair -> pair.getFirst() == state))
                    .as("%s has a way out", state)
                    .isEqualTo(state.open());
        }
    }
}
