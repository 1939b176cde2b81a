package dev.weir.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.matrix.ColumnData;
import dev.weir.ml.data.matrix.ColumnFiles;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Verdict;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class UnseenRowsTest {
    private static final String PIPELINE = "pipelines/orders.yaml";

    @TempDir Path above;
    private TestProject shop;

    @BeforeEach
    void begin() throws IOException {
        shop = new TestProject(above);
        shop.edit("configs/training/orders.yaml", "rounds: 200", "rounds: 20");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private List<String> heldOut(RunSummary summary) {
        Path file =
                shop.home
                        .blobs()
                        .localPath(summary.report().result(Names.TRAIN).output("holdout").digest())
                        .orElseThrow();
        List<String> rows = new ArrayList<>();
        List<ColumnData.Texts> columns =
                new ColumnFiles(new DuckDb(above, 1))
                        .texts(file, List.of("price", "days", "colour", "returned"));
        for (int row = 0; row < columns.getFirst().values().length; row++) {
            StringBuilder line = new StringBuilder();
            for (ColumnData.Texts column : columns) {
                line.append(column.values()[row]).append('|');
            }
            rows.add(line.toString());
        }
        return rows;
    }

    private static JsonNode compared(RunSummary summary) {
        return summary.report().result("validate-compare").evidence();
    }

    private static Ruling notWorse(RunSummary summary) {
        return summary.rulings().stream()
                .filter(r -> r.gate().equals("validate.roc_auc.not_worse_than"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onlyRowsThatNeitherTrainedOnAreCompared() throws IOException {
        RunSummary first = shop.run();
        shop.promote(first.version().orElseThrow());
        RunSummary same = shop.run();
        assertThat(compared(same).has("seen")).isFalse();
        assertThat(compared(same).path("rows").intValue()).isEqualTo(heldOut(first).size());

        // Another split holds rows out that production was trained on.
        shop.edit(PIPELINE, "fraction: 0.2", "fraction: 0.5");
        RunSummary wider = shop.run();
        Set<String> unseen = new HashSet<>(heldOut(first)); // all that production did not train on
        long left = heldOut(wider).stream().filter(unseen::contains).count();
        assertThat(left).isBetween(80L, 160L);
        assertThat(compared(wider).path("rows").longValue()).isEqualTo(left);
        assertThat(compared(wider).path("seen").longValue())
                .isEqualTo(heldOut(wider).size() - left);
        assertThat(notWorse(wider).expected()).contains("rows that it was trained on");

        // And so do more rows, of which none was seen.
        shop.edit(PIPELINE, "fraction: 0.5", "fraction: 0.2");
        Files.writeString(above.resolve("orders.csv"), TestProject.orders(900, 1));
        RunSummary more = shop.run();
        assertThat(compared(more).has("seen")).isFalse(); // by the hash of a row, the same side
    }

    @Test
    void whereTooFewAreLeftTheComparisonIsSkippedAndSaysSo() throws IOException {
        shop.promote(shop.run().version().orElseThrow());
        Files.copy(above.resolve("orders.csv"), above.resolve("orders/held.csv"));
        shop.edit(PIPELINE, "holdout: {fraction: 0.2}", "holdout: {file: held.csv}");
        Files.writeString(above.resolve("orders.csv"), TestProject.orders(600, 2));
        String rows = Files.readString(above.resolve("orders/held.csv"));
        List<String> lines = rows.lines().toList();
        Files.writeString(
                above.resolve("orders/held.csv"),
                String.join("\n", lines.subList(0, 40)) + "\n"); // most of them trained production
        RunSummary summary = shop.run();
        assertThat(notWorse(summary).verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(notWorse(summary).reason())
                .containsPattern("production was trained on \\d+ of the held-out rows")
                .contains("too few");
    }
}
