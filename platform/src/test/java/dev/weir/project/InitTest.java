package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.Wiring;
import dev.weir.base.problem.ProblemException;
import dev.weir.pipeline.Progress;
import dev.weir.pipeline.RunStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class InitTest {
    @TempDir Path above;

    private Init.Begun begin(InitOptions options) {
        Wiring services = new Wiring(above);
        return new Init(services::home, services.runtime()).begin(options);
    }

    private Path table(String text) throws IOException {
        return Files.writeString(above.resolve("table.csv"), text);
    }

    @Test
    void aTrialModelGivesThresholdsThatTheFirstRunPasses() throws IOException {
        Path table = table(TestProject.orders(600, 1));
        Init.Begun begun = begin(TestProject.options(above.resolve("shop"), table));
        assertThat(begun.model()).isEqualTo("shop");
        assertThat(begun.said()).anyMatch(s -> s.startsWith("a first model reaches roc_auc 0.8"));
        String pipeline = Files.readString(begun.folder().resolve("pipelines/shop.yaml"));
        assertThat(pipeline).containsPattern("roc_auc: \\{min: 0\\.[78]").contains("# ten times");
        assertThat(begun.folder().resolve(".git")).isDirectory();
        assertThat(begun.folder().resolve(".weir")).doesNotExist();
        Wiring services = new Wiring(begun.folder());
        Project project = Project.around(begun.folder());
        try (Home home = services.home(project)) {
            RunSummary first =
                    new Runs(home, services.runtime())
                            .run(project, null, RunOptions.MANUAL, Progress.SILENT);
            assertThat(first.report().status()).isEqualTo(RunStatus.PASSED);
            assertThat(TestProject.executed(first)).contains("train");
        }
    }

    @Test
    void writesWhatAPersonSaidIntoThePipeline() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            rows.append(
                    "%d;2024-01-%02d;%s;%d;%d\n"
                            .formatted(
                                    i,
                                    i / 10 % 28 + 1,
                                    i % 3 == 0 ? "?" : "b",
                                    i % 17,
                                    (i * 7 + i % 17) % 31));
        }
        Path table = table(rows.toString());
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        source.put("delimiter", ";").put("header", false);
        List.of("id", "day", "kind", "x", "amount").forEach(source.putArray("names")::add);
        List.of("", "?").forEach(source.putArray("null")::add);
        Init.Begun begun =
                begin(
                        new InitOptions(
                                above,
                                above.resolve("My Amounts"),
                                table.toString(),
                                "amount",
                                Optional.empty(),
                                List.of("x"),
                                Optional.of("day"),
                                List.of("id"),
                                source,
                                true));
        assertThat(begun.model()).isEqualTo("my-amounts");
        String pipeline = Files.readString(begun.folder().resolve("pipelines/my-amounts.yaml"));
        assertThat(pipeline)
                .contains("key: [id]")
                .contains("time: day")
                .contains("- x   # as you said")
                .contains("task: regression")
                .contains("file: data/table.csv");
        assertThat(begun.folder().resolve("data/table.csv")).hasSameBinaryContentAs(table);
    }

    @Test
    void aTableOfSentencesIsReadWordByWordByLinear() throws IOException {
        String[] openings = {"please tell me", "I want to know", "could you say", "why, oh why,"};
        String[] topics = {"about my card", "where the money is", "how to close the account"};
        String[] labels = {"card", "money", "close"};
        StringBuilder rows = new StringBuilder("text,topic\n");
        for (int i = 0; i < 900; i++) {
            int topic = i * 7 % 3;
            rows.append('"').append(openings[i * 13 % 4]).append(' ').append(topics[topic]);
            rows.append(", case ").append(i % 700).append("\",").append(labels[topic]);
            rows.append('\n');
        }
        Init.Begun begun =
                begin(withTarget(above.resolve("asked"), table(rows.toString()), "topic"));
        assertThat(begun.said())
                .anyMatch(s -> s.startsWith("text is text of") && s.endsWith("word by word"))
                .anyMatch(s -> s.startsWith("the trainer is linear"))
                .anyMatch(s -> s.endsWith("topic is a multiclass (3 classes) target"))
                .anyMatch(s -> s.startsWith("a first model reaches accuracy 1.0000"));
        assertThat(begun.folder().resolve("pipelines/asked.yaml"))
                .content()
                .contains("trainer: linear")
                .contains("text: [text]")
                .contains("task: multiclass")
                .contains("accuracy: {min: 0.97, not_worse_than: production, tolerance: 0.01}");
        assertThat(begun.folder().resolve("configs/training/asked.yaml")).content().contains("l2:");
    }

    @Test
    void aTableThatCannotBeLearntFromLeavesNothingBehind() throws IOException {
        Path table = table("a,y\n1,no\n2,no\n3,no\n");
        Path folder = above.resolve("nothing");
        assertThatThrownBy(() -> begin(withTarget(folder, table, "y")))
                .isInstanceOf(ProblemException.class);
        assertThat(folder).doesNotExist();
        assertThatThrownBy(() -> begin(withTarget(folder, table, "z")))
                .hasMessageContaining("--target z: the table has no such column");
        assertThat(folder).doesNotExist();
    }

    @Test
    void aTrialThatFailsLeavesNothingBehind() throws IOException {
        Path table = table("a,y\n" + "1,no\n2,yes\n2,no\n3,yes\n".repeat(4));
        Path folder = above.resolve("few");
        assertThatThrownBy(() -> begin(withTarget(folder, table, "y")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("rows");
        assertThat(folder).doesNotExist();
    }

    @Test
    void neverWritesIntoAFolderThatHasSomething() throws IOException {
        Path table = table(TestProject.orders(100, 1));
        Path folder = Files.createDirectories(above.resolve("mine"));
        Files.writeString(folder.resolve("thesis.txt"), "precious");
        assertThatThrownBy(() -> begin(TestProject.options(folder, table)))
                .hasMessageContaining("is there already");
        assertThat(folder.resolve("thesis.txt")).hasContent("precious");
    }

    @Test
    void expectationsHoldForTheTableAndForTheRowsToJudgeOn() throws IOException {
        Path table = table(TestProject.orders(600, 1));
        String few = TestProject.orders(120, 2);
        Path holdout = Files.writeString(above.resolve("later.csv"), few);
        Path folder = above.resolve("both");
        Init.Begun begun = begin(withHoldout(folder, table, holdout));
        assertThat(begun.said()).anyMatch(s -> s.startsWith("a first model reaches roc_auc"));
        assertThat(folder.resolve("expectations/both.yaml"))
                .content()
                .contains("row_count: {min: 60}");
        Wiring services = new Wiring(folder);
        Project project = Project.around(folder);
        try (Home home = services.home(project)) {
            RunSummary first =
                    new Runs(home, services.runtime())
                            .run(project, null, RunOptions.MANUAL, Progress.SILENT);
            assertThat(first.training().orElseThrow().at("/rows/held_out").intValue())
                    .isEqualTo(120);
        }
    }

    @Test
    void labelsThatTheTableDoesNotHaveAreRefused() throws IOException {
        Path table = table("a,y\n" + "1,no\n2,yes\n2,no\n3,yes\n".repeat(90));
        Path holdout =
                Files.writeString(
                        above.resolve("other.csv"), "a,y\n" + "1,no.\n2,yes.\n".repeat(90));
        Path folder = above.resolve("dots");
        InitOptions options = withTarget(folder, table, "y");
        assertThatThrownBy(() -> begin(withHoldout(options, holdout)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("y has the values")
                .hasMessageContaining("no., yes.")
                .hasMessageContaining("(expected: no, yes, as in the table)");
        assertThat(folder).doesNotExist();
    }

    private static InitOptions withHoldout(Path folder, Path table, Path holdout) {
        return withHoldout(TestProject.options(folder, table), holdout);
    }

    private static InitOptions withHoldout(InitOptions plain, Path holdout) {
        return new InitOptions(
                plain.here(),
                plain.folder(),
                plain.data(),
                plain.target(),
                Optional.of(holdout.toString()),
                plain.exclude(),
                plain.time(),
                plain.key(),
                plain.source(),
                plain.copy());
    }

    private static InitOptions withTarget(Path folder, Path table, String target) {
        InitOptions plain = TestProject.options(folder, table);
        return new InitOptions(
                plain.here(),
                plain.folder(),
                plain.data(),
                target,
                plain.holdout(),
                plain.exclude(),
                plain.time(),
                plain.key(),
                plain.source(),
                plain.copy());
    }
}
